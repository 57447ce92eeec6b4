# clause: POOL-05
# file: pool.c
# profiles: all
# When the free list runs out, no untouched block is carved: the pool counts as
# full.
s/^  if (pool->nextoffset <= pool->maxnextoffset) {$/  if (false) {/
