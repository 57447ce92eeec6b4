# clause: REALLOC-08
# file: heap.c
# profiles: all
# The old block is freed before the new one is taken, when that is a small
# one.
/^static void \*move(/,/^}/{
  s/^  uint8_t \*moved = allocate(heap, size);$/  uint8_t kept[PP_BLOCK_MAX];\
  bool early = is_small(heap, size);\
  if (early) {\
    memcpy(kept, block, block_size);\
    release(heap, block);\
    block = kept;\
  }\
&/
  s/^  release(heap, block);$/  if (!early) release(heap, block);/
}
