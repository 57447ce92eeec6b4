# clause: POOL-11
# file: pool.c
# profiles: all
# An empty pool that is begun for another class keeps the free list of the old
# one.
/^void \*pp_pool_begin(/,/^}/{/^  pool->freeblock = NULL;$/d;}
