# clause: ARENA-08
# file: arena.c
# profiles: all
# An arena that gets its first free pool enters usable_arenas at the end.
s/^    list_insert_after(heap, NULL, arena);$/\
    struct pp_arena *last = heap->usable_arenas;\
    while (last != NULL \&\& last->nextarena != NULL) last = last->nextarena;\
    list_insert_after(heap, last, arena);/
