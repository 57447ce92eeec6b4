# clause: POOL-01
# file: pool.c
# profiles: all
# The request that has a block carved is not counted.
/^  if (pool->nextoffset <= pool->maxnextoffset) {$/a\
    pool->count--;
