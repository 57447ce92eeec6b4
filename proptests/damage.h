/* Damaged traces: a statement of every kind, damaged in every way that applies
 * to it, and where a reader has to notice. */
#ifndef PROPTESTS_DAMAGE_H
#define PROPTESTS_DAMAGE_H

#include <stddef.h>

struct pp_damage {
  const char *text; /* of the whole trace; may hold NULs */
  size_t size;
  unsigned long line; /* of the damage; 0: there is none, the trace is sound */
  unsigned long column;
  const char *named; /* what the refusal has to say, or NULL */
};

/* At least so many kinds of damage are there. */
#define PP_DAMAGES_EXPECTED 1200

/* Visits all of them, in an order that never changes; the text lives until the
 * visitor returns. */
void pp_damage_each(void *ctx,
                    void (*visit)(void *ctx, const struct pp_damage *damage));

#endif
