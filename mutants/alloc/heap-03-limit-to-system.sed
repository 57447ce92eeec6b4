# clause: HEAP-03
# file: heap.c
# profiles: all
# A request of exactly the small limit goes to the system.
s/^  return size - 1 < pp_small_max(heap->profile);$/  return size - 1 < pp_small_max(heap->profile) - 1;/
