# clause: ARENA-13
# file: arena.c
# profiles: 3.9 3.10 3.11 3.12 3.13 tiny
# A wholly free arena is kept when its right neighbour is wholly free, too.
s/^  return arena->nextarena != NULL;$/\
  const struct pp_arena *next = arena->nextarena;\
  return next != NULL \&\& next->nfreepools < next->ntotalpools;/
