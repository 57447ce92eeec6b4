# clause: OPS-18
# file: driver.c
# calloc leaves the block of a live ID alone and forgets it.
/^  case PP_OP_CALLOC:$/,/^    break;$/s/^    vacate(driver, op->id);$/\
    struct pp_block *live = pp_blocks_find(\&driver->blocks, op->id);\
    if (live != NULL) pp_blocks_remove(\&driver->blocks, live);/
s/^  case PP_OP_CALLOC:$/  case PP_OP_CALLOC: {/
/^    pp_drive_calloc(driver, op->id, op->a, op->b);$/,/^    break;$/s/^    break;$/    break;\
  }/
