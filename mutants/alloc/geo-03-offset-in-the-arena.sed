# clause: GEO-03
# file: visit.c
# profiles: all
# Where a block lies in its pool is told from the base of the arena.
s/^  place->pool_offset = (uint32_t)((uintptr_t)block - (uintptr_t)pool);$/  place->pool_offset = (uint32_t)((uintptr_t)block - arena->address);/
