/* How a worker ends, and what is told of that (SPEC.md, API-36 to API-39): the
 * plug-in that is faulty when it is told to be hangs, floods, ends its output,
 * or leaves another process behind. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check/clock.h"
#include "check/pages.h"
#include "check/worker.h"

static struct pp_report *report;
static struct pp_outcome outcome;

/* A small block and a large one. */
static void run(const char *fault, double silence_seconds) {
  static const struct pp_op ops[] = {{PP_OP_MALLOC, 1, 8, 0},
                                     {PP_OP_MALLOC, 2, 2000, 0}};
  struct pp_ops_source source = pp_ops_read(ops, 2);
  struct pp_job job = {.spec = {.name = "faulty",
                                .kind = PP_SUBJECT_PLUGIN,
                                .path = getenv("POOLPROOF_FAULTY"),
                                .prefix = ""},
                       .source = &source.source,
                       .silence_seconds = silence_seconds};
  setenv("POOLPROOF_FAULT", fault, 1);
  report = pp_pages_shared(sizeof *report);
  pp_worker_run(&job, report, &outcome);
}

static void found(enum pp_clause clause, uint64_t step, const char *what) {
  const struct pp_finding *finding = &report->finding;
  cr_assert_eq(finding->clause, clause, "%s: %s",
               pp_clause_texts[finding->clause].id, finding->what);
  cr_assert_str_eq(finding->what, what);
  cr_assert_eq(finding->step, step);
  cr_assert_not(finding->ours);
  cr_assert_eq(outcome.ending, PP_ENDING_COMPLETE);
}

Test(API_36, call_that_does_not_return_is_told_after_the_silence) {
  double start = pp_now();
  run("hangs", 0.2);
  found(PP_API_36, 2, "no progress for 0.2 seconds");
  cr_assert_geq(pp_now() - start, 0.2);
}

Test(API_37, crash_while_it_is_loaded_is_told) {
  run("aborts-in-loading", 10);
  found(PP_API_37, 0, "ended by signal 6 (Aborted) while it was loaded");
}

Test(API_39, flood_is_told_wherever_it_comes) {
  run("prints-in-loading", 10);
  found(PP_API_39, 0, "it wrote without end");
}

/* Nor is there a verdict where nobody could have read what it wrote. */
Test(API_39, end_of_the_output_is_seen) {
  run("closes", 10);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_eq(outcome.ending, PP_ENDING_COMPLETE);
  cr_assert(report->unwatched);
}

/* The worker's own end is what is waited for, and what it leaves behind, which
 * holds the output and another descriptor open, ends with it. */
Test(API_36, process_that_is_left_behind_is_ended) {
  int ends[2];
  double start = pp_now();
  cr_assert_eq(pipe(ends), 0);
  run("leaves", 10);
  cr_assert_lt(pp_now() - start, 9);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_eq(report->where, PP_WHERE_DONE);
  close(ends[1]);
  struct pollfd held = {.fd = ends[0], .events = POLLIN};
  cr_assert_eq(poll(&held, 1, 5000), 1);
  cr_assert(held.revents & POLLHUP);
}
