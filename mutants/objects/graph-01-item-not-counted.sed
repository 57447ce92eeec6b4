# clause: GRAPH-01
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A list does not count the item that is appended.
/^bool pp_list_append(/,/^}/s/pp_borrow(interpreter, item)/item/
