# clause: ARENA-04
# file: arena.c
# profiles: all
# Pools are carved from the end of the arena down.
s/^  struct pp_pool \*pool = (struct pp_pool \*)arena->pool_address;$/\
  uintptr_t first = pp_pool_ceiling(heap->profile, arena->address);\
  uintptr_t all = (uintptr_t)arena->ntotalpools << heap->profile->pool_bits;\
  uintptr_t last = first + all - pp_pool_size(heap->profile);\
  struct pp_pool *pool = (struct pp_pool *)(first + last - arena->pool_address);/
