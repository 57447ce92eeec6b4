# clause: ARENA-15
# file: arena.c
# profiles: all
# The slot that was vacated first is used first.
/^static void slot_give(/,/^}/{
  s/^  arena->nextarena = heap->unused_arena_objects;$/  struct pp_arena **link = \&heap->unused_arena_objects;\
  while (*link != NULL) link = \&(*link)->nextarena;\
  arena->nextarena = NULL;/
  s/^  heap->unused_arena_objects = arena;$/  *link = arena;/
}
