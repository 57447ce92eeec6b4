# clause: POOL-11
# file: pool.c
# profiles: all
# An empty pool that is begun for another class goes on carving where it was.
s/^  pool->nextoffset = PP_POOL_HEADER + block_size;$/  if (pool->nextoffset <= PP_POOL_HEADER) &/
