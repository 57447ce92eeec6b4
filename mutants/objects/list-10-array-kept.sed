# clause: LIST-10
# file: list_slice.c
# profiles: all
# A list that loses all its items to a slice keeps an array.
s/^    pp_list_clear(interpreter, list);$/    pp_list_clear(interpreter, list);\n    if (!pp_list_make_room(interpreter, list, 1)) return false;\n    (void)pp_list_resize(interpreter, list, 0);/
