/* The pool walk (SPEC.md, BLOCK, POOL and ARENA): every pool header in the
 * subject's arenas is read from its memory and judged by the predicate that
 * judges the reference's own, then held against the twin's header at the same
 * place. A heap of this family cannot hide what it does from it. */
#include <inttypes.h>

#include "check/driver.h"
#include "reference/alloc/geometry.h"

/* The parts of one walk that a visitor needs. */
struct walk {
  struct pp_driver *driver;
  const struct pp_place_slot *subject; /* the arena in the subject */
  const struct pp_place_slot *twin;    /* the same arena in the twin */
  enum pp_clause broken;
  uint32_t pool_offset;   /* where the walk is */
  uint32_t subject_index; /* arenaindex of the subject's pools here */
  bool index_known;
};

/* A live block must not be on the free list: nothing on it may be claimed. */
static bool free_list_is_free(const struct walk *walk,
                              const struct pp_pool *pool) {
  if (!walk->driver->options.shadow) return true;
  for (const uint8_t *block = pool->freeblock; block != NULL;
       block = pp_link_read(block)) {
    if (pp_shadow_claimed(&walk->driver->shadow, block)) return false;
  }
  return true;
}

static bool same_header(struct walk *walk, const struct pp_pool *subject,
                        const struct pp_pool *twin) {
  if (subject->count != twin->count) return false;
  if (subject->szidx != twin->szidx) return false;
  if (subject->nextoffset != twin->nextoffset) return false;
  uint64_t here = subject->freeblock == NULL
                      ? 0
                      : (uintptr_t)subject->freeblock - (uintptr_t)subject;
  uint64_t there = twin->freeblock == NULL
                       ? 0
                       : (uintptr_t)twin->freeblock - (uintptr_t)twin;
  return walk->driver != NULL && here == there;
}

static void judge_pool(struct walk *walk, const struct pp_pool *pool,
                       const struct pp_pool *twin) {
  struct pp_driver *driver = walk->driver;
  uint32_t ordinal = walk->subject->ordinal;
  enum pp_clause broken = PP_HOLDS;
  PP_ORACLE(driver, ARENA_01, pool->count == twin->count,
            "the pool at arena %" PRIu32 " + 0x%" PRIx32 " has %" PRIu32
            " live blocks; the reference's %" PRIu32,
            ordinal, walk->pool_offset, pool->count, twin->count);
  if (!walk->index_known) walk->subject_index = pool->arenaindex;
  walk->index_known = true;
  PP_ORACLE(driver, POOL_16, pool->arenaindex == walk->subject_index,
            "the pool at arena %" PRIu32 " + 0x%" PRIx32 " names slot %" PRIu32
            ", its neighbours %" PRIu32,
            ordinal, walk->pool_offset, pool->arenaindex, walk->subject_index);
  if (pool->count == 0) return;
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  broken = driver->twin->reference->check_pool(driver->subject->profile, pool,
                                               &driver->twin->witness);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  if (broken != PP_HOLDS) {
    pp_driver_broken(driver, broken,
                     "the pool at arena %" PRIu32 " + 0x%" PRIx32
                     " does not hold together",
                     ordinal, walk->pool_offset);
  }
  PP_ORACLE(driver, BLOCK_08, free_list_is_free(walk, pool),
            "a live block is on the free list of the pool at arena %" PRIu32
            " + 0x%" PRIx32,
            ordinal, walk->pool_offset);
  PP_ORACLE(driver, HEAP_12, same_header(walk, pool, twin),
            "the pool at arena %" PRIu32 " + 0x%" PRIx32
            " differs from the reference's in class, free list or untouched "
            "blocks",
            ordinal, walk->pool_offset);
}

static bool visit_pool(void *ctx, const struct pp_pool_info *info) {
  struct walk *walk = ctx;
  walk->pool_offset = (uint32_t)(info->base - walk->twin->base);
  judge_pool(walk,
             (const struct pp_pool *)(walk->subject->base + walk->pool_offset),
             (const struct pp_pool *)info->base);
  return true;
}

static bool visit_arena(void *ctx, const struct pp_arena_info *info) {
  struct pp_driver *driver = ctx;
  struct walk walk = {.driver = driver};
  uint32_t ordinal, offset;
  if (!pp_places_find(&driver->twin->places, (void *)info->base, &ordinal,
                      &offset)) {
    return true; /* from before the trace */
  }
  walk.twin = pp_places_arena(&driver->twin->places, ordinal);
  walk.subject = pp_places_arena(driver->places, ordinal);
  PP_ORACLE(driver, HEAP_13, walk.subject != NULL,
            "arena %" PRIu32 " is held by the reference alone", ordinal);
  driver->twin->reference->visit_pools(driver->twin->heap, info->slot, &walk,
                                       visit_pool);
  return true;
}

void pp_walk(struct pp_driver *driver) {
  const struct pp_reference *reference = driver->twin->reference;
  reference->visit_arenas(driver->twin->heap, driver, visit_arena);
  if (!driver->twin->ours) return;
  enum pp_clause broken = reference->check(driver->twin->heap);
  if (broken != PP_HOLDS) {
    driver->report->finding.ours = true;
    pp_driver_broken(driver, broken, "the reference itself does not hold");
  }
}
