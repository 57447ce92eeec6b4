# clause: GC-13
# file: collection.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What need not be tracked stays so.
/^    if (tally.references == 0) pp_gc_untrack(interpreter, object);$/d
