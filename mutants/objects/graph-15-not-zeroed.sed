# clause: GRAPH-15
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The array of a new list is asked for without zeros.
/^struct pp_object \*pp_list_new(/,/^}/s/pp_family_calloc(pp_mem(interpreter), length, PP_WORD_SIZE)/pp_family_malloc(pp_mem(interpreter), length * PP_WORD_SIZE)/
