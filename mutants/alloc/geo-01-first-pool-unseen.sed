# clause: GEO-01
# file: visit.c
# profiles: all
# A visitor of an arena misses its first pool.
/^  uintptr_t address = pp_pool_ceiling(profile, arena->address);$/a\
  address += pp_pool_size(profile);
