/* Judgements as data: how rounds add up, what is said of a fault, and when
 * there is no verdict (SPEC.md, how verdicts come about). */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/clock.h"
#include "check/judge.h"
#include "check/pages.h"
#include "proptests/held.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct pp_judgement *judgement;

static struct pp_subject_spec plugin(const char *fault) {
  setenv("POOLPROOF_FAULT", fault, 1);
  return (struct pp_subject_spec){.name = "it",
                                  .kind = PP_SUBJECT_PLUGIN,
                                  .path = getenv("POOLPROOF_FAULTY"),
                                  .prefix = "",
                                  .level = PP_LEVEL_OBJECT};
}

static void judge(struct pp_subject_spec spec,
                  struct pp_judge_options options) {
  if (options.seed == 0) options.seed = 5;
  options.contents = PP_CONTENTS_FULL;
  options.silence_seconds = 10;
  judgement = pp_pages(sizeof *judgement);
  pp_judge(&spec, &options, judgement);
}

/* ---- the tables ---- */

Test(judge, verdict_is_a_word_and_an_exit_code) {
  static const struct {
    enum pp_verdict verdict;
    const char *word;
    int code;
  } rows[] = {
      {PP_VERDICT_PENDING, "pending", 5},
      {PP_VERDICT_CONFORMS, "conforms", 0},
      {PP_VERDICT_VIOLATION, "violation", 1},
      {PP_VERDICT_NOT_LOADED, "not loaded", 3},
      {PP_VERDICT_INCONCLUSIVE, "inconclusive", 4},
      {PP_VERDICT_OWN_FAULT, "own fault", 5},
      {PP_VERDICT_INTERRUPTED, "interrupted", 130},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    cr_assert_str_eq(pp_verdict_names[rows[i].verdict], rows[i].word);
    cr_assert_eq(pp_verdict_exit_code(rows[i].verdict), rows[i].code);
  }
}

Test(judge, pools_are_walked_by_level) {
  static const uint64_t intervals[] = {0, 65536, 8192, 1};
  for (int level = 0; level < PP_LEVEL_COUNT; level++)
    cr_assert_eq(pp_walk_interval((enum pp_level)level), intervals[level]);
}

Test(judge, sums_are_over_all_clauses) {
  judgement = pp_pages(sizeof *judgement);
  memset(judgement, 1, sizeof *judgement); /* what is beside is none */
  memset(judgement->armed, 0, sizeof judgement->armed);
  memset(judgement->evaluated, 0, sizeof judgement->evaluated);
  memset(judgement->deviated, 0, sizeof judgement->deviated);
  cr_assert_eq(pp_judgement_checks(judgement), 0);
  int last = PP_CLAUSE_COUNT - 1;
  judgement->evaluated[0] = 1000; /* no clause */
  judgement->armed[0] = 1;
  judgement->deviated[0] = 1;
  judgement->evaluated[1] = 10;
  judgement->evaluated[last] = 100;
  judgement->armed[1] = judgement->armed[2] = judgement->armed[last] = 1;
  cr_assert_eq(pp_judgement_checks(judgement), 110);
  cr_assert_eq(pp_judgement_armed(judgement), 3);
  cr_assert_eq(pp_judgement_silent(judgement), 1);
  judgement->evaluated[2] = judgement->evaluated[last] = 0;
  cr_assert_eq(pp_judgement_silent(judgement), 2);
  judgement->evaluated[1] = 0;
  cr_assert_eq(pp_judgement_silent(judgement), 3);
  cr_assert_eq(pp_judgement_deviations(judgement), 0);
  judgement->deviated[1] = 7;
  judgement->deviated[last] = 1;
  cr_assert_eq(pp_judgement_deviations(judgement), 2);
}

/* ---- rounds ---- */

/* So many rounds for so many calls. */
static const struct {
  enum pp_level level;
  uint64_t operations, rounds;
} lengths[] = {
    {PP_LEVEL_NONE, 2, 1},     {PP_LEVEL_NONE, 1900, 1},
    {PP_LEVEL_NONE, 14000, 2}, {PP_LEVEL_OBJECT, 24000, 3},
    {PP_LEVEL_HEAP, 900, 1},   {PP_LEVEL_HEAP, 4500, 2},
    {PP_LEVEL_HEAP, 14000, 3}, {PP_LEVEL_HEAP, 36500, 6}, /* from the first */
};

