# clause: REALLOC-07
# file: heap.c
# profiles: all
# A new size over PTRDIFF_MAX frees the block.
/^static void \*reallocate(/,/^}/s/^  if (size > PTRDIFF_MAX) return NULL;$/  if (size > PTRDIFF_MAX) {\
    if (block != NULL) release(heap, block);\
    return NULL;\
  }/
