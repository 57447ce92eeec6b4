# clause: ARRAY-07
# file: array.c
# profiles: all
# A new array has room for an item, and no buffer.
/^struct pp_object \*pp_array_new/,/^}/s/set_buffer(interpreter, array, NULL, 0, 0);/set_buffer(interpreter, array, NULL, 0, 1);/
