/* What a thread does (SPEC.md, Threads): its statements, turn by turn. In its
 * own phase it asks for blocks, resizes and frees them as it likes. In the
 * other it hands each block that it takes to the thread so many places further
 * on, the same number for all, and takes what comes to it: as each sends its
 * k-th block before it waits for its k-th, none waits for ever.
 *
 *     thread 1 -> mail of 3        thread 3 -> mail of 5 ...
 *
 * Mail is there before whoever it is for looks for it, or soon after. */
#include <sched.h>
#include <time.h>

#include "check/team.h"

enum {
  SPINS = 64,
  YIELDS = 256,
  NANOSECONDS = 50000,
  BUSY_STEPS = 32,
  BUSY_MEMBERS = 3
};

/* Most sizes are small. The last is large enough for a mapping of its own, and
 * what is handed over is now and then larger than what threads keep cached. */
enum {
  SIZE_SMALL = 256,
  SIZE_MIDDLE = 1 << 12,
  SIZE_LARGE = 1 << 14,
  SIZE_MAPPED = 1 << 18
};

void pp_team_pause(unsigned *times) {
  const struct timespec moment = {.tv_nsec = NANOSECONDS};
  ++*times;
  if (*times < SPINS) return;
  if (*times < SPINS + YIELDS) {
    sched_yield();
  } else {
    nanosleep(&moment, NULL);
  }
}

/* All members come here before any goes on. */
static void meet(struct pp_member *self) {
  struct pp_team *team = self->team;
  unsigned times = 0;
  unsigned met = atomic_load(&team->met);
  if (atomic_fetch_add(&team->arrived, 1) + 1 == team->options.threads.count) {
    atomic_store(&team->arrived, 0);
    atomic_fetch_add(&team->met, 1);
    return;
  }
  atomic_store(&self->waits, true);
  while (atomic_load(&team->met) == met)
    pp_team_pause(&times);
  atomic_store(&self->waits, false);
}

/* ---- statements ---- */

/* For whoever watches, and tells of it. */
static void publish(struct pp_member *self, enum pp_theme theme,
                    const struct pp_op *op) {
  atomic_store_explicit(&self->theme, theme, memory_order_relaxed);
  atomic_store_explicit(&self->kind, op->kind, memory_order_relaxed);
  atomic_store_explicit(&self->id, op->id, memory_order_relaxed);
  atomic_store_explicit(&self->a, op->a, memory_order_relaxed);
  atomic_store_explicit(&self->b, op->b, memory_order_relaxed);
}

void pp_member_do(struct pp_member *self, enum pp_theme theme,
                  enum pp_op_kind kind, uint64_t id, uint64_t a, uint64_t b) {
  struct pp_op op = {.kind = kind, .id = id, .a = a, .b = b};
  publish(self, theme, &op);
  pp_drive_op(&self->driver, &op);
  atomic_fetch_add_explicit(&self->steps, 1, memory_order_relaxed);
  self->report.evaluated[PP_API_86]++;
}

/* What a block was written with is looked at before it is given up. */
static void sees_contents(struct pp_member *self, uint64_t id) {
  if (self->driver.options.contents == PP_CONTENTS_NONE) return;
  if (pp_blocks_find(&self->driver.blocks, id) == NULL) return;
  self->report.evaluated[PP_API_81]++;
}

static uint64_t size_drawn(struct pp_random *random) {
  uint64_t which = pp_random_below(random, 100);
  uint64_t most = SIZE_SMALL;
  if (which >= 60) most = SIZE_MIDDLE;
  if (which >= 90) most = SIZE_LARGE;
  if (which == 99) most = SIZE_MAPPED;
  return 1 + pp_random_below(random, most);
}

static uint64_t alignment_drawn(struct pp_random *random) {
  return UINT64_C(8) << pp_random_below(random, 7);
}

