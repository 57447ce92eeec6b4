# clause: POOL-02
# file: pool.c
# profiles: all
# The next block is carved one alignment behind the last, whatever its size.
s/^  pool->nextoffset += block_size;$/  pool->nextoffset += (uint32_t)pp_alignment(heap->profile);/
