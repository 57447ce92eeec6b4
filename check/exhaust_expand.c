/* Expanding a state (SPEC.md, "What exhaust means by a state"): each of its
 * moves is performed with nothing refused, and then once more for each request
 * to a source that it made, with that one refused, and so on: every pattern of
 * refusals occurs once. */
#include "check/exhaust_search.h"

enum { ARRIVALS_MAX = 256, PATTERNS_MAX = 64, LOOK_AHEAD = 3 };

/* What leads out of one state; of the ways to one successor the first counts,
 * and they come in the same order each time. */
struct arrivals {
  unsigned count;
  struct pp_key from;
  struct pp_arrival at[ARRIVALS_MAX];
  /* Those whose heap is to be looked at if they are new, which is put off: the
   * table is far away, and what was sent for is here when the moves are. */
  unsigned pending_count;
  uint16_t pending[ARRIVALS_MAX];
  struct pp_kept heap[ARRIVALS_MAX]; /* of each that is pending */
};

/* One operation with one pattern of refusals. */
struct trial {
  bool changed;
  bool looked;  /* the heap was, as its account of arenas changed */
  bool scanned; /* `state` is that of the world */
  struct pp_state state;
};

static bool is_known(const struct arrivals *arrivals,
                     const struct pp_key *key) {
  if (pp_key_equal(key, &arrivals->from)) return true;
  for (unsigned i = arrivals->count; i > 0; i--) {
    if (pp_key_equal(key, &arrivals->at[i - 1].key)) return true;
  }
  return false;
}

static void look_at_heap(struct pp_world *world) {
  enum pp_clause broken = pp_reference_heap.check(world->heap);
  if (broken != PP_HOLDS) pp_world_broken(world, broken, "the heap is broken");
}

/* Whether the state was met at a lower depth. */
static bool is_settled(const struct pp_exhaust *search,
                       const struct pp_arrival *arrival) {
  return pp_table_has(&search->table, arrival, search->control->level_end);
}

static void look_at_new(struct pp_exhaust *search,
                        const struct pp_arrival *arrival) {
  if (!is_settled(search, arrival)) look_at_heap(&search->world);
}

static void ask_one(struct pp_exhaust *search, const struct pp_pool *pool) {
  PP_WORLD_FACT(&search->world, MAP_01,
                search->subject->owns(search->world.heap,
                                      (const uint8_t *)pool + PP_POOL_HEADER),
                "a block of a pool in use is taken for a foreign one");
}

/* Slots are names, and a state that is built begins with the first: the map is
 * asked while the arenas still have those that they were given. */
static void ask_map(struct pp_exhaust *search, const struct pp_state *state) {
  struct pp_world *world = &search->world;
  for (uint32_t i = 0; i < world->class_count; i++) {
    for (unsigned j = 0; j < state->ring[i].count; j++)
      ask_one(search, state->ring[i].at[j].pool);
    for (unsigned place = 0; place < world->geometry->arenas; place++) {
      if (state->full[place][i] == 0) continue;
      ask_one(search, state->full_pool[place][i]);
    }
  }
}

/* A heap whose account of arenas changed was looked at; any other is when its
 * state was not met at a lower depth. What lies in its pools, the model has
 * seen, and what was done to its rings the operation itself. */
static void arrive(struct pp_exhaust *search, struct arrivals *arrivals,
                   uint64_t link, struct trial *trial) {
  struct pp_world *world = &search->world;
  struct pp_key key;
  if (!trial->scanned && !pp_state_scan(world, &trial->state)) {
    pp_world_broken(world, PP_HEAP_01, "the heap is in no state at all");
  }
  pp_state_pack(world, &trial->state, &key);
  if (is_known(arrivals, &key)) return;
  unsigned number = arrivals->count++;
  struct pp_arrival *arrival = &arrivals->at[number];
  *arrival = (struct pp_arrival){key, pp_key_hash(&key), link};
  pp_table_expect(&search->table, arrival);
  if (search->lockstep || trial->looked) return;
  if (pp_world_keep(world, &arrivals->heap[arrivals->pending_count])) {
    arrivals->pending[arrivals->pending_count++] = (uint16_t)number;
  } else {
    look_at_new(search, arrival);
  }
}

/* From the world as it was before all of them, and back to it. */
static void look_at_pending(struct pp_exhaust *search, struct pp_job_state *job,
                            struct arrivals *arrivals) {
  struct pp_world *world = &search->world;
  unsigned count = arrivals->pending_count;
  arrivals->pending_count = 0;
  pp_table_await(&search->table, arrivals->at, arrivals->count);
  for (unsigned i = 0; i < count; i++) {
    const struct pp_arrival *arrival = &arrivals->at[arrivals->pending[i]];
    if (is_settled(search, arrival)) continue;
    atomic_store_explicit(&job->at, arrival->link, memory_order_relaxed);
    pp_world_redo(world, &arrivals->heap[i]);
    look_at_heap(world);
    pp_world_undo(world, search->before);
  }
}

