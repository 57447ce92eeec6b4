# clause: BLOCK-03
# file: pool.c
# profiles: all
# A pool carves one block more than it has room for.
s/^  if (pool->nextoffset <= pool->maxnextoffset) {$/  if (pool->nextoffset <= pp_pool_size(heap->profile)) {/
