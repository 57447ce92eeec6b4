/* A sweep: the same trace again and again, each time with another of its calls
 * for memory refused, and what became of each run (SPEC.md, API). */
#ifndef CHECK_SWEEP_H
#define CHECK_SWEEP_H

#include "check/judge.h"

enum pp_sweep_outcome {
  PP_SWEEP_COMPLETED, /* as if nothing had been refused */
  PP_SWEEP_NULL,      /* requests were answered null, with ENOMEM */
  PP_SWEEP_SILENT,    /* likewise, but one of them without */
  PP_SWEEP_CRASHED,   /* ended by a signal; this and below: violations */
  PP_SWEEP_EXITED,
  PP_SWEEP_HUNG,
  PP_SWEEP_BROKEN, /* another clause */
  /* Nothing was refused: this time it asked for memory less often. */
  PP_SWEEP_UNREACHED,
  PP_SWEEP_UNJUDGED, /* the machine had no more memory, or it hid */
  PP_SWEEP_OUTCOMES
};

extern const char *const pp_sweep_outcome_names[PP_SWEEP_OUTCOMES];

static inline bool pp_sweep_is_violation(enum pp_sweep_outcome outcome) {
  return outcome >= PP_SWEEP_CRASHED && outcome <= PP_SWEEP_BROKEN;
}

struct pp_sweep_run {
  uint64_t number; /* of the call that was refused, from 1 */
  enum pp_sweep_outcome outcome;
  enum pp_memory_call call; /* where one was refused */
  enum pp_clause clause;    /* PP_HOLDS: none was broken */
  int signal;               /* that ended the worker, or 0 */
  uint64_t nulls;
};

struct pp_sweep {
  struct pp_job job;
  const struct pp_op *ops; /* the trace */
  size_t count;
  uint64_t most; /* runs, at most */
  /* Told of each run, in their order. */
  void (*on_run)(void *ctx, const struct pp_sweep_run *run);
  void *ctx;

  /* What came of it. */
  uint64_t calls; /* for memory, when none is refused */
  uint64_t calls_of[PP_MEMORY_CALLS];
  uint64_t runs;
};

/* Refuses one call after the other. The verdict is that of the trace when
 * nothing is refused, and there are no runs unless it conforms; else that of
 * the runs. Of an own fault, or where nothing could be loaded, `judgement` says
 * why. */
enum pp_verdict pp_sweep(struct pp_sweep *sweep,
                         struct pp_judgement *judgement);

#endif
