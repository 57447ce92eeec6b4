/* Shrinking (SPEC.md, OPS-17), of histories that no subject performs: what is
 * to be shown is a fact of the operations themselves, so that the smallest
 * history with it is known. That what is found in a subject stays shown is in
 * test_trace_search.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "poolproof/clause.h"
#include "proptests/shrunk.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Shrinks these, and answers what is left. */
static const char *left_of(pp_fact *shows, const struct pp_op *at,
                           size_t count) {
  struct pp_asked asked = {.shows = shows};
  struct pp_shrinker shrinker = pp_shrinker_of(&asked);
  struct pp_ops ops = {0};
  for (size_t i = 0; i < count; i++)
    pp_ops_push(&ops, at[i]);
  cr_assert(shows(ops.at, ops.count));
  pp_shrink(&shrinker, &ops);
  cr_assert(shows(ops.at, ops.count));
  cr_assert_eq(shrinker.trials, asked.trials);
  cr_assert_eq(shrinker.work, asked.work);
  cr_assert_not(shrinker.gave_up);
  const char *text = pp_shrunk_text(&ops);
  pp_ops_free(&ops);
  return text;
}

#define LEFT_OF(shows, ...)                           \
  left_of(shows, (const struct pp_op[]){__VA_ARGS__}, \
          COUNT(((const struct pp_op[]){__VA_ARGS__})))

/* ---- the smallest is known ---- */

Test(OPS_17, one_request_is_left_with_its_size) {
  static const uint64_t sizes[] = {
      1, 2, 7, 8, 9, 17, 65, 512, 513, 514, 600, 4096, 4097, 100003, 999999};
  struct pp_ops ops = pp_shrunk_history(1);
  pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, 77, 1000003, 0});
  for (size_t i = 0; i < COUNT(sizes); i++) {
    char expected[64];
    pp_wanted_bytes = sizes[i];
    snprintf(expected, sizeof expected, "malloc 0 %lu", sizes[i]);
    cr_assert_str_eq(left_of(pp_shrunk_has_bytes, ops.at, ops.count), expected);
  }
  pp_wanted_bytes = 0;
  cr_assert_str_eq(left_of(pp_shrunk_has_bytes, ops.at, 1), "malloc 0 0");
  pp_ops_free(&ops);
}

Test(OPS_17, whatever_asked_is_a_malloc_in_the_end) {
  static const struct pp_op asks[] = {
      {PP_OP_CALLOC, 5, 3, 40},          {PP_OP_ALIGNED_ALLOC, 5, 64, 120},
      {PP_OP_POSIX_MEMALIGN, 5, 8, 120}, {PP_OP_BURST, 5, 7, 120},
      {PP_OP_MALLOC, 5, 120, 0},
  };
  pp_wanted_bytes = 100;
  for (size_t i = 0; i < COUNT(asks); i++)
    cr_assert_str_eq(left_of(pp_shrunk_has_bytes, &asks[i], 1), "malloc 0 100");
}

Test(OPS_17, many_at_once_are_a_burst_and_a_drain) {
  pp_wanted_live = 20;
  pp_wanted_freed = 0;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    struct pp_ops ops = pp_shrunk_history(seed);
    const char *left = left_of(pp_shrunk_has_lives, ops.at, ops.count);
    cr_assert_str_eq(left, "burst 0 20 0", "seed %lu: %s", seed, left);
    pp_ops_free(&ops);
  }
  pp_wanted_live = 5;
  pp_wanted_freed = 5;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    struct pp_ops ops = pp_shrunk_history(seed);
    const char *left = left_of(pp_shrunk_has_lives, ops.at, ops.count);
    cr_assert_eq(strncmp(left, "burst 0 5 0; ", 13), 0, "%s", left);
    cr_assert_not_null(strstr(left, "; drain "), "%s", left);
    pp_ops_free(&ops);
  }
  pp_wanted_live = 1;
  cr_assert(pp_wanted_freed == 5);
  pp_wanted_freed = 1;
  cr_assert_str_eq(LEFT_OF(pp_shrunk_has_lives, {PP_OP_BURST, 40, 9, 100},
                           {PP_OP_DRAIN, 40, 3, 2}),
                   "malloc 0 0; free 0");
}

/* ---- names ---- */

static bool frees_the_sixth(const struct pp_op *ops, size_t count) {
  for (size_t i = 0; i + 1 < count; i++) {
    if (ops[i].kind == PP_OP_BURST && ops[i + 1].kind == PP_OP_FREE &&
        ops[i + 1].id == ops[i].id + 5 && ops[i].a > 5)
      return true;
  }
  return false;
}

static bool names_seven(const struct pp_op *ops, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (ops[i].kind == PP_OP_MALLOC && ops[i].id == 7) return true;
  return false;
}

