# clause: POOL-18
# file: pool.c
# profiles: all
# A pool goes back to its arena when one block is still live.
s/^  if (pool->count > 0) return false;$/  if (pool->count > 1) return false;/
