# clause: POOL-10
# file: heap.c
# profiles: all
# An empty pool that is reused for the same class is begun anew, too.
/^  if (pool->szidx == class_index) return pp_pool_resume(heap, pool);$/d
