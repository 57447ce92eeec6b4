/* Long random programs against a model of what their blocks hold, with
 * sources that refuse and arenas that are skewed: at the highest level on the
 * scaled profiles, and at level object on every one. Each clause that the
 * heap can assert must have been evaluated on the way. */
#include "proptests/heaps.h"

enum { NAMES_MAX = 8000 };

/* Clauses that no assertion in the heap can tell, and why. */
static const struct {
  enum pp_clause clause;
  const char *reason;
} silent[] = {
    {PP_HEAP_12, "compares two heaps"},
    {PP_HEAP_13, "compares a subject with the reference"},
    {PP_HEAP_14, "compares a subject with the reference"},
};

struct name {
  uint8_t *block;
  size_t size;
  uint8_t byte; /* what all of it holds */
};

struct churn {
  struct pp_stand *stand;
  uint64_t random;
  size_t names, live, next;
  size_t band; /* of most sizes in a phase */
  struct name of[NAMES_MAX];
};

static uint64_t below(struct churn *churn, uint64_t limit) {
  return pp_draw(&churn->random) % limit;
}

/* Mostly of a few classes, often at the edge of one, now and then impossible.
 */
static size_t draw_size(struct churn *churn) {
  size_t largest = pp_small_max(churn->stand->profile);
  size_t step = pp_step(churn->stand);
  switch (below(churn, 64)) {
  case 0: return 0;
  case 1: return largest + 1 + below(churn, 2000);
  case 2: return PTRDIFF_MAX - below(churn, 2);
  case 3: return (size_t)PTRDIFF_MAX + 1 + below(churn, PTRDIFF_MAX);
  default: break;
  }
  if (below(churn, 16) == 0) return 1 + below(churn, largest);
  size_t size = churn->band + below(churn, largest / 4);
  if (below(churn, 2) == 0) size = (size + step - 1) / step * step;
  return size < largest ? size : largest;
}

static void see_contents(struct churn *churn, const struct name *name,
                         size_t size) {
  struct pp_stand *stand = churn->stand;
  if (size == 0) return;
  SEE_EQ(name->block[0], name->byte);
  SEE(memcmp(name->block, name->block + 1, size - 1) == 0);
}

static void set_contents(struct churn *churn, struct name *name, uint8_t *block,
                         size_t size) {
  churn->live += name->block == NULL;
  name->block = block;
  name->size = size;
  name->byte = (uint8_t)below(churn, 256);
  memset(block, name->byte, size);
  struct pp_stand *stand = churn->stand;
  if (pp_owns(stand, block)) SEE(pp_where(stand, block).block_size >= size);
}

static void request(struct churn *churn, struct name *name) {
  struct pp_stand *stand = churn->stand;
  size_t size = draw_size(churn);
  if (below(churn, 4) > 0) {
    uint8_t *block = pp_take(stand, size);
    if (block != NULL) set_contents(churn, name, block, size);
    return;
  }
  size_t count = 1 + below(churn, 3);
  uint8_t *block = stand->reference->calloc(stand->heap, count, size);
  if (block == NULL) return;
  SEE(size <= PTRDIFF_MAX / count);
  for (size_t i = 0; i < size * count; i++)
    SEE_EQ(block[i], 0);
  set_contents(churn, name, block, size * count);
}

static void resize(struct churn *churn, struct name *name) {
  struct pp_stand *stand = churn->stand;
  size_t size = draw_size(churn);
  uint8_t *block = stand->reference->realloc(stand->heap, name->block, size);
  if (block == NULL) {
    see_contents(churn, name, name->size);
    return;
  }
  if (name->block != NULL) {
    name->block = block;
    see_contents(churn, name, size < name->size ? size : name->size);
  }
  set_contents(churn, name, block, size);
}

static void release(struct churn *churn, struct name *name) {
  see_contents(churn, name, name->size);
  pp_give(churn->stand, name->block);
  churn->live -= name->block != NULL;
  name->block = NULL;
  name->size = 0;
}

/* Names in turn, so that neighbours in memory are so by name, and some of
 * any age. */
static void grow(struct churn *churn, size_t ops) {
  static const size_t skews[] = {0, 16, 0, 1040, 4096, 0};
  struct pp_stand *stand = churn->stand;
  for (size_t i = 0; i < ops; i++) {
    bool in_turn = below(churn, 4) > 0;
    size_t index = in_turn ? churn->next++ : below(churn, churn->names);
    struct name *name = &churn->of[index % churn->names];
    stand->skew = skews[stand->asked[PP_ASK_ARENA] % 6];
    if (below(churn, 8) == 0)
      resize(churn, name);
    else if (name->block == NULL)
      request(churn, name);
    else if (!in_turn)
      release(churn, name);
    if (i % 1024 == 0) SEE_EQ(pp_checked(stand), PP_HOLDS);
  }
}

