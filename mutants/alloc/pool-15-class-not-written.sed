# clause: POOL-15
# file: pool.c
# profiles: all
# A pool that never had a class gets none when it is begun.
s/^  pool->szidx = class_index;$/  if (pool->szidx != PP_CLASS_NONE) &/
