/* Judgements of several threads (SPEC.md, Threads): runs of a plan, each in a
 * fresh worker, the seed of each one more than that of the one before. A
 * finding need not show again, for nothing makes the threads interleave alike:
 * how often it did is said, and it is brought down to fewer threads and turns
 * as long as it does. */
#include <string.h>

#include "check/clock.h"
#include "check/judge.h"
#include "check/pages.h"

/* Runs of the plan that a finding is looked for in again, and those that a
 * smaller plan has to show it in; seconds that all of them may take, in
 * proportion to what shrinking may cost. */
enum { AGAIN = 5, SMALLER_AGAIN = 2 };
#define SECONDS_MOST 15.0

static uint64_t statements_of(const struct pp_threads_plan *plan) {
  return plan->count * (uint64_t)PP_TURN_STATEMENTS;
}

static uint64_t max(uint64_t left, uint64_t right) {
  return left > right ? left : right;
}

/* Every other run is short, for each has only one first call. */
static uint64_t turns_of(const struct pp_judge_options *options,
                         const struct pp_judgement *judgement) {
  uint64_t each = statements_of(&options->threads);
  uint64_t done = judgement->operations;
  uint64_t left = done < options->operations ? options->operations - done : 0;
  uint64_t turns = left / each + (left % each != 0);
  uint64_t forks = options->threads.forks;
  if (judgement->forks < forks && turns < PP_TURNS_MOST)
    turns = max(turns, (forks - judgement->forks) / PP_TURN_FORKS + 1);
  bool is_short = judgement->rounds % 2 == 1;
  uint64_t most = is_short ? 1 : PP_TURNS_MOST;
  if (options->operations == 0 || turns > most) turns = most;
  return max(turns, 1);
}

/* Until all are made, in as many runs as that takes. */
static uint64_t forks_of(const struct pp_judge_options *options,
                         const struct pp_judgement *judgement, uint64_t turns) {
  uint64_t forks = options->threads.forks;
  uint64_t left = judgement->forks < forks ? forks - judgement->forks : 0;
  if (judgement->deviated[PP_API_87] > 0) return 0; /* one is enough */
  uint64_t most = turns * PP_TURN_FORKS;
  return left < most ? left : most;
}

bool pp_judge_wants_forks(const struct pp_judge_options *options,
                          const struct pp_judgement *judgement) {
  return forks_of(options, judgement, PP_TURNS_MOST) > 0;
}

static enum pp_verdict run_plan(struct pp_job *job, struct pp_report *report,
                                struct pp_judgement *judgement) {
  struct pp_ops_source none = pp_ops_read(NULL, 0);
  job->source = &none.source;
  enum pp_verdict verdict = pp_judge_run(job, report, judgement);
  job->source = NULL;
  return verdict;
}

/* What a single thread breaks is no matter of threads, and not told as one. It
 * does not count, or the plan would not be the first of its command. */
static enum pp_verdict run_alone(struct pp_job *job, struct pp_report *report,
                                 struct pp_judgement *judgement) {
  const struct pp_threads_plan whole = job->options.threads;
  struct pp_threads_plan *plan = &job->options.threads;
  uint64_t operations = judgement->operations;
  plan->count = 1;
  plan->turns = 1;
  plan->forks = 0;
  enum pp_verdict verdict = run_plan(job, report, judgement);
  judgement->threads = *plan;
  *plan = whole;
  if (verdict == PP_VERDICT_PENDING) judgement->operations = operations;
  return verdict;
}

