# clause: GEO-04
# file: arena.c
# profiles: all
# An arena keeps its last pool back.
s/^  arena->ntotalpools = pp_arena_pools(profile, base);$/  arena->ntotalpools = pp_arena_pools(profile, base) - 1;/
