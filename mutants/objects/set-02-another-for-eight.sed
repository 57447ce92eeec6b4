# clause: SET-02
# file: set.c
# profiles: all
# A set that is cleared keeps its table.
/^static void drop/,/^}/s/^            PP_SET_SMALLEST);$/            PP_SET_SMALLEST \/ 2);/