void pp_member_step(struct pp_member *self, struct pp_random *random,
                    uint64_t first, uint64_t count) {
  uint64_t id = first + pp_random_below(random, count);
  uint64_t size = size_drawn(random);
  uint64_t alignment = alignment_drawn(random);
  enum pp_op_kind kind;
  sees_contents(self, id);
  switch (pp_random_below(random, 16)) {
  case 0:
  case 1:
  case 2:
  case 3: kind = PP_OP_MALLOC; break;
  case 4:
  case 5:
    pp_member_do(self, PP_THEME_PRIVATE, PP_OP_CALLOC, id, 1, size);
    return;
  case 6:
  case 7:
  case 8: kind = PP_OP_REALLOC; break;
  case 9:
    pp_member_do(self, PP_THEME_PRIVATE, PP_OP_ALIGNED_ALLOC, id, alignment,
                 size);
    return;
  case 10:
    pp_member_do(self, PP_THEME_PRIVATE, PP_OP_POSIX_MEMALIGN, id, alignment,
                 size);
    return;
  case 11: kind = PP_OP_USABLE; break;
  default: kind = PP_OP_FREE; break;
  }
  pp_member_do(self, PP_THEME_PRIVATE, kind, id, size, 0);
}

/* ---- blocks of others ---- */

/* What was written by the thread that had the block is still there; from now
 * on it holds what this one writes. */
static void adopt(struct pp_member *self, enum pp_theme theme,
                  const struct pp_block *block, uint64_t id) {
  struct pp_block adopted = *block;
  const struct pp_op op = {.kind = PP_OP_USABLE, .id = id};
  adopted.id = id;
  publish(self, theme, &op);
  self->driver.op = NULL;
  pp_oracle_kept(&self->driver, &adopted);
  self->report.evaluated[theme == PP_THEME_ESTATE ? PP_API_84 : PP_API_81]++;
  pp_oracle_renew(&self->driver, &adopted);
  pp_blocks_add(&self->driver.blocks, &adopted);
}

void pp_member_inherit(struct pp_member *self, struct pp_member *from) {
  for (size_t i = 0; i < from->estate_count; i++) {
    adopt(self, PP_THEME_ESTATE, &from->estate[i], PP_TEAM_SENT);
    pp_member_do(self, PP_THEME_ESTATE, PP_OP_FREE, PP_TEAM_SENT, 0, 0);
  }
  from->estate_count = 0;
}

static void send(struct pp_member *self, struct pp_random *random,
                 struct pp_mail *mail) {
  struct pp_driver *driver = &self->driver;
  uint64_t size = size_drawn(random);
  if (pp_random_one_in(random, 4)) size += SIZE_LARGE;
  pp_member_do(self, PP_THEME_PRIVATE, PP_OP_MALLOC, PP_TEAM_SENT, size, 0);
  struct pp_block *block = pp_blocks_find(&driver->blocks, PP_TEAM_SENT);
  mail->block = (struct pp_block){0};
  if (block != NULL) {
    mail->block = *block;
    pp_blocks_remove(&driver->blocks, block);
  }
  atomic_store(&mail->ready, self->turn + 1);
}

/* A thread that is alone is handed what it took itself. */
static enum pp_theme theme_of_mail(const struct pp_member *self) {
  bool alone = self->team->options.threads.count == 1;
  return alone ? PP_THEME_PRIVATE : PP_THEME_REMOTE;
}

static void receive(struct pp_member *self, struct pp_random *random,
                    struct pp_mail *mail) {
  uint64_t id = PP_TEAM_OWN + pp_random_below(random, PP_TEAM_KEPT);
  uint64_t what = pp_random_below(random, 4);
  uint64_t size = size_drawn(random);
  enum pp_theme theme = theme_of_mail(self);
  unsigned times = 0;
  atomic_store(&self->waits, true);
  while (atomic_load(&mail->ready) != self->turn + 1)
    pp_team_pause(&times);
  atomic_store(&self->waits, false);
  pp_member_do(self, theme, PP_OP_FREE, id, 0, 0);
  if (mail->block.address == NULL) return;
  adopt(self, theme, &mail->block, id);
  if (what == 0) return; /* it is freed by and by */
  bool frees = what > 1;
  pp_member_do(self, theme, frees ? PP_OP_FREE : PP_OP_REALLOC, id, size, 0);
  self->report.evaluated[PP_API_82] += theme == PP_THEME_REMOTE;
}

/* ---- phases ---- */

/* The forks of a turn: as many in each, until there are enough. */
static uint64_t forks_in(const struct pp_threads_plan *plan, uint64_t turn) {
  uint64_t each = (plan->forks + plan->turns - 1) / plan->turns;
  uint64_t before = each * turn;
  if (before >= plan->forks) return 0;
  return plan->forks - before < each ? plan->forks - before : each;
}

