# clause: BLOCK-07
# file: pool.c
# profiles: all
# A block that is freed while others are live is linked to itself.
/^static void list_push(/,/^}/s/^  pp_link_write(block, former);$/  pp_link_write(block, pool->count > 1 ? block : former);/
