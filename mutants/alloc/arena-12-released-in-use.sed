# clause: ARENA-12
# file: arena.c
# profiles: 3.9 3.10 3.11 3.12 3.13 tiny
# An arena that is not the last is released when all of its pools but one are
# free.
s/^  if (arena->nfreepools < arena->ntotalpools) return false;$/\
  bool early = heap->profile->keeps_rightmost;\
  if (arena->nfreepools + early < arena->ntotalpools) return false;/
