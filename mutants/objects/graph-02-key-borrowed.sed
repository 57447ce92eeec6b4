# clause: GRAPH-02
# file: set.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A set keeps a key without a reference to it.
# Found as GRAPH-01, because the count is looked at after each statement.
/^bool pp_set_add(/,/^}/{/pp_incref(interpreter, key);/d;}
