# clause: POOL-13
# file: heap.c
# profiles: all
# A request is served from the last pool of its class's ring.
s/^  struct pp_pool \*pool = ring->nextpool;$/  struct pp_pool *pool = ring->prevpool;/
