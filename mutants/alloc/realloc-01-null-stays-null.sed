# clause: REALLOC-01
# file: heap.c
# profiles: all
# Reallocating null is null.
/^static void \*reallocate(/,/^}/s/^  if (block == NULL) return allocate(heap, size);$/  if (block == NULL) return NULL;/
