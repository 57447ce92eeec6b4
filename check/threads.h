/* Several threads that call one subject at the same time (SPEC.md, Threads).
 *
 * Instead of the statements of a trace there is a plan. A run of it has turns,
 * and a turn two phases: one in which each thread keeps to itself, and one in
 * which each hands blocks to others, who resize and free them. Between turns
 * some threads end, with blocks that are live, and others take their place.
 * What a thread asks for follows from the seed, its number and the turn; how
 * the threads interleave does not. */
#ifndef CHECK_THREADS_H
#define CHECK_THREADS_H

#include <stdint.h>

enum {
  PP_THREADS_MOST = 64,
  PP_TURN_PRIVATE = 256, /* statements of a thread in its own phase */
  PP_TURN_HANDED = 48,   /* blocks that it hands over in the other */
  /* Statements of a thread in a turn, about as many as it makes calls. */
  PP_TURN_STATEMENTS = PP_TURN_PRIVATE + 3 * PP_TURN_HANDED,
  PP_TURNS_MOST = 128, /* of one run */
  PP_TURN_FORKS = 32   /* in one turn, at most */
};

struct pp_threads_plan {
  unsigned count; /* 0: this is no plan, and statements are performed */
  uint64_t seed;
  uint64_t turns;
  uint64_t forks;         /* by all threads, while the others call */
  double silence_seconds; /* without progress, until a thread hangs */
};

struct pp_loaded;
struct pp_drive_options;
struct pp_report;

/* Carries out options->threads; the report is that of a worker, and may be
 * read by another process. Comes back when nothing was found; otherwise the
 * process ends, with status 0 and the finding in the report. */
void pp_threads_run(const struct pp_loaded *subject,
                    const struct pp_drive_options *options,
                    struct pp_report *report);

#endif
