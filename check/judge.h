/* A judgement: generated histories performed on one subject, round after
 * round, each in a fresh worker, until the operations or the time are used up
 * or a clause is seen broken; then the history is shrunk.
 *
 * A judgement is plain data, so that it can be made in another process. */
#ifndef CHECK_JUDGE_H
#define CHECK_JUDGE_H

#include "check/declared.h"
#include "check/generate.h"
#include "check/misuse.h"
#include "check/shrink.h"

enum pp_verdict {
  PP_VERDICT_PENDING, /* not judged yet, or the judge died */
  PP_VERDICT_CONFORMS,
  PP_VERDICT_VIOLATION,
  PP_VERDICT_NOT_LOADED,
  PP_VERDICT_INCONCLUSIVE, /* nothing broken, but an oracle stayed silent */
  PP_VERDICT_OWN_FAULT,
  PP_VERDICT_INTERRUPTED
};

extern const char *const pp_verdict_names[];

/* The exit code of the program for a verdict. */
int pp_verdict_exit_code(enum pp_verdict verdict);

struct pp_judge_options {
  uint64_t seed;
  uint64_t operations; /* calls in all; 0: until the time is over */
  double seconds;      /* 0: until the operations are done */
  enum pp_contents contents;
  const struct pp_reference *reference; /* the twin's build, or NULL */
  unsigned silence_seconds;
  uint64_t shrink_work; /* 0: what pp_shrink allows */
  struct pp_refusals refusals;
  /* Clauses that count as declared, whatever a file says, one for each of enum
   * pp_clause; NULL: those that the release's own file declares. */
  const bool *excused;
  /* Clauses of latitude and of quality that decide, besides those that the
   * release promises; or NULL. */
  const bool *promised;
  bool hardening; /* see also what becomes of misuse */
  /* Several threads, and no histories; of this the count and the forks. */
  struct pp_threads_plan threads;
};

/* Statements of a shrunk trace that a judgement has room for. */
enum { PP_TRACE_KEPT = 4096 };

struct pp_judgement {
  enum pp_verdict verdict;
  char name[256];
  char typed[1024]; /* as a SUBJECT; "": as its name is */
  char title[128];
  char version[32];
  char profile[16];
  uint64_t rounds;
  uint64_t operations;
  uint64_t skipped;
  double seconds;
  /* Of the round with most of each (check/report.h). */
  uint64_t live_peak;
  uint64_t live_left;
  uint64_t blocks_peak;
  uint64_t blocks_left;
  uint64_t resident_peak;
  uint8_t armed[PP_CLAUSE_COUNT];
  uint64_t evaluated[PP_CLAUSE_COUNT];
  uint64_t deviated[PP_CLAUSE_COUNT];
  uint64_t agreed[PP_AGREED_COUNT];
  struct pp_refusals refusals; /* of a violation: those that show it */
  uint64_t memory_calls;       /* for memory, where they were watched */
  uint64_t refused;
  uint8_t declared[PP_CLAUSE_COUNT];
  char declared_in[256];      /* the file that says so, or "" */
  char why[PP_WHY_MAX];       /* not loaded, or inconclusive: the reason */
  char output[PP_OUTPUT_MAX]; /* the last that the subject wrote */
  struct pp_misused misused[PP_MISUSE_COUNT]; /* where that was asked for */

  /* Of a violation. */
  struct pp_finding finding; /* in the shrunk trace */
  uint64_t forks;            /* that threads made while others called */
  uint64_t seed;
  uint64_t round;
  uint64_t found_at;              /* statement of the history as generated */
  uint64_t found_after;           /* calls of the subject, of all rounds */
  double found_seconds;           /* until then, without the shrinking */
  uint64_t trials;                /* of the shrinker */
  struct pp_threads_plan threads; /* that show it; count 0: there were none */
  unsigned again, repeated; /* runs of that, and how many showed it again */
  bool unfinished;          /* it gave up: the trace may not be 1-minimal */
  size_t trace_count;       /* 0: the trace is longer than there is room for */
  struct pp_op trace[PP_TRACE_KEPT];
};

/* Statements from one walk over all pools to the next, at a level. */
uint64_t pp_walk_interval(enum pp_level level);

/* Judges one subject. spec->level says how closely the reference watches. */
void pp_judge(const struct pp_subject_spec *spec,
              const struct pp_judge_options *options,
              struct pp_judgement *judgement);

/* Performs one trace once. The judgement has the finding, unshrunk, and no
 * copy of the trace; silence of an oracle does not make it inconclusive. */
void pp_judge_trace(const struct pp_job *job, struct pp_judgement *judgement);

/* Shrinks ops, which break `clause` on the job's subject, in place, and what
 * the job refuses with them. What it cost is in the answer. */
struct pp_shrinker pp_judge_shrink(struct pp_job *job, enum pp_clause clause,
                                   struct pp_ops *ops);

/* Finds what the job's subject declares, by a run of one statement, and lets
 * the job know; `declared` has to last as long as the job. */
void pp_judge_declare(struct pp_job *job, struct pp_declared *declared);

/* ---- between the files of the judgement ---- */

/* What a subject does not have to keep, and what it has to besides. */
struct pp_terms {
  struct pp_declared declared;
  bool promised[PP_CLAUSE_COUNT];
};

/* Lets the job go by the terms, which are those of the options alone until the
 * release is known; then by those of its declaration, too. */
void pp_judge_terms_open(struct pp_terms *terms, struct pp_job *job,
                         const struct pp_judge_options *options);
void pp_judge_terms(struct pp_terms *terms, const struct pp_job *job,
                    const struct pp_judge_options *options,
                    struct pp_judgement *judgement);

/* Looks up what the job's subject declares, and tells of a malformed file. */
bool pp_judge_find_declared(const struct pp_job *job, const char *title,
                            const char *version, struct pp_declared *declared);

/* One run of the job, of which the judgement keeps what it tells. */
enum pp_verdict pp_judge_run(const struct pp_job *job, struct pp_report *report,
                             struct pp_judgement *judgement);

/* One run of threads. A finding is looked for again, with fewer threads and
 * turns where it shows. */
enum pp_verdict pp_judge_turns(struct pp_job *job,
                               const struct pp_judge_options *options,
                               struct pp_report *report,
                               struct pp_judgement *judgement);
bool pp_judge_wants_forks(const struct pp_judge_options *options,
                          const struct pp_judgement *judgement);
void pp_judge_turns_again(struct pp_job *job, struct pp_judgement *judgement);

/* Sums over the clauses of a judgement. */
uint64_t pp_judgement_checks(const struct pp_judgement *judgement);
unsigned pp_judgement_armed(const struct pp_judgement *judgement);
unsigned pp_judgement_silent(const struct pp_judgement *judgement);
unsigned pp_judgement_deviations(const struct pp_judgement *judgement);

#endif
