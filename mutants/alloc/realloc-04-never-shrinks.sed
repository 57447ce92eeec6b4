# clause: REALLOC-04
# file: heap.c
# profiles: all
# A block stays whatever its new size, as long as that fits and is not zero.
s/^  return 4 \* size > 3 \* (size_t)block_size;$/  return size > 0;/