Test(judge, short_rounds_come_first) {
  for (size_t i = 0; i < COUNT(lengths); i++) {
    struct pp_subject_spec spec = plugin("none");
    spec.level = lengths[i].level;
    judge(spec, (struct pp_judge_options){.operations = lengths[i].operations});
    cr_assert_eq(judgement->finding.clause, PP_HOLDS);
    /* A round may fall a few calls short of its length. */
    cr_assert_geq(judgement->rounds, lengths[i].rounds, "row %zu", i);
    cr_assert_leq(judgement->rounds, lengths[i].rounds + 1, "row %zu", i);
    cr_assert_geq(judgement->operations, lengths[i].operations);
    /* The last statement may be a burst. */
    cr_assert_leq(judgement->operations, 2 * lengths[i].operations + 1000);
    cr_assert_eq(judgement->round, judgement->rounds - 1);
    cr_assert_eq(judgement->seed, 5);
    cr_assert_str_eq(judgement->name, "it");
    cr_assert_str_eq(judgement->title, "faulty");
    cr_assert_str_eq(judgement->profile, "");
  }
}

Test(judge, time_ends_the_rounds) {
  judge(plugin("none"), (struct pp_judge_options){.seconds = 0.5});
  cr_assert_geq(judgement->rounds, 1);
  cr_assert_leq(judgement->rounds, 40);
  cr_assert_geq(judgement->seconds, 0.5);
  cr_assert_eq(judgement->finding.clause, PP_HOLDS);
}

Test(judge, clauses_that_were_not_looked_at_are_named) {
  judge(plugin("none"), (struct pp_judge_options){.operations = 1});
  cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE);
  cr_assert_eq(judgement->rounds, 0);
  cr_assert_eq(judgement->operations, 1);
  char expected[PP_WHY_MAX] = "never evaluated, more operations needed:";
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (!judgement->armed[i] || judgement->evaluated[i] > 0) continue;
    strcat(strcat(expected, " "), pp_clause_texts[i].id);
  }
  cr_assert_str_eq(judgement->why, expected);
  cr_assert_not_null(strstr(judgement->why, " API-01 API-02"));
  judge(plugin("none"), (struct pp_judge_options){.operations = 20000});
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s", judgement->why);
  cr_assert_str_eq(judgement->why, "");
}

/* Of so many that not all have room. */
Test(judge, reason_ends_where_its_room_does) {
  struct pp_subject_spec spec = {.name = "reference:tiny",
                                 .kind = PP_SUBJECT_REFERENCE,
                                 .profile = pp_profile_find("tiny"),
                                 .level = PP_LEVEL_HEAP};
  judge(spec, (struct pp_judge_options){.operations = 1});
  cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE);
  char expected[2 * PP_WHY_MAX] = "never evaluated, more operations needed:";
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (!judgement->armed[i] || judgement->evaluated[i] > 0) continue;
    if (strlen(expected) >= PP_WHY_MAX - 16) break;
    strcat(strcat(expected, " "), pp_clause_texts[i].id);
  }
  cr_assert_gt(strlen(expected), PP_WHY_MAX - 32);
  cr_assert_str_eq(judgement->why, expected);
}

/* ---- findings ---- */

Test(judge, fault_is_shown_by_its_shortest_trace) {
  judge(plugin("forgets"), (struct pp_judge_options){.operations = 100000});
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION);
  cr_assert_eq(judgement->finding.clause, PP_API_12);
  cr_assert_eq(judgement->trace_count, 2);
  cr_assert_eq(judgement->trace[1].kind, PP_OP_REALLOC);
  cr_assert_eq(judgement->trace[1].id, judgement->trace[0].id);
  cr_assert_eq(judgement->finding.step, 2);
  cr_assert_eq(judgement->finding.op.kind, PP_OP_REALLOC);
  cr_assert_gt(judgement->found_at, 2);
  cr_assert_eq(judgement->found_after, judgement->operations);
  cr_assert_gt(judgement->found_seconds, 0);
  cr_assert_lt(judgement->found_seconds, judgement->seconds);
  cr_assert_gt(judgement->trials, 2);
  cr_assert_not(judgement->unfinished);
  cr_assert_eq(judgement->round, judgement->rounds - 1);
  cr_assert_str_eq(judgement->why, "");
}

Test(judge, shrinking_ends_where_it_costs_too_much) {
  judge(plugin("forgets"),
        (struct pp_judge_options){.operations = 100000, .shrink_work = 1});
  cr_assert_eq(judgement->finding.clause, PP_API_12);
  cr_assert(judgement->unfinished);
  cr_assert_eq(judgement->finding.step, judgement->trace_count);
}

