# clause: HEAP-13
# file: arena.c
# profiles: all
# An arena that is refused is asked for again at once.
# Found as HEAP-12, because a refused request that is made again is granted, and
# the block is seen elsewhere before the requests are counted.
/^static uintptr_t arena_obtain(/,/^}/s/^  if (base != NULL) heap->arenas_out++;$/  if (base == NULL)\
    base = source->alloc(source->ctx, pp_arena_size(heap->profile));\
&/
