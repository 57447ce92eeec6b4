# clause: MAP-01
# file: map.c
# profiles: 3.6 3.7.3 3.7 3.8 3.9 small
# The last pool of an arena is not in range.
s/^  if (offset >= pp_arena_size(heap->profile)) return false;$/\
  size_t last = pp_arena_size(heap->profile) - pp_pool_size(heap->profile);\
  if (offset >= last) return false;/
