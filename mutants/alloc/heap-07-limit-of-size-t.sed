# clause: HEAP-07
# file: heap.c
# profiles: all
# A calloc is refused only when its product exceeds SIZE_MAX.
s/^  if (size != 0 \&\& count > PTRDIFF_MAX \/ size) return NULL;$/  if (size != 0 \&\& count > SIZE_MAX \/ size) return NULL;/
