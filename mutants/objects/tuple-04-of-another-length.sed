# clause: TUPLE-04
# file: tuple.c
# profiles: all
# A dead tuple goes to the list of those with an item less.
s/pp_free_list_put(interpreter, PP_FREE_TUPLE, length, tuple)/pp_free_list_put(interpreter, PP_FREE_TUPLE, length - 1, tuple)/
