/* Judgements (SPEC.md, how verdicts come about): rounds of generated
 * histories, short ones first, because what a short one shows needs no
 * shrinking. Whatever the number of jobs, a round is the same history. */
#include "check/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/clock.h"
#include "check/history.h"
#include "check/pages.h"

const char *const pp_verdict_names[] = {
    "pending",      "conforms",  "violation",  "not loaded",
    "inconclusive", "own fault", "interrupted"};

const char *const pp_agreed_names[PP_AGREED_COUNT] = {
#define AGREED(kind, name) name,
    PP_AGREED(AGREED)
#undef AGREED
};

int pp_verdict_exit_code(enum pp_verdict verdict) {
  switch (verdict) {
  case PP_VERDICT_CONFORMS: return 0;
  case PP_VERDICT_VIOLATION: return 1;
  case PP_VERDICT_NOT_LOADED: return 3;
  case PP_VERDICT_INCONCLUSIVE: return 4;
  case PP_VERDICT_INTERRUPTED: return 130;
  default: return 5;
  }
}

/* ---- one round ---- */

static void raise_to(uint64_t *peak, uint64_t value) {
  if (value > *peak) *peak = value;
}

static void add_report(struct pp_judgement *judgement,
                       const struct pp_report *report) {
  judgement->operations += report->operations;
  judgement->skipped += report->skipped;
  raise_to(&judgement->live_peak, report->live_peak);
  raise_to(&judgement->live_left, report->live_left);
  raise_to(&judgement->blocks_peak, report->blocks_peak);
  raise_to(&judgement->blocks_left, report->blocks_left);
  raise_to(&judgement->resident_peak, report->resident_peak);
  for (int i = 0; i < PP_CLAUSE_COUNT; i++) {
    judgement->evaluated[i] += report->evaluated[i];
    judgement->deviated[i] += report->deviated[i];
    judgement->armed[i] |= report->armed[i];
  }
  judgement->memory_calls += report->refused.calls;
  judgement->refused += report->refused.refused;
  judgement->forks += report->forks;
  for (int i = 0; i < PP_AGREED_COUNT; i++)
    judgement->agreed[i] += report->agreed[i];
  memcpy(judgement->title, report->title, sizeof judgement->title);
  memcpy(judgement->version, report->version, sizeof judgement->version);
  memcpy(judgement->profile, report->profile, sizeof judgement->profile);
}

/* PENDING when there is nothing to say yet. */
static enum pp_verdict verdict_of(const struct pp_report *report,
                                  const struct pp_outcome *outcome) {
  if (outcome->ending == PP_ENDING_INTERRUPTED) return PP_VERDICT_INTERRUPTED;
  if (outcome->ending == PP_ENDING_NOT_LOADED) return PP_VERDICT_NOT_LOADED;
  if (report->finding.clause != PP_HOLDS) {
    return report->finding.ours ? PP_VERDICT_OWN_FAULT : PP_VERDICT_VIOLATION;
  }
  if (report->exhausted || report->unwatched || report->refused.deaf)
    return PP_VERDICT_INCONCLUSIVE;
  return PP_VERDICT_PENDING;
}

/* The reason why a run in which memory was to be refused says nothing; NULL
 * when it does. */
static const char *never_refused(const struct pp_judgement *judgement) {
  bool refuses = judgement->refusals.which > PP_REFUSE_NONE;
  if (!refuses || judgement->refused > 0) return NULL;
  return judgement->memory_calls == 0 ? "it asks the system for no memory"
                                      : "it asks the system for memory less "
                                        "often, and nothing was refused";
}

/* A worker may end in a call that breaks what does not decide. */
static void pass_over(const struct pp_job *job, struct pp_report *report) {
  struct pp_finding *finding = &report->finding;
  if (finding->clause == PP_HOLDS || finding->ours) return;
  if (pp_driver_decides(&job->options, finding->clause)) return;
  report->evaluated[finding->clause]++;
  report->deviated[finding->clause]++;
  memset(finding, 0, sizeof *finding);
}

static enum pp_verdict run(const struct pp_job *job, struct pp_report *report,
                           struct pp_judgement *judgement) {
  struct pp_outcome outcome;
  pp_worker_run(job, report, &outcome);
  pass_over(job, report);
  add_report(judgement, report);
  judgement->refusals = job->options.refusals;
  judgement->finding = report->finding;
  memcpy(judgement->output, outcome.output, sizeof judgement->output);
  memcpy(judgement->why, report->why, sizeof judgement->why);
  if (report->exhausted) {
    snprintf(judgement->why, sizeof judgement->why,
             "the machine has no more memory or address space to give");
  } else if (report->unwatched) {
    snprintf(judgement->why, sizeof judgement->why,
             "it closed the output or a file that it is watched by");
  } else if (report->refused.deaf) {
    snprintf(judgement->why, sizeof judgement->why,
             "it blocks SIGSYS, by which memory is refused");
  }
  return verdict_of(report, &outcome);
}

enum pp_verdict pp_judge_run(const struct pp_job *job, struct pp_report *report,
                             struct pp_judgement *judgement) {
  return run(job, report, judgement);
}

