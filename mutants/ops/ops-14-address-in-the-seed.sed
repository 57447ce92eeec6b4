# clause: OPS-14
# file: generate.c
# Where the IDs lie in memory is part of the seed.
s/^  g->random = pp_random_split(options->seed, options->round);$//
s/^  g->ids = pp_pages(FOR_EACH_ID(g->ids));$/&\
  uint64_t seed = options->seed ^ (uint64_t)(uintptr_t)g->ids;\
  g->random = pp_random_split(seed, options->round);/
