/* Shrinking what a judgement found (SPEC.md, OPS-17): each trial is a worker of
 * its own. Where memory was refused, the trial refuses the same call, or the
 * one that has the same number from the end: what was left out before it may
 * have asked for memory, too. */
#include <stdio.h>

#include "check/judge.h"
#include "check/pages.h"

#define SILENCE_OF_A_TRIAL 0.25
#define WORK_OF_A_SILENCE UINT64_C(100000)
/* Two more runs in each trial, at most. */
#define WORK_OF_REFUSALS UINT64_C(10000)

struct question {
  struct pp_job job;
  struct pp_report *report;
  enum pp_clause clause;
  uint64_t calls; /* for memory, of what shows it, when none is refused */
};

static bool shows_with(struct question *question,
                       const struct pp_refusals *refusals,
                       const struct pp_op *ops, size_t count) {
  struct pp_ops_source source = pp_ops_read(ops, count);
  struct pp_outcome outcome;
  if (pp_interrupted) return false;
  /* Loops need none, but a trace has to be shown. */
  if (count == 0 && pp_loops_have(question->clause)) return false;
  question->job.source = &source.source;
  question->job.options.refusals = *refusals;
  pp_worker_run(&question->job, question->report, &outcome);
  return question->report->finding.clause == question->clause;
}

static uint64_t calls_of(struct question *question, const struct pp_op *ops,
                         size_t count) {
  const struct pp_refusals none = {.which = PP_REFUSE_NONE};
  shows_with(question, &none, ops, count);
  return question->report->refused.calls;
}

static bool shows(void *ctx, const struct pp_op *ops, size_t count) {
  struct question *question = ctx;
  struct pp_refusals now = question->job.options.refusals;
  bool same = shows_with(question, &now, ops, count);
  if (now.which != PP_REFUSE_CALLS) return same;
  uint64_t calls = calls_of(question, ops, count);
  uint64_t fewer = question->calls > calls ? question->calls - calls : 0;
  if (!same && fewer > 0 && fewer < now.first) {
    struct pp_refusals earlier = now;
    earlier.first -= fewer;
    same = shows_with(question, &earlier, ops, count);
    if (same) now = earlier;
  }
  question->job.options.refusals = now;
  if (same) question->calls = calls;
  return same;
}

/* One of the last refused calls alone may be enough. */
static void refuse_one(struct question *question, const struct pp_ops *ops) {
  const struct pp_refusals all = question->job.options.refusals;
  const struct pp_refusals *found = &all;
  struct pp_refusals one = {.which = PP_REFUSE_CALLS, .count = 1};
  shows_with(question, &all, ops->at, ops->count);
  const struct pp_refused last = question->report->refused;
  for (uint64_t back = 0; back < PP_REFUSED_KEPT && back < last.refused;
       back++) {
    one.first = last.last[(last.refused - 1 - back) % PP_REFUSED_KEPT];
    if (!shows_with(question, &one, ops->at, ops->count)) continue;
    found = &one;
    break;
  }
  question->job.options.refusals = *found;
}

/* One of the first calls is the simplest to refuse; of a trace that is short by
 * now it may be enough where it was not of the long one. */
static bool refuse_earlier(struct question *question,
                           const struct pp_ops *ops) {
  enum { TRIED = 16 };
  const struct pp_refusals now = question->job.options.refusals;
  bool is_one = now.which == PP_REFUSE_CALLS && now.count == 1;
  uint64_t most = is_one && now.first <= TRIED ? now.first - 1 : TRIED;
  struct pp_refusals one = {.which = PP_REFUSE_CALLS, .count = 1};
  for (one.first = 1; one.first <= most; one.first++) {
    if (shows_with(question, &one, ops->at, ops->count)) return true;
  }
  question->job.options.refusals = now;
  return false;
}

/* The calls of what shows it now; what is refused stays. */
static void count_calls(struct question *question, const struct pp_ops *ops) {
  const struct pp_refusals now = question->job.options.refusals;
  question->calls = calls_of(question, ops->at, ops->count);
  question->job.options.refusals = now;
}

struct pp_shrinker pp_judge_shrink(struct pp_job *job, enum pp_clause clause,
                                   struct pp_ops *ops) {
  struct question question = {.job = *job, .clause = clause};
  bool refusing = job->options.refusals.which > PP_REFUSE_NONE;
  question.report = pp_pages_shared(sizeof *question.report);
  /* A trial that hangs lasts that long, which has its price; the shrunk trace
   * is waited for in full. */
  bool hangs = clause == PP_API_36;
  if (hangs) question.job.silence_seconds = SILENCE_OF_A_TRIAL;
  struct pp_shrinker shrinker = {
      .shows = shows,
      .ctx = &question,
      .stop = &pp_interrupted,
      .trial_work =
          (hangs ? WORK_OF_A_SILENCE : 0) + (refusing ? WORK_OF_REFUSALS : 0),
      .work_most = job->shrink_work,
  };
  if (refusing) {
    refuse_one(&question, ops);
    count_calls(&question, ops);
  }
  /* What does not repeat, as the work of somebody who ends a worker, cannot be
   * shrunk: each trial would take as long as all of it. */
  bool repeats = shows(&question, ops->at, ops->count);
  if (repeats || pp_interrupted) pp_shrink(&shrinker, ops);
  if (refusing && refuse_earlier(&question, ops)) {
    count_calls(&question, ops);
    pp_shrink(&shrinker, ops);
  }
  job->options.refusals = question.job.options.refusals;
  pp_pages_free(question.report, sizeof *question.report);
  return shrinker;
}
