# clause: POOL-12
# file: pool.c
# profiles: all
# A pool that enters a ring is not made known to its right neighbour.
/^  ring->nextpool->prevpool = pool;$/d
