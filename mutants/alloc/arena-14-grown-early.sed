# clause: ARENA-14
# file: arena.c
# profiles: all
# The arena vector grows when an eighth of its slots is used.
s/^  if (heap->unused_arena_objects == NULL) {$/  if (heap->unused_arena_objects == NULL ||\
      heap->narenas_currently_allocated * 8 >= heap->maxarenas) {/
