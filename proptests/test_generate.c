/* Sizes of generated histories (SPEC.md, OPS-14): each mix draws these, all of
 * them and no others. */
#include <criterion/criterion.h>
#include <string.h>

#include "check/generate.h"
#include "proptests/held.h"

enum { DRAWS = 400000, MIB = 1 << 20 };

static struct pp_generator generator;

static void open_for(const struct pp_profile *profile, uint64_t round) {
  struct pp_generate_options options = {
      .seed = 5, .round = round, .operations = DRAWS, .profile = profile};
  pp_generator_open(&generator, &options);
}

/* ---- sizes ---- */

/* Up to here, sizes are noted one by one. */
static bool wanted[MIB + 2];
static unsigned drawn[MIB + 2];

static void want(uint64_t first, uint64_t last) {
  for (uint64_t size = first; size <= last; size++)
    wanted[size] = true;
}

static void want_beside(uint64_t edge) {
  want(edge - 1, edge + 1);
}

/* Draws sizes, and they are those that were wanted, each of them. */
static void draws_what_was_wanted(uint64_t (*draw)(struct pp_generator *)) {
  memset(drawn, 0, sizeof drawn);
  for (int i = 0; i < DRAWS; i++) {
    uint64_t size = draw(&generator);
    cr_assert_leq(size, MIB + 1);
    drawn[size]++;
  }
  for (uint64_t size = 0; size <= MIB + 1; size++)
    cr_assert_eq(drawn[size] > 0, wanted[size], "%lu: %u times", size,
                 drawn[size]);
  memset(wanted, 0, sizeof wanted);
}

static void want_edges(uint64_t step, uint64_t classes) {
  want(0, 0);
  want_beside(4096);
  for (unsigned bits = 4; bits <= 17; bits++)
    want_beside(UINT64_C(1) << bits);
  for (uint64_t i = 1; i <= classes; i++)
    want_beside(step * i);
}

Test(OPS_14, edges_are_of_classes_pools_arenas_and_pages) {
  static const enum pp_profile_id profiles[] = {
      PP_PROFILE_3_13, PP_PROFILE_3_7_3, PP_PROFILE_TINY, PP_PROFILE_SMALL};
  for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
    const struct pp_profile *profile = &pp_profiles[profiles[i]];
    open_for(profile, 0);
    want_edges(UINT64_C(1) << profile->alignment_shift, profile->class_count);
    want_beside(UINT64_C(1) << profile->pool_bits);
    want_beside(UINT64_C(1) << profile->arena_bits);
    draws_what_was_wanted(pp_generate_edge);
    pp_generator_close(&generator);
  }
  open_for(NULL, 0);
  want_edges(16, 64);
  want_beside(128 << 10);
  draws_what_was_wanted(pp_generate_edge);
  pp_generator_close(&generator);
}

Test(OPS_14, each_mix_has_its_sizes) {
  open_for(&pp_profiles[PP_PROFILE_3_9], 0);
  generator.size_a = 48;
  generator.size_b = 320;
  generator.mix = PP_SIZES_SMALL;
  want(1, 512);
  draws_what_was_wanted(pp_generate_size);
  generator.mix = PP_SIZES_CLASS;
  want(48, 48);
  draws_what_was_wanted(pp_generate_size);
  generator.mix = PP_SIZES_PAIR;
  want(48, 48);
  want(320, 320);
  draws_what_was_wanted(pp_generate_size);
  generator.mix = PP_SIZES_LARGE_CLASSES;
  want(256, 512);
  draws_what_was_wanted(pp_generate_size);
  generator.mix = PP_SIZES_EDGES;
  want_edges(16, 32);
  want_beside(4096);
  want_beside(1 << 18);
  draws_what_was_wanted(pp_generate_size);
  /* Of any malloc, a small block has 1 KiB at most. */
  generator.options.profile = NULL;
  generator.mix = PP_SIZES_SMALL;
  want(1, 1024);
  draws_what_was_wanted(pp_generate_size);
  /* What is not affordable becomes small. */
  generator.mix = PP_SIZES_CLASS;
  generator.size_a = 4095;
  generator.live_bytes = PP_GENERATE_BYTES - 4095;
  want(4095, 4095);
  draws_what_was_wanted(pp_generate_size);
  generator.live_bytes++;
  want(1024, 1024);
  draws_what_was_wanted(pp_generate_size);
  /* Of the family it is affordable all the same, but for wide ones. */
  generator.options.profile = &pp_profiles[PP_PROFILE_3_9];
  want(4095, 4095);
  draws_what_was_wanted(pp_generate_size);
  generator.mix = PP_SIZES_WIDE;
  generator.live_bytes = PP_GENERATE_BYTES;
  uint64_t largest = 0;
  for (int i = 0; i < DRAWS; i++) {
    uint64_t size = pp_generate_size(&generator);
    if (size > largest) largest = size;
  }
  cr_assert_gt(largest, 4096);
  generator.live_bytes = PP_GENERATE_BYTES + 1;
  want(1, 512);
  draws_what_was_wanted(pp_generate_size);
  pp_generator_close(&generator);
}

