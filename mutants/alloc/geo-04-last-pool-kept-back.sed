# clause: GEO-04
# file: arena.c
# profiles: all
# An arena at a multiple of the pool size keeps its last pool back.
s/^  arena->ntotalpools = pp_arena_pools(profile, base);$/  arena->ntotalpools = \
      pp_arena_pools(profile, base) - (arena->pool_address == base);/
