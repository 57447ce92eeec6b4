# clause: ARENA-02
# file: arena.c
# profiles: all
# With the pool that is taken, all of freepools goes.
s/^  arena->freepools = pool->nextpool;$/  arena->freepools = NULL;/