/* Nearly all names, or a range, or every second one of it. */
static void shrink(struct churn *churn, bool most) {
  size_t first = below(churn, churn->names);
  size_t count = most ? churn->names : below(churn, churn->names);
  size_t step = !most && below(churn, 3) == 0 ? 2 : 1;
  for (size_t i = 0; i < count; i += step) {
    if (!most || below(churn, churn->names / 2) != 0)
      release(churn, &churn->of[(first + i) % churn->names]);
  }
}

static void run_phase(struct churn *churn, size_t phase) {
  struct pp_stand *stand = churn->stand;
  stand->refuse_one_in = phase % 4 == 2 ? 2 : 0;
  churn->band = 1 + below(churn, pp_small_max(stand->profile));
  if (phase % 2 == 0)
    grow(churn, churn->names * 5 / 4);
  else
    shrink(churn, phase % 4 == 1); /* what follows is refused much */
  SEE_EQ(pp_checked(stand), PP_HOLDS);
  struct pp_counts counts = pp_counted(stand);
  SEE_EQ(counts.pool_blocks + counts.system_blocks, churn->live);
}

/* As many as several arenas hold. */
static size_t names_of(const struct pp_profile *profile) {
  if (pp_is_scaled(profile)) return 160;
  return profile->arena_bits == 20 ? NAMES_MAX : NAMES_MAX / 2;
}

static void run(struct pp_stand *stand, size_t phases) {
  static struct churn churn;
  memset(&churn, 0, sizeof churn);
  churn.stand = stand;
  churn.random = stand->profile->id;
  churn.names = names_of(stand->profile);
  /* The first arenas get no nodes, or not all, or are refused. */
  bool radix = stand->profile->map == PP_MAP_RADIX;
  enum pp_ask refused = radix ? PP_ASK_CALLOC : PP_ASK_ARENA;
  stand->at_border = true;
  stand->skew = 16;
  for (size_t i = 0; i < 3; i++) {
    stand->left[refused] = radix && i > 0; /* nodes that were granted stay */
    set_contents(&churn, &churn.of[i], pp_take(stand, 1), 1);
    SEE(!pp_owns(stand, churn.of[i].block));
  }
  stand->left[refused] = SIZE_MAX;
  /* What the system refuses to shrink to nothing is kept. */
  stand->left[PP_ASK_REALLOC] = 0;
  void *kept = stand->reference->realloc(stand->heap, churn.of[0].block, 0);
  SEE(kept ==
      (stand->profile->id == PP_PROFILE_3_6 ? churn.of[0].block : NULL));
  stand->left[PP_ASK_REALLOC] = SIZE_MAX;
  for (size_t phase = 0; phase < phases; phase++)
    run_phase(&churn, phase);
  for (size_t i = 0; i < churn.names; i++)
    release(&churn, &churn.of[i]);
  SEE_EQ(pp_checked(stand), PP_HOLDS);
  SEE_EQ(churn.live, 0);
  SEE(stand->asked[PP_ASK_ARENA] > pp_counted(stand).arenas_total);
  SEE(stand->asked[PP_GIVE_ARENA] > 1);
  SEE(pp_counted(stand).arenas_highwater > 1);
}

static bool is_of_the_heap(const struct pp_clause_text *text) {
  static const char *const areas[] = {"GEO",   "SC",  "BLOCK", "POOL",
                                      "ARENA", "MAP", "HEAP",  "REALLOC"};
  for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
    if (strcmp(areas[i], text->area) == 0) return true;
  }
  return false;
}

static bool is_silent(enum pp_clause clause) {
  for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
    if (silent[i].clause == clause) return true;
  }
  return false;
}

static void see_evaluated(const struct pp_stand *stand) {
  for (int clause = 1; clause < PP_CLAUSE_COUNT; clause++) {
    const struct pp_clause_text *text = &pp_clause_texts[clause];
    if (!is_of_the_heap(text) ||
        (text->profiles >> stand->profile->id & 1) == 0)
      continue;
    bool evaluated = stand->witness.evaluated[clause] > 0;
    cr_expect_eq(evaluated, !is_silent((enum pp_clause)clause),
                 "%s, level %s: %s is %sevaluated", stand->profile->name,
                 stand->reference->level, text->id, evaluated ? "" : "not ");
  }
}

static void churn_at(const struct pp_profile *profile, enum pp_level level,
                     size_t phases) {
  static struct pp_stand stand;
  pp_stand_open(&stand, profile, level);
  run(&stand, phases);
  pp_stand_close(&stand);
  see_evaluated(&stand); /* some are evaluated at the end of the heap */
}

Test(churn, at_level_heap_on_scaled_profiles) {
  churn_at(&pp_profiles[PP_PROFILE_TINY], PP_LEVEL_HEAP, 100);
  churn_at(&pp_profiles[PP_PROFILE_SMALL], PP_LEVEL_HEAP, 100);
}

Test(churn, at_level_object_on_every_profile) {
  for (size_t i = 0; i < PP_PROFILE_COUNT; i++)
    churn_at(&pp_profiles[i], PP_LEVEL_OBJECT,
             pp_is_scaled(&pp_profiles[i]) ? 200 : 24);
}
