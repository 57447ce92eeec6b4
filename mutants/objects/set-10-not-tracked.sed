# clause: SET-10
# file: set.c
# profiles: all
# A new set is not tracked.
/^  pp_gc_track(interpreter, set);$/d
