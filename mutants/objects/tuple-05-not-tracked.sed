# clause: TUPLE-05
# file: tuple.c
# profiles: all
# A new tuple is not tracked.
/^  pp_gc_track(interpreter, tuple);$/d