void pp_judge_trace(const struct pp_job *job, struct pp_judgement *judgement) {
  struct pp_report *report = pp_pages_shared(sizeof *report);
  double start = pp_now();
  judgement->verdict = run(job, report, judgement);
  judgement->found_at = judgement->finding.step;
  judgement->seconds = pp_now() - start;
  judgement->rounds = 1;
  if (judgement->verdict == PP_VERDICT_PENDING) {
    bool nothing = judgement->operations == 0;
    judgement->verdict =
        nothing ? PP_VERDICT_INCONCLUSIVE : PP_VERDICT_CONFORMS;
    const char *idle = never_refused(judgement);
    if (idle != NULL) judgement->verdict = PP_VERDICT_INCONCLUSIVE;
    if (nothing) idle = "the trace asks nothing of this subject";
    if (idle != NULL)
      snprintf(judgement->why, sizeof judgement->why, "%s", idle);
  }
  pp_pages_free(report, sizeof *report);
}

/* ---- shrinking ---- */

/* The history up to the statement that broke the clause. */
static struct pp_ops statements(const struct pp_subject_spec *spec,
                                const struct pp_generate_options *options,
                                uint64_t steps) {
  struct pp_history history;
  struct pp_ops ops = {0};
  struct pp_op op;
  pp_history_open(&history, spec, options);
  while (ops.count < steps &&
         history.source->fill(history.source, &op, 1) == 1) {
    pp_ops_push(&ops, op);
  }
  pp_history_close(&history);
  return ops;
}

static void keep_trace(struct pp_judgement *judgement,
                       const struct pp_ops *ops) {
  judgement->trace_count = 0;
  if (ops->count > PP_TRACE_KEPT) return;
  memcpy(judgement->trace, ops->at, ops->count * sizeof *ops->at);
  judgement->trace_count = ops->count;
}

static void shrink(struct pp_job *job,
                   const struct pp_generate_options *options,
                   struct pp_judgement *judgement) {
  enum pp_clause clause = judgement->finding.clause;
  struct pp_ops ops = statements(&job->spec, options, judgement->finding.step);
  judgement->found_at = judgement->finding.step;
  struct pp_shrinker shrinker = pp_judge_shrink(job, clause, &ops);
  judgement->trials = shrinker.trials;
  judgement->unfinished = shrinker.gave_up;
  if (pp_interrupted) return;
  keep_trace(judgement, &ops);
  judgement->refusals = job->options.refusals;
  /* Once more, for the words that belong to the shrunk trace. */
  struct pp_ops_source source = pp_ops_read(ops.at, ops.count);
  struct pp_job again = *job;
  struct pp_judgement *last = calloc(1, sizeof *last);
  again.source = &source.source;
  if (last == NULL) abort();
  pp_judge_trace(&again, last);
  if (last->finding.clause == clause) {
    judgement->finding = last->finding;
  } else {
    snprintf(judgement->why, sizeof judgement->why,
             "the finding does not repeat: the subject answers differently "
             "to the same calls");
  }
  free(last);
  pp_ops_free(&ops);
}

/* ---- all rounds ---- */

static bool wants_more(const struct pp_judge_options *options,
                       const struct pp_judgement *judgement, double start) {
  if (options->operations != 0 &&
      judgement->operations >= options->operations &&
      !pp_judge_wants_forks(options, judgement)) {
    return false;
  }
  return options->seconds <= 0 || pp_now() - start < options->seconds;
}

uint64_t pp_walk_interval(enum pp_level level) {
  switch (level) {
  case PP_LEVEL_NONE: return 0;
  case PP_LEVEL_CHEAP: return 65536;
  case PP_LEVEL_OBJECT: return 8192;
  default: return 1;
  }
}

/* The first round of all is one statement, for the subject's name. */
static enum pp_verdict introduce(struct pp_job *job, struct pp_report *report,
                                 struct pp_judgement *judgement) {
  static const struct pp_op one = {PP_OP_FREE, 0, 0, 0};
  struct pp_ops_source source = pp_ops_read(&one, 1);
  job->source = &source.source;
  enum pp_verdict verdict = run(job, report, judgement);
  if (verdict == PP_VERDICT_VIOLATION) {
    judgement->trace[0] = one;
    judgement->trace_count = 1;
    judgement->found_at = 1;
  }
  return verdict;
}

void pp_judge_declare(struct pp_job *job, struct pp_declared *declared) {
  struct pp_report *report = pp_pages_shared(sizeof *report);
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  struct pp_job first = *job;
  memset(declared, 0, sizeof *declared);
  introduce(&first, report, judgement);
  pp_judge_find_declared(job, judgement->title, judgement->version, declared);
  job->options.declared = declared->deviates;
  pp_pages_free(judgement, sizeof *judgement);
  pp_pages_free(report, sizeof *report);
}

