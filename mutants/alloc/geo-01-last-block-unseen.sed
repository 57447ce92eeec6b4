# clause: GEO-01
# file: visit.c
# profiles: all
# A visitor of a pool misses the block that was carved last.
s/^  for (uint32_t index = 0; offset < pool->nextoffset; index++) {$/  for (uint32_t index = 0; offset + block_size < pool->nextoffset; index++) {/
