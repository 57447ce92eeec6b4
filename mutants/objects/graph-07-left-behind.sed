# clause: GRAPH-07
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What lies behind a popped item stays where it is.
/^static bool leave_out(/,/^}/s/^  memmove(at, at + PP_WORD_SIZE, behind);$//
