# clause: POOL-11
# file: heap.c
# profiles: all
# An empty pool that ever had a class goes on with it, whichever is wanted.
s/^  void \*block = pool->szidx == class_index$/  void *block = pool->szidx < heap->profile->class_count/
