# clause: POOL-10
# file: heap.c
# profiles: all
# An empty pool that is reused for the same class is begun anew, too.
s/^  void \*block = pool->szidx == class_index$/  void *block = false/
