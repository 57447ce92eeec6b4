# clause: ARENA-11
# file: arena.c
# profiles: 3.6 3.7.3 3.7 3.8 small
# An arena is released when all of its pools but one are free.
s/^  if (arena->nfreepools < arena->ntotalpools) return false;$/\
  bool early = !heap->profile->keeps_rightmost;\
  if (arena->nfreepools + early < arena->ntotalpools) return false;/
