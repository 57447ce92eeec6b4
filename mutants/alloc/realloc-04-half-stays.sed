# clause: REALLOC-04
# file: heap.c
# profiles: all
# A block moves only when half of it or less is wanted.
s/^  return 4 \* size > 3 \* (size_t)block_size;$/  return 2 * size > block_size;/
