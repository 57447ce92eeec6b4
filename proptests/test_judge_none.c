/* Judgements of single traces, and when there is no verdict (SPEC.md, how
 * verdicts come about). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

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

static const struct pp_op one = {PP_OP_MALLOC, 1, 8, 0};

static void judge_trace(const char *fault, const struct pp_op *ops,
                        size_t count) {
  struct pp_ops_source source = pp_ops_read(ops, count);
  struct pp_job job = {
      .spec = plugin(fault),
      .options = {.contents = PP_CONTENTS_FULL, .shadow = true},
      .source = &source.source,
      .silence_seconds = 10};
  judgement = pp_pages(sizeof *judgement);
  pp_judge_trace(&job, judgement);
}

Test(judge, trace_that_asks_nothing_is_no_pass) {
  static const struct pp_op skipped = {PP_OP_FORK, 0, 0, 0};
  static const struct pp_op nothing = {PP_OP_EXPECT, 0, 1, 0};
  judge_trace("none", &one, 1);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS);
  cr_assert_eq(judgement->rounds, 1);
  cr_assert_eq(judgement->operations, 1);
  cr_assert_eq(judgement->skipped, 0);
  cr_assert_eq(judgement->found_at, 0);
  cr_assert_gt(judgement->seconds, 0);
  cr_assert_lt(judgement->seconds, 100);
  cr_assert_str_eq(judgement->why, "");
  judge_trace("none", &skipped, 1);
  cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE);
  cr_assert_eq(judgement->skipped, 1);
  cr_assert_str_eq(judgement->why, "the trace asks nothing of this subject");
  judge_trace("none", &nothing, 1);
  cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE);
}

Test(judge, what_was_written_and_what_was_deviated_from_are_kept) {
  static const struct pp_op ops[] = {{PP_OP_MALLOC, 1, 0, 0},
                                     {PP_OP_MALLOC, 2, 8, 0},
                                     {PP_OP_MALLOC, 1, 0, 0}};
  judge_trace("zero-is-null", ops, COUNT(ops));
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS);
  cr_assert_eq(judgement->deviated[PP_API_06], 2);
  cr_assert_eq(judgement->evaluated[PP_API_06], 2);
  cr_assert_eq(judgement->evaluated[PP_API_01], 1);
  cr_assert_eq(pp_judgement_deviations(judgement), 1);
  cr_assert_str_eq(judgement->output, "");
  judge_trace("prints", ops, COUNT(ops));
  cr_assert_str_eq(judgement->output, "0000000\n");
}

Test(judge, output_that_was_closed_leaves_no_verdict) {
  judge_trace("closes", &one, 1);
  cr_assert_eq(judgement->finding.clause, PP_HOLDS);
  cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE);
  cr_assert_str_eq(judgement->why,
                   "it closed the output or a file that it is watched by");
}

Test(judge, interrupted_judgement_has_no_verdict) {
  static const struct pp_op long_one = {PP_OP_BURST, 1, 100000, 8};
  pp_interrupted = 1;
  judge_trace("sleep", &long_one, 1);
  cr_assert_eq(judgement->verdict, PP_VERDICT_INTERRUPTED);
  judge(plugin("sleep"), (struct pp_judge_options){.operations = 100000});
  cr_assert_eq(judgement->verdict, PP_VERDICT_INTERRUPTED);
}

static void keep_all(struct pp_heap *heap) {
  (void)heap;
}

static void judge_by(const struct pp_reference *reference) {
  struct pp_ops_source source = pp_ops_read(&one, 1);
  struct pp_job job = {.spec = {.name = "reference",
                                .kind = PP_SUBJECT_REFERENCE,
                                .profile = pp_profile_find("tiny")},
                       .reference = reference,
                       .source = &source.source,
                       .silence_seconds = 10};
  judgement = pp_pages(sizeof *judgement);
  pp_judge_trace(&job, judgement);
}

Test(judge, fault_of_the_twin_is_our_own) {
  struct pp_reference twin = pp_reference_none;
  judge_by(&twin);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS);
  twin.destroy = keep_all;
  judge_by(&twin);
  cr_assert_eq(judgement->verdict, PP_VERDICT_OWN_FAULT);
  cr_assert_eq(judgement->found_at, 1);
}

/* So little address space that no arena can be reserved. */
Test(judge, host_without_room_gives_no_verdict) {
  struct rlimit former, low;
  cr_assert_eq(getrlimit(RLIMIT_AS, &former), 0);
  low = (struct rlimit){pp_held_pages() * pp_pages_guard() + ((size_t)1 << 28),
                        former.rlim_max};
  setrlimit(RLIMIT_AS, &low);
  judge_by(NULL);
  setrlimit(RLIMIT_AS, &former);
  cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE);
  cr_assert_str_eq(judgement->why, "the machine has no more memory or address "
                                   "space to give");
}

Test(judge, judgement_prints_nothing) {
  int former = dup(STDERR_FILENO);
  int printed = memfd_create("printed", 0);
  dup2(printed, STDERR_FILENO);
  judge(plugin("none"), (struct pp_judge_options){.operations = 1});
  dup2(former, STDERR_FILENO);
  cr_assert_eq(judgement->finding.clause, PP_HOLDS);
  cr_assert_eq(lseek(printed, 0, SEEK_END), 0);
}

Test(judge, what_does_not_load_has_no_verdict) {
  char path[] = "/nowhere/at-all.so";
  struct pp_subject_spec spec = plugin("none");
  spec.path = path;
  judge(spec, (struct pp_judge_options){.operations = 100});
  cr_assert_eq(judgement->verdict, PP_VERDICT_NOT_LOADED);
  cr_assert_eq(judgement->rounds, 0);
  cr_assert_not_null(strstr(judgement->why, path), "%s", judgement->why);
}
