# clause: BLOCK-04
# file: pool.c
# profiles: 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 tiny small
# Behind its link, a free block has how many blocks are still live.
/^static void list_push(/,/^}/s/^  pool->freeblock = block;$/&\
  memcpy(rest, \&pool->count, sizeof pool->count);/
