# clause: ARENA-03
# file: arena.c
# profiles: all
# A pool is taken from the back of freepools.
/^static struct pp_pool \*freepools_pop(/,/^}/c\
static struct pp_pool *freepools_pop(struct pp_heap *heap,\
                                     struct pp_arena *arena) {\
  struct pp_pool **link = &arena->freepools;\
  while ((*link)->nextpool != NULL) link = &(*link)->nextpool;\
  struct pp_pool *pool = *link;\
  *link = NULL;\
  PP_REQUIRE(heap->witness, POOL_18, pool->count == 0);\
  return pool;\
}
