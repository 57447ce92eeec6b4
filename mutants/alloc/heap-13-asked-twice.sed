# clause: HEAP-13
# file: arena.c
# profiles: all
# An arena that is refused is asked for again at once.
/^static uintptr_t arena_obtain(/,/^}/s/^  if (base != NULL) heap->arenas_out++;$/  if (base == NULL)\
    base = source->alloc(source->ctx, pp_arena_size(heap->profile));\
&/