/* They take turns. */
static unsigned forker_of(const struct pp_member *self) {
  return (unsigned)(self->turn % self->team->options.threads.count);
}

/* A few keep the locks held as well as many, and leave it a processor. */
static bool is_near(const struct pp_member *self, unsigned forker) {
  unsigned count = self->team->options.threads.count;
  return (self->index + count - forker) % count <= BUSY_MEMBERS;
}

/* Whoever has done its part goes on, so that a fork finds it inside of a call.
 * All of that is gone again before anything else happens. */
static void keep_busy(struct pp_member *self, struct pp_random *random) {
  const struct timespec moment = {.tv_nsec = 1000};
  while (atomic_load(&self->team->forked) <= self->turn) {
    for (int i = 0; i < BUSY_STEPS; i++)
      pp_member_step(self, random, PP_TEAM_BUSY, PP_TEAM_BUSY_COUNT);
    nanosleep(&moment, NULL); /* the one that forks needs a processor, too */
  }
  for (uint64_t i = 0; i < PP_TEAM_BUSY_COUNT; i++)
    pp_member_do(self, PP_THEME_PRIVATE, PP_OP_FREE, PP_TEAM_BUSY + i, 0, 0);
}

static void keep_to_itself(struct pp_member *self, struct pp_random *random) {
  struct pp_team *team = self->team;
  const struct pp_threads_plan *plan = &team->options.threads;
  uint64_t forks = forks_in(plan, self->turn);
  bool forker = forker_of(self) == self->index;
  unsigned before = (self->index + plan->count - 1) % plan->count;
  uint64_t made = 0;
  for (uint64_t step = 0; step < PP_TURN_PRIVATE; step++) {
    pp_member_step(self, random, 0, PP_TEAM_OWN);
    if (step == PP_TURN_PRIVATE / 2)
      pp_member_inherit(self, &team->members[before]);
    while (forker && made * PP_TURN_PRIVATE < forks * (step + 1)) {
      pp_member_fork(self);
      made++;
    }
  }
  if (forker) atomic_store(&team->forked, self->turn + 1);
  if (forks > 0 && is_near(self, forker_of(self))) keep_busy(self, random);
}

static void hand_over(struct pp_member *self, struct pp_random *random) {
  struct pp_team *team = self->team;
  unsigned count = team->options.threads.count;
  /* The same for all members. */
  struct pp_random distances =
      pp_random_split(team->options.threads.seed, self->turn * 2 + 1);
  for (size_t k = 0; k < PP_TURN_HANDED; k++) {
    unsigned distance = 0;
    if (count > 1)
      distance = 1 + (unsigned)pp_random_below(&distances, count - 1);
    unsigned to = (self->index + distance) % count;
    send(self, random, &team->mail[to][k]);
    pp_member_step(self, random, 0, PP_TEAM_OWN);
    receive(self, random, &team->mail[self->index][k]);
  }
}

/* One thread in four ends after a turn, and all do after the last. Where there
 * is only one, there is none to see to what it left. */
static bool ends(const struct pp_member *self, struct pp_random *random) {
  return self->team->options.threads.count > 1 && pp_random_one_in(random, 4);
}

static void free_all(struct pp_member *self) {
  for (uint64_t id = 0; id < PP_TEAM_IDS; id++) {
    if (pp_blocks_find(&self->driver.blocks, id) == NULL) continue;
    pp_member_do(self, PP_THEME_PRIVATE, PP_OP_FREE, id, 0, 0);
  }
}

void pp_member_work(struct pp_member *self) {
  const struct pp_threads_plan *plan = &self->team->options.threads;
  bool last = false;
  while (!last && self->turn < plan->turns) {
    struct pp_random random = pp_random_split(
        plan->seed, (self->turn * PP_THREADS_MOST + self->index + 1) * 2);
    meet(self);
    if (self->turn == 0 && plan->count > 1) {
      pp_member_do(self, PP_THEME_FIRST, PP_OP_MALLOC, 0, 64, 0);
      self->report.evaluated[PP_API_85]++;
      meet(self); /* or one that is late would meet what the others do next */
    }
    keep_to_itself(self, &random);
    meet(self);
    hand_over(self, &random);
    last = ends(self, &random);
    self->turn++;
  }
  if (plan->count == 1) free_all(self);
}
