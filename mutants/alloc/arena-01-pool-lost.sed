# clause: ARENA-01
# file: heap.c
# profiles: all
# A pool whose last live block is freed is not given back to its arena.
/^    pp_arena_give_pool(heap, pool);$/d
