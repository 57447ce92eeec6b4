/* A run of several threads (SPEC.md, Threads): they are started, watched, and
 * replaced when they end; what they leave is freed by others. This thread
 * calls the subject only when all of them have ended, but for what the C
 * library asks for to make a thread. */
#include "check/threads.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check/clock.h"
#include "check/pages.h"
#include "check/team.h"

#define STACK_BYTES ((size_t)1 << 20)
#define SERIAL_BITS 26 /* requests of one member; the rest says which */
#define FOOTPRINT_FACTOR 8
#define FOOTPRINT_SLACK (UINT64_C(64) << 20)
#define WATCH_NANOSECONDS 50000000

/* ---- members ---- */

static void join_team(struct pp_team *team, unsigned index) {
  struct pp_member *member = &team->members[index];
  struct pp_drive_options options = team->options;
  options.walk_interval = 0;
  member->team = team;
  member->index = index;
  pp_driver_open(&member->driver, team->subject, NULL, NULL, &options,
                 &member->report);
  member->driver.shared = &team->claims;
  member->driver.serial = index << SERIAL_BITS;
  member->driver.until_footprint = UINT64_MAX; /* it is not its own */
}

static void *be_member(void *ctx) {
  struct pp_member *self = ctx;
  struct pp_team *team = self->team;
  jmp_buf stop;
  pp_member_enter(self);
  self->driver.stop = &stop;
  pp_driver_enter(&self->driver, PP_WHERE_ENGINE);
  if (setjmp(stop) != 0) pp_member_tell(self);
  pp_member_work(self);
  /* What is left to do is up to the subject, and to the C library. */
  pp_driver_enter_for(&self->driver, PP_API_84);
  pthread_mutex_lock(&team->lock);
  team->ended |= UINT64_C(1) << self->index;
  pthread_cond_signal(&team->changed);
  pthread_mutex_unlock(&team->lock);
  return NULL;
}

/* False when the machine has no more threads. */
static bool start(struct pp_member *member) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  member->moved = pp_now();
  int error = pthread_create(&member->thread, &attributes, be_member, member);
  pthread_attr_destroy(&attributes);
  return error == 0;
}

/* Its blocks are nobody's until its neighbour sees to them. */
static void leave(struct pp_member *member) {
  struct pp_blocks *blocks = &member->driver.blocks;
  for (uint64_t id = 0; id < PP_TEAM_IDS; id++) {
    struct pp_block *block = pp_blocks_find(blocks, id);
    if (block == NULL) continue;
    member->estate[member->estate_count++] = *block;
    pp_blocks_remove(blocks, block);
  }
}

/* ---- while they work ---- */

/* A member that waits is not the one that hangs. Should all of them wait, which
 * nothing but our own fault explains, the process that judges is left to see
 * it. */
static void watch(struct pp_team *team) {
  double now = pp_now();
  double limit = team->options.threads.silence_seconds;
  for (unsigned i = 0; i < team->options.threads.count; i++) {
    struct pp_member *member = &team->members[i];
    uint64_t steps = atomic_load(&member->steps);
    if (member->gone) continue;
    if (steps != member->steps_seen) team->moved = now;
    if (steps != member->steps_seen || atomic_load(&member->waits)) {
      member->steps_seen = steps;
      member->moved = now;
    } else if (now - member->moved > limit) {
      pp_member_hangs(member);
    }
  }
  if (now - team->moved <= 2 * limit) team->report->ticks++;
}

/* The members that have ended since, or none of them for a while. */
static uint64_t wait_for_ended(struct pp_team *team) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += WATCH_NANOSECONDS;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_mutex_lock(&team->lock);
  if (team->ended == 0)
    pthread_cond_timedwait(&team->changed, &team->lock, &until);
  uint64_t ended = team->ended;
  team->ended = 0;
  pthread_mutex_unlock(&team->lock);
  return ended;
}

/* How many of them will not come again. False as for start. */
static bool replace_ended(struct pp_team *team, uint64_t ended,
                          unsigned *gone) {
  for (unsigned i = 0; i < team->options.threads.count; i++) {
    struct pp_member *member = &team->members[i];
    if ((ended >> i & 1) == 0) continue;
    pthread_join(member->thread, NULL);
    leave(member);
    member->gone = member->turn == team->options.threads.turns;
    if (member->gone) {
      ++*gone;
    } else if (!start(member)) {
      return false;
    }
  }
  return true;
}

