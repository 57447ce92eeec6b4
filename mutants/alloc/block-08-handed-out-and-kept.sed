# clause: BLOCK-08
# file: pool.c
# profiles: all
# An empty pool that goes on keeps the block that it hands out on its free
# list.
/^void \*pp_pool_resume(/,/^}/{/pp_link_read(block)/d;}