Test(judge, finding_that_does_not_repeat_is_said_to) {
  char path[64];
  snprintf(path, sizeof path, "/tmp/poolproof-once-%d", (int)getpid());
  setenv("POOLPROOF_ONCE", path, 1);
  unlink(path);
  judge(plugin("once"), (struct pp_judge_options){.operations = 100000});
  unlink(path);
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION);
  cr_assert_eq(judgement->finding.clause, PP_API_09);
  cr_assert_str_eq(judgement->why,
                   "the finding does not repeat: the subject answers "
                   "differently to the same calls");
  cr_assert_eq(judgement->trace_count, judgement->found_at);
}

Test(judge, crash_at_once_needs_no_shrinking) {
  judge(plugin("frees-blocks-alone"),
        (struct pp_judge_options){.operations = 100000});
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION);
  cr_assert_eq(judgement->finding.clause, PP_API_07);
  cr_assert_eq(judgement->rounds, 0);
  cr_assert_eq(judgement->trace_count, 1);
  cr_assert_eq(judgement->trace[0].kind, PP_OP_FREE);
  cr_assert_eq(judgement->found_at, 1);
  cr_assert_eq(judgement->found_after, 0);
  cr_assert_gt(judgement->found_seconds, 0);
}

static void interrupt(int number) {
  (void)number;
  pp_interrupted = 1;
}

/* What was found stays found, and is not said to have gone. */
Test(judge, interrupted_shrinking_leaves_the_finding) {
  char path[64];
  snprintf(path, sizeof path, "/tmp/poolproof-once-%d", (int)getpid());
  setenv("POOLPROOF_ONCE", path, 1);
  unlink(path);
  signal(SIGUSR1, interrupt);
  judge(plugin("forgets-and-calls"),
        (struct pp_judge_options){.operations = 100000});
  unlink(path);
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION);
  cr_assert_eq(judgement->finding.clause, PP_API_12);
  cr_assert_eq(judgement->finding.step, judgement->found_at);
  cr_assert_eq(judgement->trace_count, 0);
  cr_assert_str_eq(judgement->why, "");
  cr_assert(judgement->unfinished);
}

/* A trial that hangs is short, and there are few. */
Test(judge, silence_of_a_trial_is_short_and_has_its_price) {
  static const struct pp_op small = {PP_OP_MALLOC, 2, 8, 0};
  static const struct pp_op large = {PP_OP_MALLOC, 1, 2000, 0};
  struct pp_subject_spec spec = plugin("hangs");
  struct pp_job job = {
      .spec = spec, .silence_seconds = 10, .shrink_work = 150000};
  struct pp_ops ops = {0};
  pp_ops_push(&ops, small);
  pp_ops_push(&ops, large);
  double start = pp_now();
  struct pp_shrinker shrinker = pp_judge_shrink(&job, PP_API_36, &ops);
  cr_assert(shrinker.gave_up);
  cr_assert_eq(shrinker.trials, 2); /* without the one, and the other */
  cr_assert_eq(ops.count, 1);
  cr_assert_geq(pp_now() - start, 0.25);
  cr_assert_lt(pp_now() - start, 9);
  pp_ops_free(&ops);
}

/* Neither a judgement nor shrinking keeps any of its pages. */
Test(judge, nothing_of_a_judgement_is_left) {
  enum { TIMES = 12 };
  static const struct pp_op none_freed = {PP_OP_FREE, 1, 0, 0};
  struct pp_subject_spec spec = plugin("frees-blocks-alone");
  struct pp_job job = {.spec = spec, .silence_seconds = 10};
  struct pp_ops_source source;
  size_t before = 0;
  judgement = pp_pages(sizeof *judgement);
  for (int i = 0; i <= TIMES; i++) {
    struct pp_ops ops = {0};
    if (i == 1) before = pp_held_pages(); /* the first time the rest settles */
    source = pp_ops_read(&none_freed, 1);
    job.source = &source.source;
    pp_judge_trace(&job, judgement);
    pp_ops_push(&ops, none_freed);
    pp_judge_shrink(&job, PP_API_07, &ops);
    pp_ops_free(&ops);
    pp_judge(&spec, &(struct pp_judge_options){.operations = 1}, judgement);
  }
  cr_assert_eq(judgement->finding.clause, PP_API_07);
  cr_assert_lt(pp_held_pages(), before + TIMES);
}