/* Every magnitude is as likely as any other, and one in 64 is beyond 8 KiB. */
Test(OPS_14, wide_sizes_are_of_every_magnitude) {
  for (int large = 0; large < 2; large++) {
    unsigned bits[64] = {0};
    uint64_t most = 0;
    open_for(NULL, 0);
    generator.mix = PP_SIZES_WIDE;
    generator.large = large;
    for (int i = 0; i < 2 * DRAWS; i++) {
      uint64_t size = pp_generate_size(&generator);
      cr_assert_gt(size, 0);
      bits[63 - __builtin_clzll(size)]++;
      if (size > most) most = size;
    }
    for (int i = 0; i <= 12; i++) {
      cr_assert_gt(bits[i], 2 * DRAWS / 14 * 63 / 64 * 19 / 20, "%d", i);
      cr_assert_lt(bits[i], 2 * DRAWS / 14 * 63 / 64 * 21 / 20, "%d", i);
    }
    for (int i = 14; i <= 19; i++) {
      cr_assert_gt(bits[i], 2 * DRAWS / 64 / 8 * 3 / 4, "%d", i);
      cr_assert_lt(bits[i], 2 * DRAWS / 64 / 8 * 5 / 4, "%d", i);
    }
    for (int i = 21; i <= 24; i++) {
      cr_assert_eq(bits[i] > 2 * DRAWS / 64 / 16 / 5 / 2, large, "%d", i);
      cr_assert_lt(bits[i], 2 * DRAWS / 64 / 16 / 5 * 2, "%d", i);
    }
    cr_assert_leq(most, large ? 32 * MIB : MIB);
    cr_assert_geq(most, large ? 31 * MIB : MIB);
    pp_generator_close(&generator);
  }
}

Test(OPS_14, a_block_grows_as_far_as_it_may) {
  open_for(&pp_profiles[PP_PROFILE_3_9], 0);
  cr_assert_eq(pp_generate_at_most(&generator, 5, 9), 5);
  cr_assert_eq(pp_generate_at_most(&generator, MIB, 9), MIB);
  cr_assert_eq(pp_generate_at_most(&generator, MIB + 1, 9), MIB);
  generator.live_bytes = PP_GENERATE_BYTES + 5;
  cr_assert_eq(pp_generate_at_most(&generator, 10, 9), 10);
  generator.options.profile = NULL;
  cr_assert_eq(pp_generate_at_most(&generator, 10, 9), 9);
  cr_assert_eq(pp_generate_at_most(&generator, 9, 9), 9);
  cr_assert_eq(pp_generate_at_most(&generator, 3, 9), 3);
  generator.live_bytes = PP_GENERATE_BYTES - 1;
  cr_assert_eq(pp_generate_at_most(&generator, 10, 9), 10);
  cr_assert_eq(pp_generate_at_most(&generator, 11, 9), 9);
  /* Larger ones grow where they are in the mix. */
  generator.live_bytes = 0;
  cr_assert_eq(pp_generate_at_most(&generator, 3 * MIB, 2 * MIB), MIB);
  generator.large = true;
  cr_assert_eq(pp_generate_at_most(&generator, 3 * MIB, 2 * MIB), 3 * MIB);
  cr_assert_eq(pp_generate_at_most(&generator, 33 * MIB, 2 * MIB), 32 * MIB);
  cr_assert_eq(pp_generate_at_most(&generator, 3 * MIB, MIB + 1), 3 * MIB);
  cr_assert_eq(pp_generate_at_most(&generator, 3 * MIB, MIB), MIB);
  pp_generator_close(&generator);
}

Test(OPS_14, heaps_that_are_scaled_down_have_few_blocks) {
  for (int i = -1; i < PP_PROFILE_COUNT; i++) {
    open_for(i < 0 ? NULL : &pp_profiles[i], 0);
    bool scaled = i == PP_PROFILE_TINY || i == PP_PROFILE_SMALL;
    cr_assert_eq(pp_generate_is_scaled(&generator), scaled);
    uint64_t most = pp_generate_live_most(&generator);
    if (!scaled)
      cr_assert_eq(most, 65536 - 4096);
    else /* 80 arenas of 4 or 8 pools, two blocks in each */
      cr_assert_eq(most, i == PP_PROFILE_TINY ? 640 : 1280);
    pp_generator_close(&generator);
  }
}

Test(OPS_14, generator_gives_back_what_it_took) {
  struct pp_generate_options options = {.seed = 1, .operations = 100};
  size_t before = pp_held_pages();
  pp_generator_open(&generator, &options);
  cr_assert_gt(pp_held_pages(), before);
  pp_generator_close(&generator);
  cr_assert_eq(pp_held_pages(), before);
}
