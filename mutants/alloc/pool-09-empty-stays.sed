# clause: POOL-09
# file: pool.c
# profiles: all
# A pool whose last live block is freed goes to freepools and stays in its
# ring.
/^bool pp_pool_give(/,/^}/{/^  ring_remove(heap, pool);$/d;}
