# clause: ARENA-17
# file: arena.c
# profiles: all
# The slot for an arena that is refused is not given back.
/^  if (base == 0) {$/,/^  }$/{/slot_give/d;}
