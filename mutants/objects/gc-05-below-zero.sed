# clause: GC-05
# file: gc.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The count of the youngest goes below zero.
s/^  if (former > 0) collector->count\[0\]--;$/  collector->count[0]--;/
