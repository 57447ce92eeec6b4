# clause: ARENA-21
# file: arena.c
# profiles: all
# A pool on freepools keeps the link that it had in its ring.
/^  pool->nextpool = arena->freepools;$/d
