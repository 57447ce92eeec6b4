# clause: ARENA-10
# file: arena.c
# profiles: 3.8 3.9 3.10 3.11 3.12 3.13 tiny small
# The first arena to have n free pools by gaining one is not entered into
# nfp2lasta[n].
/^static void arena_reorder(/,/^}/{/^    heap->nfp2lasta\[arena->nfreepools\] = arena;$/d;}
