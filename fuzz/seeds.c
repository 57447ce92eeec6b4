/* Seeds made by the generators of histories (SPEC.md, OPS-14), which begin with
 * the edges of sizes, classes, pools and arenas, or of objects: the same on
 * every machine, so that the tree need not hold them. */
#include "check/generate.h"
#include "check/objects/generate.h"
#include "fuzz/statements.h"

enum { INPUTS_OF_HEAPS = 12, INPUTS_OF_ANY = 64, INPUTS_OF_OBJECTS = 16 };

static void cut(const struct pp_fuzz_profiles *profiles, const char *name,
                const struct pp_profile *profile,
                const struct pp_generate_options *options, size_t inputs,
                void *ctx, pp_fuzz_give *give) {
  struct pp_fuzz_program program = {.profile = profile, .full = true};
  struct pp_generator generator;
  pp_generator_open(&generator, options);
  pp_fuzz_cut(profiles, name, &program, &generator.source, inputs, ctx, give);
  pp_generator_close(&generator);
}

void pp_fuzz_seeds_of_heaps(const struct pp_fuzz_profiles *profiles, void *ctx,
                            pp_fuzz_give *give) {
  for (unsigned i = 0; i < profiles->count; i++) {
    const struct pp_profile *profile = &pp_profiles[profiles->first + i];
    const struct pp_generate_options options = {.seed = 1,
                                                .round = i,
                                                .operations = INPUTS_OF_HEAPS *
                                                              PP_FUZZ_SEED,
                                                .profile = profile};
    cut(profiles, "edges", profile, &options, INPUTS_OF_HEAPS, ctx, give);
  }
}

void pp_fuzz_seeds_of_any(void *ctx, pp_fuzz_give *give) {
  const struct pp_generate_options options = {
      .seed = 1, .operations = INPUTS_OF_ANY * PP_FUZZ_SEED};
  cut(&pp_fuzz_of_heaps, "edges", &pp_profiles[PP_PROFILE_3_6], &options,
      INPUTS_OF_ANY, ctx, give);
}

static void cut_objects(const struct pp_fuzz_profiles *profiles,
                        const struct pp_profile *profile, unsigned round,
                        void *ctx, pp_fuzz_give *give) {
  static const enum pp_object_history histories[] = {
      PP_HISTORY_MIXED, PP_HISTORY_GRAPHS, PP_HISTORY_VALUES};
  static const char *const names[] = {"edges", "graphs", "values"};
  for (size_t i = 0; i < sizeof histories / sizeof histories[0]; i++) {
    static struct pp_object_generator generator;
    const struct pp_object_generate_options options = {
        .seed = 1,
        .round = round,
        .operations = INPUTS_OF_OBJECTS * PP_FUZZ_SEED,
        .history = histories[i]};
    struct pp_fuzz_program program = {
        .profile = profile, .walk = 8, .twin = round % 2 != 0};
    pp_object_generator_open(&generator, &options);
    pp_fuzz_cut(profiles, names[i], &program, &generator.source,
                INPUTS_OF_OBJECTS, ctx, give);
  }
}

void pp_fuzz_seeds_of_objects(const struct pp_fuzz_profiles *profiles,
                              void *ctx, pp_fuzz_give *give) {
  for (unsigned i = 0; i < profiles->count; i++)
    cut_objects(profiles, &pp_profiles[profiles->first + i], i, ctx, give);
}
