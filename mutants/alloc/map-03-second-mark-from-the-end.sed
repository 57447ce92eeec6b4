# clause: MAP-03
# file: map.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# The second leaf of an arena is marked with what of the arena lies in the
# first.
s/^  low->tail_lo = offset;$/  low->tail_lo = (int32_t)pp_arena_size(heap->profile) - offset;/
