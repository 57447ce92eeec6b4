# clause: POOL-01
# file: pool.c
# profiles: all
# A block that is freed while others are live becomes all of the free list.
/^static void list_push(/,/^}/s/^  pp_link_write(block, former);$/  pp_link_write(block, pool->count > 1 ? NULL : former);/
