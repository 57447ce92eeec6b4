/* Shrinking (SPEC.md, OPS-17) by any fact: what is left is minimal, the same
 * each time, and found within the work that was allowed. */
#include <criterion/criterion.h>
#include <string.h>

#include "check/trace.h"
#include "proptests/shrunk.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { OPENING = 400 };

/* ---- any fact ---- */

/* A fact that nobody would think of, and that smaller ones need not have. */
static bool is_odd(const struct pp_op *ops, size_t count) {
  uint64_t sum = 0;
  unsigned frees = 0;
  for (size_t i = 0; i < count; i++) {
    sum += pp_shrunk_bytes(&ops[i]) * (i + 1);
    frees += ops[i].kind == PP_OP_FREE && ops[i].id % 3 == 1;
  }
  return sum % 7 == 3 && sum > 5000 && frees % 4 == 2;
}

static bool holds_without(pp_fact *shows, const struct pp_ops *ops,
                          size_t gone) {
  struct pp_ops left = {0};
  for (size_t i = 0; i < ops->count; i++)
    if (i != gone) pp_ops_push(&left, ops->at[i]);
  bool holds = shows(left.at, left.count);
  pp_ops_free(&left);
  return holds;
}

static void is_minimal(pp_fact *shows, struct pp_ops *ops) {
  for (size_t i = 0; i < ops->count; i++) {
    struct pp_op *op = &ops->at[i];
    const char *letters = pp_op_operands[op->kind];
    uint64_t *numbers[2] = {strchr(letters, 'a') != NULL ? &op->a : NULL,
                            strchr(letters, 'b') != NULL ? &op->b : NULL};
    cr_assert_not(holds_without(shows, ops, i), "%zu of %s", i,
                  pp_shrunk_text(ops));
    for (int j = 0; j < 2; j++) {
      if (numbers[j] == NULL || *numbers[j] == 0) continue;
      --*numbers[j];
      cr_assert_not(shows(ops->at, ops->count), "%s", pp_shrunk_text(ops));
      ++*numbers[j];
    }
  }
}

/* Where the work ends before that, it is said so. */
Test(OPS_17, whatever_is_shown_is_minimal) {
  unsigned minimal = 0;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    struct pp_asked asked = {.shows = is_odd};
    struct pp_shrinker shrinker = pp_shrinker_of(&asked);
    struct pp_shrinker once_more = shrinker;
    struct pp_ops ops = pp_shrunk_history(seed), again = {0};
    /* Behind the opening, which is the same for all. */
    ops.count = 300;
    memmove(ops.at, ops.at + OPENING, ops.count * sizeof *ops.at);
    while (ops.count > 0 && !is_odd(ops.at, ops.count))
      ops.count--;
    if (ops.count == 0) continue;
    for (size_t i = 0; i < ops.count; i++)
      pp_ops_push(&again, ops.at[i]);
    pp_shrink(&shrinker, &ops);
    if (!shrinker.gave_up) {
      is_minimal(is_odd, &ops);
      minimal++;
    }
    /* The same again, and nothing more when it is shrunk again. */
    pp_shrink(&once_more, &again);
    cr_assert_eq(once_more.trials, shrinker.trials);
    if (!shrinker.gave_up) pp_shrink(&once_more, &again);
    cr_assert_eq(again.count, ops.count, "%s", pp_shrunk_text(&again));
    for (size_t i = 0; i < ops.count; i++)
      cr_assert(pp_op_equal(&ops.at[i], &again.at[i]), "%s",
                pp_shrunk_text(&ops));
    pp_ops_free(&ops);
    pp_ops_free(&again);
  }
  cr_assert_geq(minimal, 8);
}

/* ---- what it costs ---- */

/* Trials for one block of a pp_shrunk_history, for many, and for a fact that
 * resists; what they were when this was written. */
Test(OPS_17, trials_are_few) {
  static const struct {
    pp_fact *shows;
    uint64_t bytes;
    unsigned live, freed;
    uint64_t most;
  } costs[] = {
      {pp_shrunk_has_bytes, 1, 0, 0, 37},
      {pp_shrunk_has_bytes, 70000, 0, 0, 186},
      {pp_shrunk_has_lives, 0, 1, 1, 37},
      {pp_shrunk_has_lives, 0, 30, 3, 82},
      {pp_shrunk_has_lives, 0, 9, 6, 163},
  };
  for (size_t i = 0; i < COUNT(costs); i++) {
    struct pp_asked asked = {.shows = costs[i].shows, .share = 10 * i};
    struct pp_shrinker shrinker = pp_shrinker_of(&asked);
    struct pp_ops ops = pp_shrunk_history(4);
    pp_ops_push(&ops, (struct pp_op){PP_OP_BURST, 0, 2, 80000});
    pp_wanted_bytes = costs[i].bytes;
    pp_wanted_live = costs[i].live;
    pp_wanted_freed = costs[i].freed;
    pp_shrink(&shrinker, &ops);
    cr_expect_leq(asked.trials, costs[i].most, "%zu: %lu trials for %s", i,
                  asked.trials, pp_shrunk_text(&ops));
    cr_assert_eq(shrinker.work, asked.work);
    pp_ops_free(&ops);
  }
}

Test(OPS_17, work_is_limited) {
  pp_wanted_bytes = 60;
  for (uint64_t most = 1; most < 60000; most += 1777) {
    struct pp_asked asked = {.shows = pp_shrunk_has_bytes};
    struct pp_shrinker shrinker = pp_shrinker_of(&asked);
    struct pp_ops ops = pp_shrunk_history(5);
    size_t before = ops.count;
    shrinker.work_most = most;
    pp_shrink(&shrinker, &ops);
    cr_assert(shrinker.gave_up);
    cr_assert(pp_shrunk_has_bytes(ops.at, ops.count),
              "what it has is still shown");
    cr_assert_leq(ops.count, before);
    /* The trial that reaches the limit is the last. */
    cr_assert_geq(asked.work, most);
    cr_assert_lt(asked.work, most + PP_TRIAL_WORK + 2 * PP_HISTORY + 131072);
    pp_ops_free(&ops);
  }
}

static volatile int stop;

static bool stops(const struct pp_op *ops, size_t count) {
  stop = 1;
  return pp_shrunk_has_bytes(ops, count);
}

Test(OPS_17, interruption_ends_it) {
  struct pp_asked asked = {.shows = stops};
  struct pp_shrinker shrinker = pp_shrinker_of(&asked);
  struct pp_ops ops = pp_shrunk_history(6), none = {0};
  pp_wanted_bytes = 60;
  shrinker.stop = &stop;
  pp_shrink(&shrinker, &none);
  cr_assert_eq(asked.trials, 0, "of nothing, nothing is tried");
  pp_shrink(&shrinker, &ops);
  cr_assert_eq(asked.trials, 1);
  cr_assert(shrinker.gave_up);
  cr_assert(pp_shrunk_has_bytes(ops.at, ops.count));
  pp_ops_free(&ops);
}
