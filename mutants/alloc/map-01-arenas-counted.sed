# clause: MAP-01
# file: map.c
# profiles: 3.6 3.7.3 3.7 3.8 3.9 small
# The arena index is held against the number of arenas, not of slots.
s/^  if (index >= heap->maxarenas) return false;$/  if (index >= heap->narenas_currently_allocated) return false;/
