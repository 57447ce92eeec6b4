# clause: HEAP-07
# file: heap.c
# profiles: all
# The product of a calloc is compared as it comes out, wrapped or not.
s/^  if (size != 0 \&\& count > PTRDIFF_MAX \/ size) return NULL;$/  if (count * size > PTRDIFF_MAX) return NULL;/
