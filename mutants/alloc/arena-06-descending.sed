# clause: ARENA-06
# file: arena.c
# profiles: all
# An arena that gains a pool is sorted into usable_arenas by descending
# nfreepools.
/^static void arena_reorder(/,/^}/c\
static void arena_reorder(struct pp_heap *heap, struct pp_arena *arena,\
                          struct pp_arena *last_of_former) {\
  struct pp_arena *left = NULL;\
  (void)last_of_former;\
  (void)last_with_fewer;\
  if (heap->nfp2lasta[arena->nfreepools] == NULL) {\
    heap->nfp2lasta[arena->nfreepools] = arena;\
  }\
  if (arena->nfreepools > 1) list_remove(heap, arena);\
  for (struct pp_arena *next = heap->usable_arenas;\
       next != NULL && next->nfreepools > arena->nfreepools;\
       next = next->nextarena) {\
    left = next;\
  }\
  list_insert_after(heap, left, arena);\
}
