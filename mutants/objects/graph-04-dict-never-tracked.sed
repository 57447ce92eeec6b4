# clause: GRAPH-04
# file: dict.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A dict is not tracked when something is put into it.
# Found as GRAPH-16, because the collectors are compared after each statement.
/^static bool add(/,/^}/{/pp_dict_track(/d;}