static bool frees_the_second_of_two(const struct pp_op *ops, size_t count) {
  return count == 3 && ops[0].kind == PP_OP_MALLOC &&
         ops[1].kind == PP_OP_REALLOC && ops[2].kind == PP_OP_USABLE &&
         ops[0].id != ops[1].id && ops[1].id == ops[2].id;
}

static bool usable_after_a_drain(const struct pp_op *ops, size_t count) {
  return count == 2 && ops[0].kind == PP_OP_DRAIN && ops[0].a == 3 &&
         ops[0].b == 4 && ops[1].kind == PP_OP_USABLE &&
         ops[1].id == ops[0].id + 8;
}

Test(OPS_17, names_become_plain_and_keep_their_distance) {
  cr_assert_str_eq(LEFT_OF(frees_the_sixth, {PP_OP_MALLOC, 3, 1, 0},
                           {PP_OP_BURST, 100, 10, 9}, {PP_OP_FREE, 105, 0, 0},
                           {PP_OP_FREE, 3, 0, 0}),
                   "burst 0 6 0; free 5");
  cr_assert_str_eq(LEFT_OF(frees_the_second_of_two, {PP_OP_MALLOC, 9, 1, 0},
                           {PP_OP_REALLOC, 4, 10, 9}, {PP_OP_USABLE, 4, 0, 0}),
                   "malloc 0 0; realloc 1 0; usable 1");
  cr_assert_str_eq(LEFT_OF(usable_after_a_drain, {PP_OP_DRAIN, 50, 3, 4},
                           {PP_OP_USABLE, 58, 0, 0}),
                   "drain 0 3 4; usable 8");
  /* Where the name is what matters, it stays. */
  cr_assert_str_eq(LEFT_OF(names_seven, {PP_OP_MALLOC, 3, 1, 0},
                           {PP_OP_MALLOC, 7, 9, 0}, {PP_OP_FREE, 3, 0, 0}),
                   "malloc 7 0");
}

static bool many_ranges(const struct pp_op *ops, size_t count) {
  static const enum pp_op_kind kinds[] = {PP_OP_BURST, PP_OP_DRAIN, PP_OP_FREE,
                                          PP_OP_BURST, PP_OP_USABLE};
  if (count != COUNT(kinds)) return false;
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (ops[i].kind != kinds[i]) return false;
  return ops[0].a == 4 && ops[1].a == 0 && ops[3].a == 2 &&
         ops[4].id == ops[3].id + 2 && ops[2].id + 1 < ops[3].id;
}

/* A name that just fails to be in a range begins one of its own. */
Test(OPS_17, names_next_to_a_range_are_others) {
  cr_assert_str_eq(
      LEFT_OF(many_ranges, {PP_OP_BURST, 10, 4, 0}, {PP_OP_DRAIN, 20, 0, 9},
              {PP_OP_FREE, 14, 0, 0}, {PP_OP_BURST, 30, 2, 0},
              {PP_OP_USABLE, 32, 0, 0}),
      "burst 10 4 0; drain 20 0 0; free 14; burst 30 2 0; usable 32");
}

/* ---- what stays, and what is joined ---- */

static bool even_frees(const struct pp_op *ops, size_t count) {
  uint64_t freed = 0;
  for (size_t i = 0; i < count; i++) {
    bool drain = ops[i].kind == PP_OP_DRAIN;
    if (!drain && ops[i].kind != PP_OP_FREE) continue;
    for (uint64_t j = 0; j < (drain ? ops[i].a : 1); j++) {
      uint64_t id = ops[i].id + j * ops[i].b * drain;
      if (id % 2 == 0 && id < 64) freed |= UINT64_C(1) << id;
    }
  }
  return __builtin_popcountll(freed) >= 4;
}

Test(OPS_17, runs_of_the_same_are_joined) {
  cr_assert_str_eq(LEFT_OF(even_frees, {PP_OP_FREE, 2, 0, 0},
                           {PP_OP_FREE, 4, 0, 0}, {PP_OP_FREE, 6, 0, 0},
                           {PP_OP_FREE, 8, 0, 0}),
                   "drain 0 4 2");
  cr_assert_str_eq(LEFT_OF(even_frees, {PP_OP_FREE, 8, 0, 0},
                           {PP_OP_FREE, 6, 0, 0}, {PP_OP_FREE, 2, 0, 0},
                           {PP_OP_FREE, 4, 0, 0}),
                   "free 8; free 6; drain 2 2 2");
  cr_assert_str_eq(LEFT_OF(even_frees, {PP_OP_DRAIN, 2, 2, 4},
                           {PP_OP_FREE, 10, 0, 0}, {PP_OP_FREE, 12, 0, 0}),
                   "drain 2 2 2; drain 10 2 2");
}

