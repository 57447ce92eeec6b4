# clause: ARENA-13
# file: arena.c
# profiles: all
# No arena is released before the heap ends.
s/^  if (arena->nfreepools < arena->ntotalpools) return false;$/\
  if (arena->nfreepools <= arena->ntotalpools) return false;/
