# clause: HEAP-05
# file: heap.c
# profiles: all
# A small calloc that gets no arena is null instead of falling back.
/^static void \*allocate_zeroed(/,/^}/s/^    if (block != NULL) {$/    if (block == NULL) return NULL;\
    {/
