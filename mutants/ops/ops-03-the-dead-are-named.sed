# clause: OPS-03
# file: ends.c
# An ID goes on naming its block when that was freed.
/^static void free_block(/,/^}/s/^  pp_blocks_remove(&driver->blocks, entry);$//
