# clause: HEAP-09
# file: heap.c
# profiles: all
# Freeing null is counted.
s/^  if (block != NULL) release(heap, block);$/&\
  if (block == NULL) heap->live_blocks--;/
