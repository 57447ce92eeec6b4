/* What the files of the search share: the search itself, and the control that
 * its processes read and write together (SPEC.md, "What exhaust means by a
 * state"). */
#ifndef CHECK_EXHAUST_SEARCH_H
#define CHECK_EXHAUST_SEARCH_H

#include <semaphore.h>
#include <sys/types.h>

#include "check/exhaust_table.h"

enum { PP_JOBS_MAX = 64 };

/* What one process does, as the others and the parent see it. */
struct pp_job_state {
  sem_t go;
  pid_t pid;
  bool stopped;        /* by a signal; the parent's to write, as pid is */
  atomic_bool busy;    /* with a level */
  _Atomic uint64_t at; /* link of the transition under way */
  uint64_t transitions;
  uint64_t evaluated[PP_CLAUSE_COUNT];
  struct pp_exhaust_finding finding; /* the first of this process */
  uint64_t hidden; /* the least link to a difference that nothing shows */
};

struct pp_control {
  sem_t done;
  _Atomic uint64_t next;  /* state of the level that nobody has yet */
  _Atomic uint64_t least; /* position of the least finding */
  atomic_bool stop;       /* when the state under way is expanded */
  atomic_bool over;       /* there will be no further level */
  atomic_bool full;
  uint64_t level_end;
  struct pp_job_state jobs[PP_JOBS_MAX];
};

/* One further operation, by our own reference. */
struct pp_shown {
  struct pp_move move;
  uint8_t *answer;
  unsigned call_count;
  struct pp_world_call calls[PP_WORLD_CALLS_MAX];
};

/* Two heaps going on side by side, from the first images. */
enum { PP_SHOWING_MAX = 6 };
struct pp_showing {
  struct pp_image subject[PP_SHOWING_MAX + 1];
  struct pp_image reference[PP_SHOWING_MAX + 1];
  struct pp_shown shown[PP_SHOWING_MAX];
};

struct pp_exhaust {
  struct pp_exhaust_options options;
  const struct pp_reference *subject;
  bool lockstep;
  struct pp_world world;
  struct pp_table table;
  struct pp_control *control;
  struct pp_exhaust_progress progress;
  struct pp_exhaust_finding finding;
  /* Of a process: its images. */
  struct pp_image before;
  struct pp_exhaust_twin twin;
  struct pp_showing showing;
};

/* exhaust_expand.c: performs all moves of one state and adds what they lead
 * to. False at a finding, or when the table is full. */
bool pp_exhaust_expand(struct pp_exhaust *search, struct pp_job_state *job,
                       uint64_t number);
/* exhaust_shows.c: whether at most so many operations show a difference; the
 * fewest that do are then in `shown`. */
struct pp_showing pp_showing_open(const struct pp_world *world);
void pp_showing_close(const struct pp_world *world, struct pp_showing *showing);
bool pp_showing_find(struct pp_exhaust *search, struct pp_showing *showing,
                     unsigned most, unsigned *count);

/* exhaust_trace.c: the statements that lead to the finding. */
struct pp_ops pp_exhaust_trace(struct pp_exhaust *search);

#endif
