# clause: GC-01
# file: gc.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# An object that becomes tracked is not counted among those that are.
/^void pp_gc_track(/,/^}/{/^  collector->tracked++;$/d}
