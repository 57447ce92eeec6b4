# clause: BLOCK-06
# file: pool.c
# profiles: all
# A block that is carved later than the spare ends no list: whatever lies
# there is its link.
s/^  pp_link_write(pool->freeblock, NULL);$/  if (pool->count == 1) pp_link_write(pool->freeblock, NULL);/
