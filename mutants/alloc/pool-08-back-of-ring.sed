# clause: POOL-08
# file: pool.c
# profiles: all
# A full pool that gets a block back goes to the back of its ring.
s/^    ring_insert(heap, pool);$/\
    struct pp_pool *ring = \&heap->usedpools[pool->szidx];\
    pool->nextpool = ring;\
    pool->prevpool = ring->prevpool;\
    ring->prevpool->nextpool = pool;\
    ring->prevpool = pool;/
