/* What generated histories are made of (SPEC.md, OPS-14): which sizes each mix
 * draws, all of them and no others; and that a history keeps its own books, by
 * which it stays within its bounds and ends with nothing left. That the same
 * seed makes the same history is in test_trace_search.c. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "check/generate.h"

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
  generator.live_bytes = PP_GENERATE_BYTES;
  generator.mix = PP_SIZES_CLASS;
  generator.size_a = 4095;
  want(1024, 1024);
  draws_what_was_wanted(pp_generate_size);
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
    cr_assert_gt(bits[0], 0);
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

/* ---- histories ---- */

/* The books of one history, kept from its statements alone. */
struct books {
  bool live[PP_GENERATE_IDS];
  uint64_t sizes[PP_GENERATE_IDS];
  uint64_t bytes, bytes_most;
  uint64_t count, count_most;
  uint64_t calls;
  uint64_t largest;    /* that was granted */
  uint64_t of_nothing; /* frees of a name that has no block */
};

static struct books books;

/* More than anybody has: refused. */
static bool is_huge(uint64_t size) {
  return size > UINT64_C(1) << 40;
}

static void takes(uint64_t id, uint64_t size) {
  cr_assert_not(books.live[id], "%lu is live", id);
  books.live[id] = true;
  books.sizes[id] = size;
  books.bytes += size;
  books.count++;
  if (books.bytes > books.bytes_most) books.bytes_most = books.bytes;
  if (books.count > books.count_most) books.count_most = books.count;
  if (size > books.largest) books.largest = size;
}

static void frees(uint64_t id) {
  books.of_nothing += !books.live[id];
  if (!books.live[id]) return;
  books.live[id] = false;
  books.bytes -= books.sizes[id];
  books.count--;
}

static void resizes(uint64_t id, uint64_t size) {
  if (is_huge(size)) return;
  frees(id);
  takes(id, size);
}

static void enter(const struct pp_op *op) {
  bool many = op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN;
  books.calls += many ? op->a : 1;
  cr_assert(strchr(pp_op_operands[op->kind], 'i') == NULL ||
            op->id < PP_GENERATE_IDS);
  switch (op->kind) {
  case PP_OP_MALLOC:
    if (!is_huge(op->a)) takes(op->id, op->a);
    break;
  case PP_OP_CALLOC:
    if (!is_huge(op->a) && !is_huge(op->b)) takes(op->id, op->a * op->b);
    break;
  case PP_OP_ALIGNED_ALLOC:
  case PP_OP_POSIX_MEMALIGN:
    if (!is_huge(op->b)) takes(op->id, op->b);
    break;
  case PP_OP_BURST:
    for (uint64_t i = 0; i < op->a; i++)
      takes(op->id + i, op->b);
    break;
  case PP_OP_REALLOC: resizes(op->id, op->a); break;
  case PP_OP_REALLOCARRAY:
    if (!is_huge(op->a) && !is_huge(op->b)) resizes(op->id, op->a * op->b);
    break;
  case PP_OP_FREE:
  case PP_OP_FREE_SIZED:
  case PP_OP_FREE_ALIGNED_SIZED: frees(op->id); break;
  default: break;
  }
}

/* The whole history, but for its opening, which has blocks that only some
 * subjects give. */
static void keep_books(const struct pp_profile *profile, uint64_t round) {
  struct pp_op op;
  const char *expected = "";
  memset(&books, 0, sizeof books);
  open_for(profile, round);
  while (pp_generate_opening(&generator, &op))
    cr_assert_eq(pp_op_fault(&op, &expected), 0, "expected %s", expected);
  while (generator.source.fill(&generator.source, &op, 1) == 1) {
    cr_assert_eq(pp_op_fault(&op, &expected), 0, "expected %s", expected);
    enter(&op);
    cr_assert_eq(books.count, generator.live_count, "%lu", books.calls);
    cr_assert_eq(books.bytes, generator.live_bytes, "%lu", books.calls);
  }
  pp_generator_close(&generator);
  cr_assert_eq(books.count, 0);
  cr_assert_eq(books.bytes, 0);
  cr_assert_geq(books.calls, DRAWS);
  cr_assert_lt(books.calls, DRAWS + 2 * PP_GENERATE_IDS);
}

Test(OPS_14, histories_of_any_malloc_keep_their_books) {
  uint64_t largest = 0, bytes = 0;
  for (uint64_t round = 0; round < 4; round++) {
    keep_books(NULL, round);
    /* Beyond it are small blocks, and a burst of up to a page each. */
    cr_assert_leq(books.bytes_most,
                  PP_GENERATE_BYTES + 1024 * (books.count_most + 4 * 4096));
    cr_assert_leq(books.largest, round % 2 == 0 ? MIB : 32 * MIB);
    cr_assert_leq(books.count_most, PP_GENERATE_IDS - PP_GENERATE_BURST);
    if (books.largest > largest) largest = books.largest;
    if (books.bytes_most > bytes) bytes = books.bytes_most;
  }
  cr_assert_gt(largest, MIB);
  cr_assert_gt(bytes, PP_GENERATE_BYTES / 4);
}

Test(OPS_14, histories_of_the_family_keep_their_books) {
  static const enum pp_profile_id profiles[] = {PP_PROFILE_3_13,
                                                PP_PROFILE_TINY};
  for (int i = 0; i < 2; i++) {
    keep_books(&pp_profiles[profiles[i]], 1);
    cr_assert_leq(books.count_most, i == 0 ? 61440 : 640 + 4096);
    cr_assert_leq(books.largest, MIB + 1);
  }
}