static void conclude(struct pp_judgement *judgement) {
  if (judgement->verdict != PP_VERDICT_PENDING) return;
  unsigned silent = pp_judgement_silent(judgement);
  const char *idle = never_refused(judgement);
  judgement->verdict =
      idle == NULL ? PP_VERDICT_CONFORMS : PP_VERDICT_INCONCLUSIVE;
  if (idle != NULL) snprintf(judgement->why, sizeof judgement->why, "%s", idle);
  if (silent == 0) return;
  judgement->verdict = PP_VERDICT_INCONCLUSIVE;
  int at = snprintf(judgement->why, sizeof judgement->why,
                    "never evaluated, more operations needed:");
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (!judgement->armed[i] || judgement->evaluated[i] > 0) continue;
    if (at >= (int)sizeof judgement->why - 16) break;
    at += snprintf(judgement->why + at, sizeof judgement->why - (size_t)at,
                   " %s", pp_clause_texts[i].id);
  }
}

static void note_detection(struct pp_judgement *judgement, double start) {
  if (judgement->verdict != PP_VERDICT_VIOLATION) return;
  judgement->found_after = judgement->operations;
  judgement->found_seconds = pp_now() - start;
}

/* Whatever comes of it, the verdict stands. */
#define SILENCE_OF_A_MISUSE 5

static void misuse(const struct pp_subject_spec *spec,
                   const struct pp_judge_options *options,
                   struct pp_judgement *judgement) {
  bool loaded = judgement->verdict == PP_VERDICT_CONFORMS ||
                judgement->verdict == PP_VERDICT_VIOLATION ||
                judgement->verdict == PP_VERDICT_INCONCLUSIVE;
  if (options->hardening && loaded)
    pp_misuse_judge(spec, SILENCE_OF_A_MISUSE, judgement->misused);
}

static void judge_round(struct pp_job *job,
                        const struct pp_judge_options *options,
                        struct pp_report *report,
                        struct pp_judgement *judgement, double start) {
  const struct pp_subject_spec *spec = &job->spec;
  struct pp_generate_options history_options = {
      .seed = options->seed,
      .round = judgement->rounds,
      .operations = pp_history_length(spec, judgement->rounds),
      .profile = pp_profile_find(judgement->profile),
  };
  /* Without a limit this wraps, and is more than any history has. */
  uint64_t left = options->operations - judgement->operations;
  if (history_options.operations > left) history_options.operations = left;
  struct pp_history history;
  job->options.growth = pp_history_grows(spec, judgement->rounds);
  pp_history_open(&history, spec, &history_options);
  job->source = history.source;
  judgement->round = judgement->rounds++;
  judgement->verdict = run(job, report, judgement);
  pp_history_close(&history);
  note_detection(judgement, start);
  if (judgement->verdict == PP_VERDICT_VIOLATION) {
    if (judgement->finding.step > 0) job->options.growth = false;
    shrink(job, &history_options, judgement);
  }
}

void pp_judge(const struct pp_subject_spec *spec,
              const struct pp_judge_options *options,
              struct pp_judgement *judgement) {
  static struct pp_terms terms; /* too large for a stack */
  struct pp_report *report = pp_pages_shared(sizeof *report);
  struct pp_job job = {.spec = *spec,
                       .reference = options->reference,
                       .silence_seconds = options->silence_seconds,
                       .shrink_work = options->shrink_work};
  double start = pp_now();
  snprintf(judgement->name, sizeof judgement->name, "%s", spec->name);
  if (spec->typed != NULL)
    snprintf(judgement->typed, sizeof judgement->typed, "%s", spec->typed);
  judgement->seed = options->seed;
  job.options.contents = options->contents;
  job.options.refusals = options->refusals;
  job.options.shadow = options->contents != PP_CONTENTS_NONE;
  job.options.walk_interval = pp_walk_interval(spec->level);
  pp_judge_terms_open(&terms, &job, options);
  judgement->verdict = introduce(&job, report, judgement);
  note_detection(judgement, start);
  pp_judge_terms(&terms, &job, options, judgement);
  while (judgement->verdict == PP_VERDICT_PENDING &&
         wants_more(options, judgement, start)) {
    if (options->threads.count > 0) {
      judgement->verdict = pp_judge_turns(&job, options, report, judgement);
      note_detection(judgement, start);
      if (judgement->verdict == PP_VERDICT_VIOLATION)
        pp_judge_turns_again(&job, judgement);
    } else {
      judge_round(&job, options, report, judgement, start);
    }
  }
  conclude(judgement);
  judgement->seconds = pp_now() - start;
  misuse(spec, options, judgement);
  pp_pages_free(report, sizeof *report);
}

/* ---- sums ---- */

uint64_t pp_judgement_checks(const struct pp_judgement *judgement) {
  uint64_t sum = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    sum += judgement->evaluated[i];
  return sum;
}

unsigned pp_judgement_armed(const struct pp_judgement *judgement) {
  unsigned sum = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    sum += judgement->armed[i] != 0;
  return sum;
}

unsigned pp_judgement_silent(const struct pp_judgement *judgement) {
  unsigned sum = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    sum += judgement->armed[i] != 0 && judgement->evaluated[i] == 0;
  }
  return sum;
}

unsigned pp_judgement_deviations(const struct pp_judgement *judgement) {
  unsigned sum = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    sum += judgement->deviated[i] != 0;
  }
  return sum;
}
