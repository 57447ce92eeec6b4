/* Shrinking: the smallest history that still shows the same thing. */
#ifndef CHECK_SHRINK_H
#define CHECK_SHRINK_H

#include <stdbool.h>

#include "check/op.h"

struct pp_shrinker {
  /* True when these operations still show what is to be shown. It must answer
   * the same to the same operations. */
  bool (*shows)(void *ctx, const struct pp_op *ops, size_t count);
  void *ctx;
  const volatile int *stop; /* nonzero: give up; may be NULL */
  uint64_t trials;          /* calls of shows so far */
  uint64_t work;       /* statements performed by them, and a share for each */
  uint64_t trial_work; /* of a trial beyond its statements and a process */
  uint64_t work_most;  /* 0: PP_SHRINK_WORK_MAX */
  bool gave_up;        /* the work reached its limit: not 1-minimal, perhaps */
};

/* What shrinking may cost before it is left at what it has; some minutes. It
 * is counted in statements and not in time, so that the result is the same on
 * every machine. */
#define PP_SHRINK_WORK_MAX UINT64_C(200000000)

/* Shrinks in place; the operations show it at the start and at the end. The
 * result is 1-minimal: without any one of its statements it shows no more, and
 * none of its numbers can be made simpler by a single step (OPS-17). */
void pp_shrink(struct pp_shrinker *shrinker, struct pp_ops *ops);

/* ---- between the files of the shrinker ---- */

bool pp_shrink_has_objects(const struct pp_ops *ops);
/* ops with plainer IDs, in `trial`, which is large enough. */
void pp_shrink_names(const struct pp_ops *ops, struct pp_ops *trial);

#endif
