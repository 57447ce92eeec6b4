# clause: HEAP-10
# file: heap.c
# profiles: all
# The last block outside every arena is counted off, and never freed.
/^static void release(/,/^}/s/^    system_free(heap, block);$/    if (heap->system_blocks > 1) {\
      system_free(heap, block);\
    } else {\
      heap->system_blocks--;\
      heap->live_blocks--;\
    }/
