# clause: ARENA-19
# file: arena.c
# profiles: all
# An arena that leaves usable_arenas stays the previous of its right
# neighbour.
/^static void list_remove(/,/^}/{/^    arena->nextarena->prevarena = arena->prevarena;$/d;}
