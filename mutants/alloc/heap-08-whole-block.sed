# clause: HEAP-08
# file: heap.c
# profiles: all
# A small calloc zeroes all of the block.
s/^  memset(block, 0, bytes);$/  memset(block, 0, bytes + size);/
