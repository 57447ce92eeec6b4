# clause: MAP-07
# file: arena.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# When a node is refused, the arena is not released.
/^    pp_arena_return(heap, base);$/d
