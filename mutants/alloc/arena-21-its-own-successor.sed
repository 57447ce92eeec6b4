# clause: ARENA-21
# file: arena.c
# profiles: all
# A pool that is given back is linked to itself.
s/^  pool->nextpool = arena->freepools;$/  pool->nextpool = pool;/
