# clause: OPS-18
# file: driver.c
# A burst leaves the blocks of live IDs alone and forgets them.
/^static void burst(/,/^}/s/^    vacate(driver, op->id + i);$/\
    struct pp_block *live = pp_blocks_find(\&driver->blocks, op->id + i);\
    if (live != NULL) pp_blocks_remove(\&driver->blocks, live);/