/* A table that leads nowhere yet: will it? */
static void look_ahead(struct pp_exhaust *search, struct pp_job_state *job) {
  struct pp_world *world = &search->world;
  struct pp_showing *showing = &search->showing;
  unsigned asked = world->asked, forced = world->forced; /* to branch by */
  unsigned count;
  pp_image_copy(world, showing->subject[0], search->twin.after);
  pp_world_save(world, showing->reference[0]);
  PP_WORLD_FACT(world, HEAP_12,
                !pp_showing_find(search, showing, LOOK_AHEAD, &count),
                "nfp2lasta is another than the reference's");
  pp_world_load(world, showing->reference[0]);
  world->asked = asked;
  world->forced = forced;
  uint64_t at = atomic_load(&job->at);
  if (at < job->hidden) job->hidden = at;
}

static void try_one(struct pp_exhaust *search, struct pp_job_state *job,
                    const struct pp_move *move, unsigned wanted,
                    struct trial *trial) {
  struct pp_world *world = &search->world;
  uint8_t *answer = pp_move_perform(world, search->subject, move, wanted);
  trial->changed = pp_model_check(world, search->before, move, answer);
  /* What did not change was looked at when it did. */
  trial->looked = trial->changed && world->changes.account;
  trial->scanned = false;
  if (trial->looked) {
    if (!search->lockstep) look_at_heap(world);
    trial->scanned = pp_state_scan(world, &trial->state);
    if (trial->scanned) ask_map(search, &trial->state);
  }
  if (!search->lockstep) return;
  /* From here on it is our own heap that is in the world. */
  trial->changed = true;
  trial->scanned = false;
  if (!pp_twin_compare(world, &search->twin, search->before, move, answer)) {
    look_ahead(search, job);
  }
}

/* The requests after the last that was to be refused are refused in turn. */
static unsigned branch(const struct pp_world *world, unsigned wanted,
                       unsigned *patterns, unsigned count) {
  unsigned first = wanted == 0 ? 0 : 32 - (unsigned)__builtin_clz(wanted);
  for (unsigned i = first; i < world->asked && i < PP_WORLD_CALLS_MAX; i++) {
    if (world->forced >> i & 1 || count == PATTERNS_MAX) continue;
    patterns[count++] = wanted | 1u << i;
  }
  return count;
}

static void try_all(struct pp_exhaust *search, struct pp_job_state *job,
                    uint64_t number, const struct pp_move *move, unsigned index,
                    struct arrivals *arrivals) {
  struct pp_world *world = &search->world;
  static struct trial trial;
  unsigned patterns[PATTERNS_MAX];
  unsigned count = 1;
  patterns[0] = 0;
  while (count > 0) {
    unsigned wanted = patterns[--count];
    uint64_t link = PP_LINK(number, index, wanted);
    atomic_store_explicit(&job->at, link, memory_order_relaxed);
    try_one(search, job, move, wanted, &trial);
    job->transitions++;
    count = branch(world, wanted, patterns, count);
    if (!trial.changed) continue;
    if (search->lockstep || world->changes.decide) {
      arrive(search, arrivals, link, &trial);
    }
    if (search->lockstep) {
      pp_world_load(world, search->before);
    } else {
      pp_world_undo(world, search->before);
    }
  }
}

/* How a heap ends is a matter of what it holds for itself: it is ended where no
 * block of a pool is live. */
static bool is_idle(const struct pp_world *world) {
  return world->heap->live_blocks == world->heap->system_blocks;
}

static void try_begin(struct pp_exhaust *search, struct pp_job_state *job,
                      uint64_t number) {
  atomic_store(&job->at, PP_LINK(number, PP_MOVE_BEGIN, 0));
  pp_move_begin(&search->world, search->subject);
}

static void try_end(struct pp_exhaust *search, struct pp_job_state *job,
                    uint64_t number) {
  atomic_store(&job->at, PP_LINK(number, PP_MOVE_END, 0));
  pp_move_end(&search->world, search->subject, search->before);
}

bool pp_exhaust_expand(struct pp_exhaust *search, struct pp_job_state *job,
                       uint64_t number) {
  struct pp_world *world = &search->world;
  static struct pp_move moves[PP_MOVES_MAX];
  static struct arrivals arrivals;
  struct pp_state state;
  arrivals.count = 0;
  arrivals.pending_count = 0;
  arrivals.from = search->table.keys[number];
  pp_state_unpack(world, &arrivals.from, &state);
  pp_state_build(world, &state);
  pp_world_save(world, search->before);
  unsigned count = pp_moves_list(world, &state, moves);
  if (setjmp(world->stop) != 0) {
    job->finding = world->finding;
    job->finding.position = atomic_load(&job->at);
    if (arrivals.pending_count == 0) return false;
    /* What was put off was met before it; there, we come back here. */
    pp_world_load(world, search->before);
    look_at_pending(search, job, &arrivals);
    return false;
  }
  if (number == 0) try_begin(search, job, number);
  for (unsigned i = 0; i < count; i++) {
    try_all(search, job, number, &moves[i], i, &arrivals);
  }
  look_at_pending(search, job, &arrivals);
  if (is_idle(world)) try_end(search, job, number);
  if (pp_table_add(&search->table, arrivals.at, arrivals.count,
                   search->control->level_end)) {
    return true;
  }
  atomic_store(&search->control->full, true);
  return false;
}
