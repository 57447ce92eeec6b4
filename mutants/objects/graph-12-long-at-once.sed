# clause: GRAPH-12
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A list that cannot grow for an item is longer all the same.
# Found as GRAPH-02, because what is given back too early is gone at once.
/^bool pp_list_append(/,/^}/s/^    return false;$/    return set_array(interpreter, list, items, length, room), pp_decref(interpreter, item), false;/
