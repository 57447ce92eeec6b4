# clause: HEAP-08
# file: heap.c
# profiles: all
# A small calloc zeroes the whole words of what was requested.
s/^  memset(block, 0, bytes);$/  memset(block, 0, bytes - bytes % sizeof(void *));/
