# clause: GRAPH-05
# file: garbage.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A collection does not look whether a finalizer ran.
/^void pp_garbage_finalize(/,/^}/s/if (pp_gc_is_finalized(interpreter, object)) continue;//
