# clause: ARENA-02
# file: arena.c
# profiles: all
# A pool that is carved is not counted off from nfreepools.
s/^  arena->nfreepools--;$/  if (arena->freepools != NULL) arena->nfreepools--;/
