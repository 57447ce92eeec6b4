# clause: INTERN-05
# file: str.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.13
# A str that dies stays in the table.
/^static void dealloc(/,/^}/s/^    pp_interned_remove(interpreter, object);$/    (void)object;/
