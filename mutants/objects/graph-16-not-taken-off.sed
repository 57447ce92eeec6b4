# clause: GRAPH-16
# file: gc.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The count of the youngest generation does not go down.
# Found as GC-05, because that is asserted where it happens.
/^void pp_gc_freed(/,/^}/s/count\[0\]--/count[0] += 0/
