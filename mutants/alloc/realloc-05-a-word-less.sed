# clause: REALLOC-05
# file: heap.c
# profiles: all
# A block that grows beyond its class is copied but for its last word.
s/^  memcpy(moved, block, size < block_size ? size : block_size);$/\
  size_t most = block_size - sizeof(void *);\
  memcpy(moved, block, size <= block_size ? size : most);/
