# clause: REALLOC-03
# file: heap.c
# profiles: all
# A block stays when more than seven eighths of it are wanted.
s/^  return 4 \* size > 3 \* (size_t)block_size;$/  return 8 * size > 7 * (size_t)block_size;/
