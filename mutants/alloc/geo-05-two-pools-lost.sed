# clause: GEO-05
# file: arena.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# An arena whose base is not a multiple of the pool size loses two pools.
s/^  arena->ntotalpools = pp_arena_pools(profile, base);$/  arena->ntotalpools =\
      pp_arena_pools(profile, base) - (arena->pool_address != base);/
