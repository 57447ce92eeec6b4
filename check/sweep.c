/* Sweeps over refused memory (SPEC.md, API): a worker for each call. */
#include "check/sweep.h"

#include <stdio.h>
#include <string.h>

#include "check/pages.h"

const char *const pp_sweep_outcome_names[PP_SWEEP_OUTCOMES] = {
    "completed", "null with ENOMEM", "null without errno",
    "crashed",   "exited",           "hang",
    "violation", "not reached",      "not judged"};

static enum pp_sweep_outcome violation(const struct pp_report *report,
                                       const struct pp_outcome *outcome) {
  if (outcome->signal != 0) return PP_SWEEP_CRASHED;
  if (report->where != PP_WHERE_DONE) {
    if (report->finding.clause == PP_API_36) return PP_SWEEP_HUNG;
    if (report->finding.clause == PP_API_38) return PP_SWEEP_EXITED;
  }
  return PP_SWEEP_BROKEN;
}

static enum pp_sweep_outcome outcome_of(const struct pp_report *report,
                                        const struct pp_outcome *outcome) {
  if (report->finding.clause != PP_HOLDS) return violation(report, outcome);
  if (report->exhausted || report->unwatched || report->refused.deaf)
    return PP_SWEEP_UNJUDGED;
  if (report->refused.refused == 0) return PP_SWEEP_UNREACHED;
  if (report->refused.silent > 0) return PP_SWEEP_SILENT;
  if (report->refused.nulls > 0) return PP_SWEEP_NULL;
  return PP_SWEEP_COMPLETED;
}

static enum pp_memory_call refused_call(const struct pp_report *report) {
  int call = 0;
  while (call < PP_MEMORY_CALLS - 1 && report->refused.refused_of[call] == 0)
    call++;
  return (enum pp_memory_call)call;
}

/* The trace as it is, with its calls counted. */
static enum pp_verdict count_calls(struct pp_sweep *sweep,
                                   struct pp_report *report,
                                   struct pp_judgement *judgement) {
  struct pp_ops_source source = pp_ops_read(sweep->ops, sweep->count);
  struct pp_outcome outcome;
  sweep->job.source = &source.source;
  sweep->job.options.refusals = (struct pp_refusals){.which = PP_REFUSE_NONE};
  pp_judge_trace(&sweep->job, judgement);
  if (judgement->verdict != PP_VERDICT_CONFORMS) return judgement->verdict;
  source = pp_ops_read(sweep->ops, sweep->count);
  pp_worker_run(&sweep->job, report, &outcome);
  sweep->calls = report->refused.calls;
  memcpy(sweep->calls_of, report->refused.calls_of, sizeof sweep->calls_of);
  if (sweep->calls > 0) return PP_VERDICT_CONFORMS;
  snprintf(judgement->why, sizeof judgement->why,
           "the trace lets it ask the system for no memory");
  return PP_VERDICT_INCONCLUSIVE;
}

/* Refuses the call of this number; PENDING when there is no reason to stop. */
static enum pp_verdict refuse(struct pp_sweep *sweep, uint64_t number,
                              struct pp_report *report,
                              struct pp_sweep_run *run) {
  struct pp_ops_source source = pp_ops_read(sweep->ops, sweep->count);
  struct pp_outcome outcome;
  sweep->job.source = &source.source;
  sweep->job.options.refusals = (struct pp_refusals){
      .which = PP_REFUSE_CALLS, .first = number, .count = 1};
  pp_worker_run(&sweep->job, report, &outcome);
  if (outcome.ending == PP_ENDING_INTERRUPTED) return PP_VERDICT_INTERRUPTED;
  if (outcome.ending == PP_ENDING_NOT_LOADED) return PP_VERDICT_NOT_LOADED;
  *run = (struct pp_sweep_run){.number = number,
                               .outcome = outcome_of(report, &outcome),
                               .call = refused_call(report),
                               .clause = report->finding.clause,
                               .signal = outcome.signal,
                               .nulls = report->refused.nulls};
  return report->finding.ours ? PP_VERDICT_OWN_FAULT : PP_VERDICT_PENDING;
}

static enum pp_verdict refuse_all(struct pp_sweep *sweep,
                                  struct pp_report *report,
                                  struct pp_judgement *judgement) {
  enum pp_verdict verdict = PP_VERDICT_CONFORMS;
  for (uint64_t number = 1; number <= sweep->most; number++) {
    struct pp_sweep_run run;
    enum pp_verdict stop = refuse(sweep, number, report, &run);
    if (stop != PP_VERDICT_PENDING) {
      judgement->finding = report->finding;
      memcpy(judgement->why, report->why, sizeof judgement->why);
      return stop;
    }
    bool reached = run.outcome != PP_SWEEP_UNREACHED;
    if (!reached && number > sweep->calls) break;
    sweep->runs++;
    sweep->on_run(sweep->ctx, &run);
    if (pp_sweep_is_violation(run.outcome)) {
      verdict = PP_VERDICT_VIOLATION;
    } else if (run.outcome == PP_SWEEP_UNJUDGED &&
               verdict == PP_VERDICT_CONFORMS) {
      verdict = PP_VERDICT_INCONCLUSIVE;
    }
  }
  return verdict;
}

enum pp_verdict pp_sweep(struct pp_sweep *sweep,
                         struct pp_judgement *judgement) {
  struct pp_report *report = pp_pages_shared(sizeof *report);
  enum pp_verdict verdict = count_calls(sweep, report, judgement);
  if (verdict == PP_VERDICT_CONFORMS) {
    verdict = refuse_all(sweep, report, judgement);
  }
  pp_pages_free(report, sizeof *report);
  return verdict;
}
