# clause: ARENA-07
# file: arena.c
# profiles: all
# Pools are taken from the end of usable_arenas.
/^struct pp_pool \*pp_arena_take_pool(/,/^}/s/^  struct pp_arena \*arena = heap->usable_arenas;$/&\
  while (arena->nextarena != NULL) arena = arena->nextarena;/
