# clause: INTERN-01
# file: interned.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What enters the table does not say so.
/^static struct pp_object \*intern(/,/^}/s/^  pp_str_set_interned(interpreter, string, state_for(interpreter, string));$/  (void)state_for;/
