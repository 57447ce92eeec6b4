# clause: ARRAY-05
# file: array.c
# profiles: 3.10 3.11 3.12 3.13
# An array is never tracked.
s/^  if (collected) pp_gc_track(interpreter, array);$//
