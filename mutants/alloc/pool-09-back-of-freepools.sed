# clause: POOL-09
# file: arena.c
# profiles: all
# A pool whose last live block is freed goes to the back of its arena's
# freepools.
s/^  pool->nextpool = arena->freepools;$/\
  struct pp_pool **link = \&arena->freepools;\
  while (*link != NULL) link = \&(*link)->nextpool;\
  pool->nextpool = NULL;/
s/^  arena->freepools = pool;$/  *link = pool;/
