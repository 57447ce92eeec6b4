# clause: ARENA-09
# file: arena.c
# profiles: all
# An arena that outgrew its right neighbour moves behind those with as many
# free pools, not in front of them.
/^  list_insert_after(heap, left, arena);$/i\
  while (left->nextarena != NULL &&\
         left->nextarena->nfreepools <= arena->nfreepools) {\
    left = left->nextarena;\
  }\
  heap->nfp2lasta[arena->nfreepools] = arena;
