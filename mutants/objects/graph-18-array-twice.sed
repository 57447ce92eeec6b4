# clause: GRAPH-18
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The array of a list that dies is given back twice.
/^static void drop(/,/^}/s/^  pp_family_free(pp_mem(interpreter), items);$/&\
&/
