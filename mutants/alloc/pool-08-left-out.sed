# clause: POOL-08
# file: pool.c
# profiles: all
# A full pool that gets a block back stays out of its ring.
/^    ring_insert(heap, pool);$/d
