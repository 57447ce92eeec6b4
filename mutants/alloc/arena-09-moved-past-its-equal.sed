# clause: ARENA-09
# file: arena.c
# profiles: all
# An arena moves when it has as many free pools as its right neighbour.
s/^      arena->nfreepools <= arena->nextarena->nfreepools) {$/      arena->nfreepools < arena->nextarena->nfreepools) {/
