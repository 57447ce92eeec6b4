# clause: GC-15
# file: collection.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A full collection leaves the free lists.
/^    pp_free_lists_clear(interpreter);$/d
