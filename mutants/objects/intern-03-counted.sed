# clause: INTERN-03
# file: interned.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.13
# The table counts a reference.
/^static struct pp_object \*intern(/,/^}/s/^  pp_str_set_interned(/  pp_incref(interpreter, string);\n&/
