# clause: REALLOC-09
# file: heap.c
# profiles: all
# A block of a pool reallocated to zero bytes moves to the smallest block of a
# pool.
/^static void \*move(/,/^}/s/allocate(heap, size)/allocate(heap, size == 0 ? 1 : size)/
