# clause: LIST-05
# file: list.c
# profiles: all
# A list made of items has room for one more.
s/pp_family_calloc(pp_mem(interpreter), length, PP_WORD_SIZE);/pp_family_calloc(pp_mem(interpreter), length + 1, PP_WORD_SIZE);/
s/set_array(interpreter, list, array, length, length);/set_array(interpreter, list, array, length, length + 1);/
