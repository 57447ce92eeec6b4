/* Stands: opening and closing, and what is seen of their heaps. The sources
 * are in heaps_sources.c. */
#include "proptests/heaps.h"

#include <stdlib.h>

#include "proptests/heaps_sources.h"
#include "reference/alloc/heap.h"

const struct pp_reference *const pp_levels[PP_LEVEL_COUNT] = {
    &pp_reference_none, &pp_reference_cheap, &pp_reference_object,
    &pp_reference_heap};

uint64_t pp_draw(uint64_t *state) {
  uint64_t mixed = *state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

static void broken(struct pp_witness *witness, enum pp_clause clause,
                   const char *where) {
  struct pp_stand *stand = (struct pp_stand *)witness;
  stand->told = clause;
  stand->where = where;
  stand->spoilt = true;
  if (stand->armed) longjmp(stand->escape, 1);
  cr_assert_fail("%s, level %s: breaks %s at %s", stand->profile->name,
                 stand->reference->level, pp_clause_texts[clause].id, where);
  abort();
}

void pp_stand_open(struct pp_stand *stand, const struct pp_profile *profile,
                   enum pp_level level) {
  memset(stand, 0, sizeof *stand);
  stand->witness.broken = broken;
  stand->profile = profile;
  stand->level = level;
  stand->reference = pp_levels[level];
  stand->random = 1;
  for (int ask = 0; ask < PP_ASKS; ask++)
    stand->left[ask] = SIZE_MAX;
  pp_sources_open(stand);
  void *memory = malloc(stand->reference->heap_size(profile));
  cr_assert_not_null(memory);
  stand->heap =
      stand->reference->create(memory, profile, &stand->arena_source,
                               &stand->system_source, &stand->witness);
  SEE(stand->heap == memory);
}

void pp_stand_close(struct pp_stand *stand) {
  if (!stand->spoilt) {
    /* The heap's own blocks are those that nobody counts as live. */
    size_t live = pp_counted(stand).system_blocks;
    stand->reference->destroy(stand->heap);
    SEE_EQ(stand->owned_count, live);
    for (size_t i = 0; i < PP_STAND_ARENAS; i++)
      SEE(stand->arenas[i] == NULL);
  }
  free(stand->heap);
  pp_sources_close(stand);
}

void pp_each_heap(enum pp_clause clause, void (*body)(struct pp_stand *)) {
  static struct pp_stand stand;
  size_t met = 0;
  for (unsigned i = 0; i < PP_PROFILE_COUNT; i++) {
    if ((pp_clause_texts[clause].profiles >> i & 1) == 0) continue;
    for (unsigned level = 0; level < PP_LEVEL_COUNT; level++) {
      pp_stand_open(&stand, &pp_profiles[i], (enum pp_level)level);
      body(&stand);
      if (!stand.spoilt)
        cr_assert_eq(pp_checked(&stand), PP_HOLDS, "%s, level %s: breaks %s",
                     stand.profile->name, stand.reference->level,
                     pp_clause_texts[pp_checked(&stand)].id);
      pp_stand_close(&stand);
      met++;
    }
  }
  cr_assert(met > 0);
}

bool pp_is_scaled(const struct pp_profile *profile) {
  return profile->id == PP_PROFILE_TINY || profile->id == PP_PROFILE_SMALL;
}

bool pp_is_slow(const struct pp_stand *stand) {
  return stand->level == PP_LEVEL_HEAP && !pp_is_scaled(stand->profile);
}

size_t pp_step(const struct pp_stand *stand) {
  return stand->profile->id == PP_PROFILE_3_7_3 ? 8 : 16;
}

/* ---- requests ---- */

void *pp_take(struct pp_stand *stand, size_t size) {
  return stand->reference->malloc(stand->heap, size);
}

void pp_give(struct pp_stand *stand, void *block) {
  stand->reference->free(stand->heap, block);
}

bool pp_owns(const struct pp_stand *stand, const void *address) {
  return stand->reference->owns(stand->heap, address);
}

struct pp_place pp_where(struct pp_stand *stand, const void *block) {
  struct pp_place place;
  SEE(stand->reference->locate(stand->heap, block, &place));
  return place;
}

struct pp_counts pp_counted(const struct pp_stand *stand) {
  struct pp_counts counts;
  stand->reference->count(stand->heap, &counts);
  return counts;
}

enum pp_clause pp_checked(const struct pp_stand *stand) {
  return stand->reference->check(stand->heap);
}

const struct pp_asked *pp_last(const struct pp_stand *stand) {
  if (stand->log_count == 0) return NULL;
  return &stand->log[(stand->log_count - 1) % PP_STAND_LOG];
}

size_t pp_full(const struct pp_stand *stand) {
  return pp_class_capacity(stand->profile, stand->profile->class_count - 1);
}

size_t pp_pools(const struct pp_stand *stand) {
  return pp_arena_size(stand->profile) / pp_pool_size(stand->profile);
}

void pp_fill(struct pp_stand *stand, size_t first, size_t count) {
  SEE(first + count <= PP_STAND_POOLS);
  for (size_t pool = first; pool < first + count; pool++) {
    for (size_t i = 0; i < pp_full(stand); i++) {
      void *block = pp_take(stand, pp_small_max(stand->profile));
      stand->blocks[pool][i] = block;
      SEE(pp_pool_of(stand->profile, block) == pp_filled(stand, pool));
    }
  }
}

void pp_empty(struct pp_stand *stand, size_t first, size_t count) {
  for (size_t pool = first; pool < first + count; pool++) {
    for (size_t i = 0; i < pp_full(stand); i++)
      pp_give(stand, stand->blocks[pool][i]);
  }
}

struct pp_pool *pp_filled(const struct pp_stand *stand, size_t pool) {
  return pp_pool_of(stand->profile, stand->blocks[pool][0]);
}

/* ---- lists ---- */

const struct pp_arena *pp_slot(const struct pp_stand *stand, size_t slot) {
  SEE(slot < stand->heap->maxarenas);
  return &stand->heap->arenas[slot];
}

const struct pp_arena *pp_usable(const struct pp_stand *stand) {
  return stand->heap->usable_arenas;
}

const struct pp_arena *pp_unused(const struct pp_stand *stand) {
  return stand->heap->unused_arena_objects;
}

const struct pp_arena *pp_rightmost(const struct pp_stand *stand, size_t n) {
  return stand->heap->nfp2lasta[n];
}

const struct pp_pool *pp_ring(const struct pp_stand *stand, size_t k) {
  return &stand->heap->usedpools[k];
}

size_t pp_slot_of(const struct pp_stand *stand, const struct pp_arena *arena) {
  return (size_t)(arena - stand->heap->arenas);
}

const char *pp_order(const struct pp_stand *stand) {
  static char order[PP_STAND_ARENAS + 1];
  size_t length = 0;
  const struct pp_arena *arena = pp_usable(stand);
  for (; arena != NULL; arena = arena->nextarena) {
    SEE(length < PP_STAND_ARENAS);
    size_t slot = pp_slot_of(stand, arena);
    order[length++] = (char)(slot < 10 ? '0' + slot : 'a' + slot - 10);
  }
  order[length] = '\0';
  return order;
}

bool pp_leaf_at(const struct pp_stand *stand, uintptr_t address,
                int32_t *tail_hi, int32_t *tail_lo) {
  const struct pp_leaf *leaf = pp_map_leaf(stand->heap, address);
  *tail_hi = leaf == NULL ? 0 : leaf->tail_hi;
  *tail_lo = leaf == NULL ? 0 : leaf->tail_lo;
  return leaf != NULL;
}

static bool sum_free_pools(void *ctx, const struct pp_arena_info *arena) {
  *(size_t *)ctx += arena->free_pools;
  return true;
}

size_t pp_free_pools(const struct pp_stand *stand) {
  size_t sum = 0;
  stand->reference->visit_arenas(stand->heap, &sum, sum_free_pools);
  return sum;
}

/* ---- broken clauses ---- */

enum pp_clause pp_breaks(struct pp_stand *stand,
                         void (*act)(struct pp_stand *, void *), void *arg) {
  stand->told = PP_HOLDS;
  stand->armed = true;
  if (setjmp(stand->escape) == 0) act(stand, arg);
  stand->armed = false;
  return stand->told;
}

static void act_free(struct pp_stand *stand, void *block) {
  pp_give(stand, block);
}

enum pp_clause pp_free_breaks(struct pp_stand *stand, void *block) {
  return pp_breaks(stand, act_free, block);
}

static void act_create(struct pp_stand *stand, void *memory) {
  stand->reference->create(memory, &stand->altered, &stand->arena_source,
                           &stand->system_source, &stand->witness);
}

enum pp_clause pp_create_breaks(struct pp_stand *stand) {
  void *memory = malloc(stand->reference->heap_size(&stand->altered));
  cr_assert_not_null(memory);
  enum pp_clause clause = pp_breaks(stand, act_create, memory);
  free(memory);
  stand->spoilt = false; /* its own heap is another one */
  return clause;
}

void pp_write(struct pp_stand *stand, const void *at, const void *bytes,
              size_t size) {
  SEE(stand->mend_count < PP_STAND_MENDS);
  SEE(size <= sizeof stand->mends[0].bytes);
  void *target = (void *)(uintptr_t)at;
  stand->mends[stand->mend_count].at = target;
  stand->mends[stand->mend_count].size = size;
  memcpy(stand->mends[stand->mend_count].bytes, at, size);
  memcpy(target, bytes, size);
  stand->mend_count++;
}

void pp_write_u32(struct pp_stand *stand, const uint32_t *at, uint32_t value) {
  pp_write(stand, at, &value, sizeof value);
}

void pp_write_pointer(struct pp_stand *stand, const void *at,
                      const void *value) {
  pp_write(stand, at, &value, sizeof value);
}

void pp_mend(struct pp_stand *stand) {
  while (stand->mend_count > 0) {
    stand->mend_count--;
    memcpy(stand->mends[stand->mend_count].at,
           stand->mends[stand->mend_count].bytes,
           stand->mends[stand->mend_count].size);
  }
}

static void see(struct pp_stand *stand, enum pp_clause told,
                enum pp_clause expected) {
  cr_assert_str_eq(pp_clause_texts[told].id, pp_clause_texts[expected].id,
                   "%s, level %s: %s, not %s", stand->profile->name,
                   stand->reference->level, pp_clause_texts[told].id,
                   pp_clause_texts[expected].id);
}

void pp_see_breaks(struct pp_stand *stand, enum pp_level from,
                   void (*act)(struct pp_stand *, void *), void *arg,
                   enum pp_clause clause) {
  const struct pp_profile *profile = stand->profile;
  enum pp_level level = stand->level;
  if (level >= from) {
    see(stand, pp_breaks(stand, act, arg), clause);
  } else {
    pp_mend(stand);
  }
  pp_stand_close(stand);
  pp_stand_open(stand, profile, level);
}

void pp_see_told(struct pp_stand *stand, enum pp_clause clause,
                 const struct pp_pool *pool) {
  for (int i = 0; i < 2; i++) {
    see(stand, pp_checked(stand), clause);
    if (pool != NULL)
      see(stand,
          stand->reference->check_pool(stand->profile, pool, &stand->witness),
          clause);
    pp_mend(stand);
    clause = PP_HOLDS;
  }
}
