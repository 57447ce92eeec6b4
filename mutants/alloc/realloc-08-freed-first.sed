# clause: REALLOC-08
# file: heap.c
# profiles: all
# The old block is freed before the new one is taken.
s/^  uint8_t \*moved = allocate(heap, size);$/\
  uint8_t kept[512];\
  memcpy(kept, block, block_size);\
  release(heap, block);\
  block = kept;\
  uint8_t *moved = allocate(heap, size);/
/^static void \*move(/,/^}/s/^  release(heap, block);$//
