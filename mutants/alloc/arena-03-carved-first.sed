# clause: ARENA-03
# file: arena.c
# profiles: all
# While an arena has pools that were never carved, they go before freepools.
s/^  if (pool == NULL) {$/\
  size_t pool_size = pp_pool_size(heap->profile);\
  uintptr_t end = arena->address + pp_arena_size(heap->profile);\
  if (arena->pool_address + pool_size <= end) {/
