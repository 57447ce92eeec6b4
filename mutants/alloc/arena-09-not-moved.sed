# clause: ARENA-09
# file: arena.c
# profiles: all
# An arena that outgrew its right neighbour stays where it is.
/^  struct pp_arena \*left = last_with_fewer/i\
  (void)last_with_fewer;\
  (void)last_of_former;
/^  struct pp_arena \*left = last_with_fewer/,/^  list_insert_after/d
/^  PP_ENSURE(heap->witness, ARENA_09, left->nfreepools/d
