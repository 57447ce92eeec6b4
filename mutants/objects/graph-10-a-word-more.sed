# clause: GRAPH-10
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The array of a list is asked for with a word more.
# Found as GRAPH-15, because the next request is another one.
/^bool pp_list_resize(/,/^}/s/items, room \* PP_WORD_SIZE)/items, (room + 1) * PP_WORD_SIZE)/
