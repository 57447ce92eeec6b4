# clause: POOL-06
# file: pool.c
# profiles: all
# When the free list runs out, the pool stays in its ring and nothing is
# carved.
/^    carve(heap, pool, /d
