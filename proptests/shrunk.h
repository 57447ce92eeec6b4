/* Histories that no subject performs, and facts of their operations to shrink
 * them by: the smallest history with such a fact is known. */
#ifndef PROPTESTS_SHRUNK_H
#define PROPTESTS_SHRUNK_H

#include "check/shrink.h"

/* Calls of a history, and what the shrinker counts for a process. */
enum { PP_HISTORY = 3000, PP_TRIAL_WORK = 5000 };

typedef bool pp_fact(const struct pp_op *ops, size_t count);

/* What is asked of a fact, and how often and of how much it was. */
struct pp_asked {
  pp_fact *shows;
  uint64_t trials;
  uint64_t work;
  uint64_t share; /* of each trial, beside its statements */
};

/* A shrinker by this fact; every trace that it tries has to be sound. */
struct pp_shrinker pp_shrinker_of(struct pp_asked *asked);

/* A generated one, of any malloc. */
struct pp_ops pp_shrunk_history(uint64_t seed);

/* On one line; the answer lasts until the next call. */
const char *pp_shrunk_text(const struct pp_ops *ops);

/* Bytes that a statement asks for at once. */
uint64_t pp_shrunk_bytes(const struct pp_op *op);

/* There is a request of so many bytes, however it is made. */
extern uint64_t pp_wanted_bytes;
bool pp_shrunk_has_bytes(const struct pp_op *ops, size_t count);

/* So many blocks live at once, and then so many freed one after the other. */
extern unsigned pp_wanted_live, pp_wanted_freed;
bool pp_shrunk_has_lives(const struct pp_op *ops, size_t count);

#endif
