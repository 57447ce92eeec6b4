# clause: LIST-11
# file: list.c
# profiles: all
# A list that is cleared keeps its room, and not its array.
/^static void drop/,/^}/s/set_array(interpreter, list, NULL, 0, 0);/set_array(interpreter, list, NULL, 0, length);/
