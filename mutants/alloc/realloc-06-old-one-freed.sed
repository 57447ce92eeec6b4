# clause: REALLOC-06
# file: heap.c
# profiles: all
# When the new block is refused, the old one is freed.
/^static void \*move(/,/^}/s/^    return NULL;$/    release(heap, block);\
&/
