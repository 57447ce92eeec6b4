# clause: REALLOC-04
# file: heap.c
# profiles: all
# A block of which exactly three quarters are wanted stays.
s/^  return 4 \* size > 3 \* (size_t)block_size;$/  return 4 * size >= 3 * (size_t)block_size;/
