# clause: POOL-04
# file: pool.c
# profiles: all
# A pool begun for a class holds its second and its third block as carved
# spares. No block lies elsewhere for it: only the walk over the pools sees it.
/^  carve(heap, pool, block_size);$/a\
  if (pool->nextoffset <= pool->maxnextoffset) {\
    pp_link_write(pool->freeblock, (uint8_t *)pool + pool->nextoffset);\
    pp_link_write((uint8_t *)pool + pool->nextoffset, NULL);\
    pool->nextoffset += block_size;\
  }
