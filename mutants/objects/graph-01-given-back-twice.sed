# clause: GRAPH-01
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The item that is replaced is given back twice.
/^bool pp_list_set_item(/,/^}/s/^  pp_decref(interpreter, former);$/&\
&/
