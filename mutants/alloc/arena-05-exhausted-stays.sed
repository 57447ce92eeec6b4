# clause: ARENA-05
# file: arena.c
# profiles: all
# An arena without a free pool stays in usable_arenas while it is the last
# there.
s/^  if (arena->nfreepools == 0) {$/  if (arena->nfreepools == 0 \&\& arena->nextarena != NULL) {/
