# clause: OPS-12
# file: ends.c
# A failed realloc ends the life of the block.
/^  pp_oracle_refused(driver, size, clauses->impossible,/,/);$/ {
  s/);$/&\
  if (block != NULL) pp_blocks_remove(\&driver->blocks, block);/
}
