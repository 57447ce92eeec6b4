/* The court: judgements of several subjects, each made by a judge that is a
 * process of its own, as many at the same time as there are jobs. What a judge
 * finds does not depend on how many there are. */
#ifndef CLI_COURT_H
#define CLI_COURT_H

#include <sys/types.h>

#include "cli/cli.h"

struct judge {
  struct pp_subject_spec spec;
  struct pp_judge_options options;
  struct pp_judgement *judgement; /* shared with its process alone */
  pid_t pid;                      /* 0: not at work */
  bool shown;
};

struct court {
  unsigned jobs;
  double until; /* of pp_now(): no judge is started after it; 0: none is late */
  struct judge *judges;
  uint8_t *judgements; /* one behind the other, each on pages of its own */
  size_t most;
  size_t count;
  size_t started;
  size_t running;
  size_t done;
  /* What a judge does, in its process; court_work_judge for a judgement. */
  void (*work)(void *ctx, size_t index, struct judge *judge);
  /* Told of each judge that is done, in the order of the judges. */
  void (*show)(void *ctx, size_t index, const struct judge *judge);
  void *ctx;
};

/* Room for so many judges. */
void court_open(struct court *court, size_t most);
void court_close(struct court *court);

/* A judge for this subject; the caller may change its options. */
struct judge *court_add(struct court *court, struct pp_subject_spec spec,
                        const struct pp_judge_options *options);

/* A subject that cannot be judged, and why. */
void court_refuse(struct court *court, const char *name, const char *why);

/* Makes a judgement by generated histories. */
void court_work_judge(void *ctx, size_t index, struct judge *judge);

/* Judges all, or until the program is interrupted. */
void court_judge_all(struct court *court);

#endif
