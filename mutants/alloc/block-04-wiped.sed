# clause: BLOCK-04
# file: pool.c
# profiles: all
# A block that is freed is wiped.
/^static void list_push(/,/^}/s/^  pool->freeblock = block;$/&\
  memset(rest, 0xdd, size);/
