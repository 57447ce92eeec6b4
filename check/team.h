/* A team: the threads of a run, and what they share. Each member has a driver
 * and a report of its own, and so judges its calls as the one thread of a
 * trace does; only claims on memory are common (claims.h). Nothing here is
 * taken from the subject. */
#ifndef CHECK_TEAM_H
#define CHECK_TEAM_H

#include <pthread.h>
#include <stdatomic.h>

#include "check/driver.h"
#include "check/random.h"

/* IDs of a member's blocks: those of its own phase; those that it was handed;
 * the one that it hands on; those that it is busy with while another forks. */
enum {
  PP_TEAM_OWN = 96,
  PP_TEAM_KEPT = 16,
  PP_TEAM_SENT = PP_TEAM_OWN + PP_TEAM_KEPT,
  PP_TEAM_BUSY,
  PP_TEAM_BUSY_COUNT = 8,
  PP_TEAM_IDS = PP_TEAM_BUSY + PP_TEAM_BUSY_COUNT
};

/* What a member is at, which says under which clause a finding falls. */
enum pp_theme {
  PP_THEME_FIRST,   /* its first call, made when all others make theirs */
  PP_THEME_PRIVATE, /* blocks of its own */
  PP_THEME_REMOTE,  /* a block that another thread took */
  PP_THEME_ESTATE,  /* a block that is left by a thread that ended */
  PP_THEME_FORK     /* in fork itself */
};

struct pp_team;

struct pp_member {
  struct pp_driver driver;
  struct pp_report report; /* added to that of the run at its end */
  struct pp_team *team;
  unsigned index;
  uint64_t turn; /* the next one, or the one under way */
  pthread_t thread;
  bool in_child; /* of a fork, in which there is no other thread */
  /* What its last thread left, until its neighbour sees to it. */
  struct pp_block estate[PP_TEAM_IDS];
  size_t estate_count;
  /* For whoever watches. */
  _Atomic uint64_t steps;
  _Atomic unsigned theme;
  _Atomic unsigned kind; /* of the statement under way, */
  _Atomic uint64_t id, a, b;
  _Atomic bool waits;  /* for other members, or for a child */
  bool gone;           /* for good, to the watcher */
  uint64_t steps_seen; /* likewise, */
  double moved;        /* and when they changed */
  _Alignas(16) uint8_t signal_stack[1 << 16];
};

/* One block on its way; `ready` is the turn in which it was sent, from 1. */
struct pp_mail {
  struct pp_block block; /* address NULL: there was none to send */
  _Atomic uint64_t ready;
};

struct pp_team {
  const struct pp_loaded *subject;
  struct pp_drive_options options;
  struct pp_report *report; /* of the run: not there in a fork's child */
  struct pp_claims claims;
  struct pp_member *members;
  struct pp_mail (*mail)[PP_TURN_HANDED]; /* of each member that receives */
  uint64_t resident_base;
  double moved;             /* when any member did, as the watcher saw it */
  _Atomic unsigned arrived; /* where all meet, */
  _Atomic unsigned met;     /* and how often they did */
  _Atomic uint64_t forked;  /* turns whose forks are done */
  _Atomic bool forks_fail;
  _Atomic unsigned told; /* somebody tells of a finding */
  pthread_mutex_t lock;
  pthread_cond_t changed;
  uint64_t ended; /* members whose threads end, a bit each; under the lock */
};

/* threads_work.c: turns, until the thread is to end or there are no more. */
void pp_member_work(struct pp_member *self);
/* One statement on a block of this theme. */
void pp_member_do(struct pp_member *self, enum pp_theme theme,
                  enum pp_op_kind kind, uint64_t id, uint64_t a, uint64_t b);
/* Frees what a thread that ended has left. */
void pp_member_inherit(struct pp_member *self, struct pp_member *from);
/* A statement on one of its IDs from `first` on, drawn from the stream. */
void pp_member_step(struct pp_member *self, struct pp_random *random,
                    uint64_t first, uint64_t count);

/* threads_fork.c: a child of fork, made and judged. */
void pp_member_fork(struct pp_member *self);

/* threads_tell.c: the finding in the member's report becomes that of the run,
 * and the process ends. */
_Noreturn void pp_member_tell(struct pp_member *self);
/* It makes no progress. */
_Noreturn void pp_member_hangs(struct pp_member *self);
/* Crashes of a member are findings of it. */
void pp_team_catch_signals(void);
/* In a thread: it is this member's. */
void pp_member_enter(struct pp_member *self);

/* Waits a moment, longer each time. */
void pp_team_pause(unsigned *times);

#endif
