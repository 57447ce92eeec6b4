# clause: ARENA-03
# file: arena.c
# profiles: all
# While an arena has pools that were never carved, they go before freepools.
s/^      front == NULL ? pool_carve(heap, arena) : freepools_pop(heap, arena);$/\
      arena->pool_address + pp_pool_size(heap->profile) <=\
              arena->address + pp_arena_size(heap->profile)\
          ? pool_carve(heap, arena)\
          : freepools_pop(heap, arena);/
