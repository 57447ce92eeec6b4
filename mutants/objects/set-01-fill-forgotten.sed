# clause: SET-01
# file: set.c
# profiles: all
# A key that is discarded is not counted among the filled.
/^bool pp_set_discard/,/^}/s/fill(interpreter, set),$/fill(interpreter, set) - 1,/
