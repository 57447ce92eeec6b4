# clause: OPS-12
# file: ends.c
# A failed realloc ends the life of the block.
s/^  pp_oracle_refused(driver, size, impossible, errno_clause, error);$/&\
  if (block != NULL) pp_blocks_remove(\&driver->blocks, block);/
