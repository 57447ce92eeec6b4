# clause: HEAP-11
# file: arena.c
# profiles: 3.9 3.10 3.11 3.12 3.13 tiny
# When no block is live, the last arena is released as well. The author of
# this heap thinks that it should be, and asserts it.
s/^  return arena->nextarena != NULL;$/  return arena->nextarena != NULL || heap->live_blocks == 0;/
s/^    PP_ENSURE(heap->witness, ARENA_12, arena->nextarena != NULL);$/\
    if (heap->live_blocks > 0)\
      PP_ENSURE(heap->witness, ARENA_12, arena->nextarena != NULL);/
