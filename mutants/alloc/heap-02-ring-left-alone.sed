# clause: HEAP-02
# file: heap.c
# profiles: all
# A request goes to a new pool while the first of the ring has more than one
# live block.
s/uint8_t \*block = pool != ring ? pp_pool_take(heap, pool)/uint8_t *block = pool != ring \&\& pool->count < 2 ? pp_pool_take(heap, pool)/
