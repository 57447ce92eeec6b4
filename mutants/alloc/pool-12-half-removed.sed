# clause: POOL-12
# file: pool.c
# profiles: all
# A pool that leaves a ring stays known to its right neighbour.
/^  pool->nextpool->prevpool = pool->prevpool;$/d
