# clause: LIST-13
# file: list.c
# profiles: all
# A new list is not tracked.
/^  pp_gc_track(interpreter, list);$/d
