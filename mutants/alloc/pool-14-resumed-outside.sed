# clause: POOL-14
# file: pool.c
# profiles: all
# An empty pool that goes on does not enter the ring of its class.
/^void \*pp_pool_resume(/,/^}/{/^  ring_insert(heap, pool);$/d;}
