# clause: REALLOC-02
# file: heap.c
# profiles: all
# A block from the system that shrinks to one byte moves into a pool.
/^static void \*reallocate(/,/^}/s/^    heap->system_requests++;$/    if (size == 1) return move(heap, block, size, UINT32_MAX);\
&/
