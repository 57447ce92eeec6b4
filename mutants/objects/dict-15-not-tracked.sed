# clause: DICT-15
# file: dict.c
# profiles: all
# A dict is not tracked, whatever is in it.
s/^  pp_gc_track(interpreter, dict);$//