static bool work(struct pp_team *team) {
  unsigned count = team->options.threads.count;
  unsigned gone = 0;
  team->moved = pp_now();
  for (unsigned i = 0; i < count; i++) {
    if (!start(&team->members[i])) return false;
  }
  while (gone < count) {
    if (!replace_ended(team, wait_for_ended(team), &gone)) return false;
    watch(team);
  }
  return true;
}

/* ---- at the end ---- */

/* What the threads held is freed by one that took none of it. */
static void inherit_all(struct pp_team *team) {
  for (unsigned i = 0; i < team->options.threads.count; i++)
    pp_member_inherit(&team->members[0], &team->members[i]);
}

/* Each at its own most, which need not have been at the same time. */
static uint64_t peak_of(const struct pp_team *team) {
  uint64_t peak = 0;
  for (unsigned i = 0; i < team->options.threads.count; i++)
    peak += team->members[i].driver.blocks.peak_charged;
  return peak;
}

/* Claims take an eighth of what they are on, and are not the subject's. */
static void see_footprint(struct pp_team *team) {
  struct pp_driver *driver = &team->members[0].driver;
  uint64_t peak = peak_of(team);
  uint64_t now = pp_resident(driver);
  uint64_t held = now > team->resident_base ? now - team->resident_base : 0;
  held -= held / 9;
  team->report->live_peak = peak;
  driver->op = NULL;
  PP_ORACLE(driver, API_83, held <= FOOTPRINT_FACTOR * peak + FOOTPRINT_SLACK,
            "%" PRIu64
            " bytes are resident when all is freed, and the most that was "
            "live is %" PRIu64 " bytes",
            held, peak);
}

/* Done by the first member, in this thread. */
static void see_the_end(struct pp_team *team) {
  struct pp_member *first = &team->members[0];
  jmp_buf stop;
  first->driver.stop = &stop;
  pp_member_enter(first);
  if (setjmp(stop) != 0) pp_member_tell(first);
  inherit_all(team);
  see_footprint(team);
}

static void add(struct pp_report *sum, const struct pp_report *part) {
  sum->operations += part->operations;
  sum->skipped += part->skipped;
  sum->forks += part->forks;
  for (int i = 0; i < PP_CLAUSE_COUNT; i++) {
    sum->evaluated[i] += part->evaluated[i];
    sum->deviated[i] += part->deviated[i];
  }
}

static void open_team(struct pp_team *team, const struct pp_loaded *subject,
                      const struct pp_drive_options *options,
                      struct pp_report *report) {
  unsigned count = options->threads.count;
  team->subject = subject;
  team->options = *options;
  team->report = report;
  team->members = pp_pages(count * sizeof *team->members);
  team->mail = pp_pages(count * sizeof *team->mail);
  pthread_mutex_init(&team->lock, NULL);
  pthread_cond_init(&team->changed, NULL);
  pp_claims_open(&team->claims);
  for (unsigned i = 0; i < count; i++)
    join_team(team, i);
  team->resident_base = pp_resident(&team->members[0].driver);
}

static void close_team(struct pp_team *team) {
  unsigned count = team->options.threads.count;
  for (unsigned i = 0; i < count; i++) {
    add(team->report, &team->members[i].report);
    pp_driver_close(&team->members[i].driver);
  }
  pp_claims_close(&team->claims);
  pp_pages_free(team->mail, count * sizeof *team->mail);
  pp_pages_free(team->members, count * sizeof *team->members);
}

void pp_threads_run(const struct pp_loaded *subject,
                    const struct pp_drive_options *options,
                    struct pp_report *report) {
  struct pp_team team = {0};
  open_team(&team, subject, options, report);
  report->where = PP_WHERE_SUBJECT; /* what crashes is no member */
  pp_team_catch_signals();
  if (!work(&team)) {
    report->exhausted = true;
    report->where = PP_WHERE_DONE;
    _exit(0);
  }
  see_the_end(&team);
  report->where = PP_WHERE_ENGINE;
  close_team(&team);
}