Test(OPS_17, ranges_are_joined_to_ranges) {
  pp_wanted_live = 9;
  pp_wanted_freed = 0;
  cr_assert_str_eq(LEFT_OF(pp_shrunk_has_lives, {PP_OP_MALLOC, 2, 0, 0},
                           {PP_OP_BURST, 3, 3, 0}, {PP_OP_BURST, 6, 4, 0},
                           {PP_OP_MALLOC, 10, 0, 0}),
                   "burst 0 9 0");
  pp_wanted_freed = 9;
  cr_assert_str_eq(LEFT_OF(pp_shrunk_has_lives, {PP_OP_BURST, 0, 9, 0},
                           {PP_OP_FREE, 0, 0, 0}, {PP_OP_DRAIN, 1, 3, 1},
                           {PP_OP_DRAIN, 4, 4, 1}, {PP_OP_FREE, 8, 0, 0}),
                   "burst 0 9 0; drain 0 9 1");
  /* The steps differ, or one is missing between them. */
  cr_assert_str_eq(LEFT_OF(pp_shrunk_has_lives, {PP_OP_BURST, 0, 9, 0},
                           {PP_OP_DRAIN, 0, 3, 2}, {PP_OP_DRAIN, 6, 3, 1},
                           {PP_OP_DRAIN, 1, 3, 2}),
                   "burst 0 9 0; drain 0 3 2; drain 6 3 1; drain 1 3 2");
  cr_assert_str_eq(LEFT_OF(pp_shrunk_has_lives, {PP_OP_BURST, 0, 9, 0},
                           {PP_OP_DRAIN, 0, 3, 1}, {PP_OP_DRAIN, 4, 5, 1},
                           {PP_OP_FREE, 3, 0, 0}),
                   "burst 0 9 0; drain 0 3 1; drain 4 5 1; free 3");
}

static bool is_beyond_a_range(const struct pp_op *ops, size_t count) {
  return count == 2 && ops[0].kind == PP_OP_BURST && ops[0].a == UINT32_MAX &&
         ops[1].kind == PP_OP_MALLOC && ops[1].id == UINT32_MAX;
}

/* A burst of one more would be none that a trace may have. */
Test(OPS_17, the_longest_range_is_not_joined) {
  struct pp_asked asked = {.shows = is_beyond_a_range};
  struct pp_shrinker shrinker = pp_shrinker_of(&asked);
  struct pp_ops ops = {0};
  pp_ops_push(&ops, (struct pp_op){PP_OP_BURST, 0, UINT32_MAX, 0});
  pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, UINT32_MAX, 0, 0});
  shrinker.work_most = UINT64_MAX;
  pp_shrink(&shrinker, &ops);
  cr_assert_str_eq(pp_shrunk_text(&ops),
                   "burst 0 4294967295 0; malloc 4294967295 0");
  cr_assert_eq(shrinker.work, asked.work);
  pp_ops_free(&ops);
}

static uint64_t skew_least;

static bool has_weather(const struct pp_op *ops, size_t count) {
  bool domain = false, thread = false, expect = false, skew = false;
  for (size_t i = 0; i < count; i++) {
    domain |= ops[i].kind == PP_OP_DOMAIN && ops[i].a != PP_DOMAIN_OBJ;
    thread |= ops[i].kind == PP_OP_THREAD && ops[i].a > 2;
    expect |= ops[i].kind == PP_OP_EXPECT && ops[i].a > 2;
    skew |= ops[i].kind == PP_OP_ARENA_SKEW && ops[i].a >= skew_least;
  }
  return domain && thread && expect && skew;
}

/* A domain, a thread and a clause have no smaller ones; a skew has two. */
Test(OPS_17, names_of_other_things_are_no_numbers) {
  static const struct pp_op ops[] = {
      {PP_OP_DOMAIN, 0, PP_DOMAIN_RAW, 0}, {PP_OP_THREAD, 0, 9, 0},
      {PP_OP_MALLOC, 0, 100, 0},           {PP_OP_EXPECT, 0, PP_POOL_05, 0},
      {PP_OP_ARENA_SKEW, 0, 40960, 0},
  };
  skew_least = 1;
  cr_assert_str_eq(left_of(has_weather, ops, COUNT(ops)),
                   "domain raw; thread 9; expect POOL-05; arena-skew 4096");
  skew_least = 0;
  cr_assert_str_eq(left_of(has_weather, ops, COUNT(ops)),
                   "domain raw; thread 9; expect POOL-05; arena-skew 0");
  skew_least = 8192;
  cr_assert_str_eq(left_of(has_weather, ops, COUNT(ops)),
                   "domain raw; thread 9; expect POOL-05; arena-skew 40960");
}
