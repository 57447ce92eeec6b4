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

/* Histories stay within what any machine grants. */
static bool affords(const struct pp_generator *generator, uint64_t size) {
  return generator->live_bytes + size <= PP_GENERATE_BYTES;
}

uint64_t pp_generate_at_most(const struct pp_generator *generator,
                             uint64_t wished, uint64_t former) {
  uint64_t most = generator->large && former > MIB(1) ? MIB(32) : MIB(1);
  if (wished > most) wished = most;
  if (generator->options.profile != NULL || wished <= former) return wished;
  return affords(generator, wished - former) ? wished : former;
}

/* Every magnitude is as likely as any other, but few are beyond 8 KiB. */
static uint64_t wide(struct pp_generator *generator) {
  struct pp_random *random = &generator->random;
  unsigned bits = (unsigned)pp_random_between(random, 0, 13);
  uint64_t most = MIB(1);
  if (pp_random_one_in(random, 64)) {
    bits = (unsigned)pp_random_between(random, 13, 20);
    if (generator->large && pp_random_one_in(random, 16)) {
      bits = (unsigned)pp_random_between(random, 20, 24);
      most = MIB(32);
    }
  }
  uint64_t size = UINT64_C(1) << bits;
  size += pp_random_below(random, size);
  return size < most ? size : most;
}

static uint64_t of_the_mix(struct pp_generator *generator) {
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
  uint64_t size = wide(generator);
  bool family = generator->options.profile != NULL;
  if (family && generator->live_bytes > PP_GENERATE_BYTES) {
    return 1 + size % most;
  }
  return size;
}

uint64_t pp_generate_size(struct pp_generator *generator) {
  uint64_t size = of_the_mix(generator);
  if (generator->options.profile != NULL || affords(generator, size)) {
    return size;
  }
  return 1 + size % small_max(generator);
}

bool pp_generate_is_scaled(const struct pp_generator *generator) {
  const struct pp_profile *profile = generator->options.profile;
  return profile != NULL && profile->id >= PP_PROFILE_TINY;
}

uint64_t pp_generate_live_most(const struct pp_generator *generator) {
  enum { ARENAS = 80, BLOCKS_OF_A_POOL = 2 };
  const struct pp_profile *profile = generator->options.profile;
  if (!pp_generate_is_scaled(generator)) {
    return PP_GENERATE_IDS - PP_GENERATE_BURST;
  }
  return (uint64_t)ARENAS * BLOCKS_OF_A_POOL
         << (profile->arena_bits - profile->pool_bits);
}
