# clause: INTERN-07
# file: interned.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Interning answers the str that it was given.
/^static struct pp_object \*intern(/,/^}/s/return instead(interpreter, string, known);/return known == NULL ? instead(interpreter, string, known) : string;/
