/* Workers that are programs of their own. One is started with its subject in
 * LD_PRELOAD: there it is the malloc of the whole process from its first
 * instruction on, as programs use it, and its thread-local storage is laid out
 * at the start, whatever its model. Another, a runner, has it inside
 * (runner.c). Job and report lie in memory that both processes map. */
#ifndef CHECK_PRELOAD_H
#define CHECK_PRELOAD_H

#include "check/worker.h"

/* The first argument of such a program; the second is a descriptor. */
#define PP_PRELOAD_ARGUMENT "--preloaded-worker"

struct pp_preload {
  int memory; /* descriptor */
  struct pp_order *order;
};

/* Memory for this job; answers its report. Ends the program with exit code 5,
 * our own fault, when the kernel refuses. */
struct pp_report *pp_preload_open(struct pp_preload *preload,
                                  const struct pp_job *job);
void pp_preload_close(struct pp_preload *preload);

/* In the child: becomes the program, after the statements of the job's source
 * are laid into the memory. */
_Noreturn void pp_preload_become(const struct pp_preload *with,
                                 const struct pp_job *job);

/* In the program: does the job that lies behind this descriptor. Comes back
 * when nothing such lies there. */
void pp_preload_serve(const char *descriptor);

#endif
