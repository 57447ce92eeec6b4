# clause: HEAP-04
# file: heap.c
# profiles: all
# A request of zero bytes is served from a pool, as one byte.
/^static void \*serve(/,/^}/s/^  if (size > PTRDIFF_MAX) return NULL;$/&\
  if (size == 0) size = 1;/
