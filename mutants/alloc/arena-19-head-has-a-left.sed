# clause: ARENA-19
# file: arena.c
# profiles: all
# When the first of usable_arenas leaves, the next one still has it for its
# previous.
/^    if (arena->nextarena != NULL) arena->nextarena->prevarena = NULL;$/d