enum pp_verdict pp_judge_turns(struct pp_job *job,
                               const struct pp_judge_options *options,
                               struct pp_report *report,
                               struct pp_judgement *judgement) {
  struct pp_threads_plan *plan = &job->options.threads;
  /* The first run of all was of one thread, and promised more. */
  if (judgement->rounds == 0)
    memset(judgement->armed, 0, sizeof judgement->armed);
  plan->count = options->threads.count;
  plan->seed = options->seed + judgement->rounds;
  plan->turns = turns_of(options, judgement);
  plan->forks = forks_of(options, judgement, plan->turns);
  plan->silence_seconds = job->silence_seconds;
  if (judgement->rounds == 0 && plan->count > 1) {
    enum pp_verdict alone = run_alone(job, report, judgement);
    if (alone != PP_VERDICT_PENDING) return alone;
  }
  judgement->round = judgement->rounds++;
  enum pp_verdict verdict = run_plan(job, report, judgement);
  judgement->threads = *plan;
  judgement->found_at = judgement->finding.step;
  return verdict;
}

/* ---- again ---- */

struct search {
  struct pp_job *job;
  enum pp_clause clause;
  struct pp_report *report;
  struct pp_judgement *scratch;
  struct pp_finding finding; /* the last of this clause */
  uint64_t runs;
  double until;
};

static bool shows(struct search *search, const struct pp_threads_plan *plan) {
  memset(search->scratch, 0, sizeof *search->scratch);
  search->job->options.threads = *plan;
  run_plan(search->job, search->report, search->scratch);
  search->runs++;
  if (search->scratch->finding.clause != search->clause) return false;
  search->finding = search->scratch->finding;
  return true;
}

static bool has_time(const struct search *search) {
  return !pp_interrupted && pp_now() < search->until;
}

/* Takes the smaller plan when it shows the same each time. */
static bool try_smaller(struct search *search, struct pp_threads_plan *plan,
                        unsigned count, uint64_t turns) {
  struct pp_threads_plan smaller = *plan;
  smaller.count = count;
  smaller.turns = turns;
  if (count < 1 || turns < 1) return false;
  if (count == plan->count && turns == plan->turns) return false;
  if (smaller.forks > turns * PP_TURN_FORKS)
    smaller.forks = turns * PP_TURN_FORKS;
  for (int i = 0; i < SMALLER_AGAIN; i++) {
    if (!has_time(search) || !shows(search, &smaller)) return false;
  }
  *plan = smaller;
  return true;
}

static void make_smaller(struct search *search, struct pp_threads_plan *plan) {
  uint64_t turns = search->finding.turn + 1;
  if (turns < plan->turns) try_smaller(search, plan, plan->count, turns);
  if (plan->count > 2 && !try_smaller(search, plan, 2, plan->turns))
    try_smaller(search, plan, plan->count / 2, plan->turns);
  while (try_smaller(search, plan, plan->count, plan->turns / 4) ||
         try_smaller(search, plan, plan->count, plan->turns / 2)) {
  }
}

static void count_again(struct search *search, struct pp_judgement *judgement) {
  judgement->again = judgement->repeated = 0;
  while (judgement->again < AGAIN && has_time(search)) {
    judgement->again++;
    judgement->repeated += shows(search, &judgement->threads);
  }
}

static double seconds_for(const struct pp_job *job) {
  if (job->shrink_work == 0) return SECONDS_MOST;
  return SECONDS_MOST * (double)job->shrink_work / PP_SHRINK_WORK_MAX;
}

void pp_judge_turns_again(struct pp_job *job, struct pp_judgement *judgement) {
  struct search search = {.job = job,
                          .clause = judgement->finding.clause,
                          .report = pp_pages_shared(sizeof *search.report),
                          .scratch = pp_pages(sizeof *search.scratch),
                          .finding = judgement->finding};
  search.until = pp_now() + seconds_for(job);
  const struct pp_threads_plan whole = judgement->threads;
  make_smaller(&search, &judgement->threads);
  count_again(&search, judgement);
  bool in_vain = judgement->repeated == 0 && judgement->again > 0;
  if (in_vain && judgement->threads.turns * judgement->threads.count <
                     whole.turns * whole.count) {
    judgement->threads = whole;
    count_again(&search, judgement);
  }
  judgement->finding = search.finding;
  judgement->trials = search.runs;
  pp_pages_free(search.scratch, sizeof *search.scratch);
  pp_pages_free(search.report, sizeof *search.report);
}
