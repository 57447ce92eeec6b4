# clause: POOL-07
# file: pool.c
# profiles: all
# A pool that becomes full stays in its ring.
/^void \*pp_pool_take(/,/^}/{/^  ring_remove(heap, pool);$/d;}
