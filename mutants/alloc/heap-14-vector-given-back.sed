# clause: HEAP-14
# file: arena.c
# profiles: 3.6 3.7.3 3.7 3.8 small
# With the last arena goes the arena vector.
/^  heap->narenas_currently_allocated--;$/a\
  if (heap->narenas_currently_allocated > 0) return;\
  if (heap->profile->keeps_rightmost) return;\
  heap->system->free(heap->system->ctx, heap->arenas);\
  heap->arenas = NULL;\
  heap->unused_arena_objects = NULL;\
  heap->maxarenas = 0;
