# clause: GC-09
# file: garbage.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Garbage is not said to have been finalized.
/^    pp_gc_set_finalized(interpreter, object);$/d
