# clause: BLOCK-05
# file: pool.c
# profiles: all
# A block that is freed goes to the end of its pool's free list, not the front.
s/^  pp_link_write(block, former);$/\
  uint8_t *last = former;\
  while (last != NULL \&\& pp_link_read(last) != NULL) last = pp_link_read(last);\
  pp_link_write(block, NULL);\
  if (last != NULL) pp_link_write(last, block);/
s/^  pool->freeblock = block;$/  if (last == NULL) pool->freeblock = block;/
