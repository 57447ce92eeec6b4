# clause: POOL-04
# file: pool.c
# profiles: all
# A pool begun for a class carves its second block only when that is wanted.
/^  carve(heap, pool, block_size);$/d
