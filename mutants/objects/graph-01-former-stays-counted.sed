# clause: GRAPH-01
# file: dict.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The value that is replaced is not given back.
/^static void replace(/,/^}/s/^  pp_decref(interpreter, former);$/  (void)former;/
