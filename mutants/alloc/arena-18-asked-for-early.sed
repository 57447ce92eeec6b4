# clause: ARENA-18
# file: heap.c
# profiles: all
# A new arena is requested when the first of usable_arenas has one free pool
# left.
s/^  if (heap->usable_arenas == NULL) {$/  if (heap->usable_arenas == NULL || heap->usable_arenas->nfreepools == 1) {/
