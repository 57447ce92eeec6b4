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
  uint64_t trials; /* calls of shows so far */
};

/* Shrinks in place; the operations show it at the start and at the end. The
 * result is 1-minimal: without any one of its statements it shows no more, and
 * none of its numbers can be made simpler by a single step (OPS-17). */
void pp_shrink(struct pp_shrinker *shrinker, struct pp_ops *ops);

#endif
