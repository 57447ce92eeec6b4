# clause: GRAPH-11
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The array of a list that dies is not given back.
# Found as GRAPH-15, because the next request is another one.
/^static void drop(/,/^}/{/pp_family_free(/d;}
