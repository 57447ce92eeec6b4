# clause: ARENA-16
# file: arena.c
# profiles: all
# The slot of a released arena keeps its address.
/^static void arena_release(/,/^}/{/^  arena->address = 0;$/d;}
