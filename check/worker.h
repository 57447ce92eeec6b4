/* Workers: a trace performed on a subject in a process of its own.
 *
 * Whatever the subject does there, crash, hang, exit, or write without end,
 * is a finding with its name; a worker that ends before its report is
 * complete has not passed, whatever its exit status. */
#ifndef CHECK_WORKER_H
#define CHECK_WORKER_H

#include "check/driver.h"

struct pp_job {
  struct pp_subject_spec spec;
  struct pp_drive_options options;
  /* The build of the reference that is the twin; NULL: the one of
   * spec.level, or of level none where the reference is the subject. */
  const struct pp_reference *reference;
  struct pp_op_source *source; /* read in the worker alone */
  double silence_seconds;      /* without progress, until it hangs */
  uint64_t shrink_work; /* most that its finding may cost to shrink; 0: what
                           pp_shrink allows */
};

enum { PP_OUTPUT_MAX = 2048 };

enum pp_ending {
  PP_ENDING_COMPLETE, /* the report is whole: look for a finding in it */
  PP_ENDING_NOT_LOADED,
  PP_ENDING_INTERRUPTED /* by us, for ^C */
};

struct pp_outcome {
  enum pp_ending ending;
  int signal; /* that ended it, or 0 */
  int status; /* of the worker, as wait tells it; -1: it was ended by us */
  char output[PP_OUTPUT_MAX]; /* the last that the subject wrote */
  size_t output_size;
};

/* Time without progress after which a call counts as not returning (API-36),
 * and what a subject may write (API-39). */
#define PP_SILENCE_SECONDS 10
#define PP_OUTPUT_LIMIT ((size_t)64 << 10)

/* Runs the job in a new process and waits for it. `report` is shared memory
 * (pp_pages_shared), filled by the worker; how the worker ended is added to it
 * as a finding where that is one. */
void pp_worker_run(const struct pp_job *job, struct pp_report *report,
                   struct pp_outcome *outcome);

/* In a worker: does the job, and ends the process. */
_Noreturn void pp_worker_work(const struct pp_job *job,
                              struct pp_report *report);

/* Set by the signal handler of the program; workers are ended when it is. */
extern volatile int pp_interrupted;

#endif
