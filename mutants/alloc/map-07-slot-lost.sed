# clause: MAP-07
# file: arena.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# When a node is refused, the slot of the arena is lost.
/^  if (!pp_map_mark(heap, base)) {$/,/^  }$/{/slot_give/d;}
