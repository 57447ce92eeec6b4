/* Sizes for generated histories: where allocators go wrong is next to an edge,
 * of a class, a page, a pool, an arena, or of what a size can express
 * (SPEC.md, OPS-14). */
#include "check/generate.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)

static uint64_t small_max(const struct pp_generator *generator) {
  const struct pp_profile *profile = generator->options.profile;
  if (profile == NULL) return 1024;
  return (uint64_t)profile->class_count << profile->alignment_shift;
}

static uint64_t step(const struct pp_generator *generator) {
  const struct pp_profile *profile = generator->options.profile;
  return profile == NULL ? 16 : UINT64_C(1) << profile->alignment_shift;
}

/* One below, on, or one above. */
static uint64_t beside(struct pp_random *random, uint64_t edge) {
  return edge - 1 + pp_random_below(random, 3);
}

uint64_t pp_generate_edge(struct pp_generator *generator) {
  struct pp_random *random = &generator->random;
  const struct pp_profile *profile = generator->options.profile;
  uint64_t classes = small_max(generator) / step(generator);
  switch (pp_random_below(random, 8)) {
  case 0: return 0;
  case 1: return beside(random, 4096);
  case 2:
    return beside(random, UINT64_C(1) << pp_random_between(random, 4, 17));
  case 3:
    if (profile == NULL) return beside(random, KIB(128));
    return beside(random, UINT64_C(1) << (pp_random_one_in(random, 2)
                                              ? profile->pool_bits
                                              : profile->arena_bits));
  case 4: return beside(random, small_max(generator));
  default:
    return beside(random,
                  step(generator) * pp_random_between(random, 1, classes));
  }
}

uint64_t pp_generate_size(struct pp_generator *generator) {
  struct pp_random *random = &generator->random;
  uint64_t most = small_max(generator);
  switch (generator->mix) {
  case PP_SIZES_SMALL: return pp_random_between(random, 1, most);
  case PP_SIZES_CLASS: return generator->size_a;
  case PP_SIZES_PAIR:
    return pp_random_one_in(random, 2) ? generator->size_a : generator->size_b;
  case PP_SIZES_LARGE_CLASSES: return pp_random_between(random, most / 2, most);
  case PP_SIZES_EDGES: return pp_generate_edge(generator);
  default: break;
  }
  /* Every magnitude is as likely as any other, but few are beyond 8 KiB. */
  unsigned bits = (unsigned)pp_random_between(random, 0, 13);
  if (pp_random_one_in(random, 64)) {
    bits = (unsigned)pp_random_between(random, 13, 20);
  }
  uint64_t size = UINT64_C(1) << bits;
  size += pp_random_below(random, size);
  if (size > MIB(1)) size = MIB(1);
  /* Histories stay within what any machine grants. */
  if (generator->live_bytes > MIB(128)) return 1 + size % most;
  return size;
}
