# clause: HEAP-05
# file: heap.c
# profiles: all
# A small calloc that gets no arena is null instead of falling back.
s/^    if (block != NULL) memset(block, 0, bytes);$/\
    if (block == NULL) return NULL;\
    memset(block, 0, bytes);/
