/* What is told of a heap without changing it (SPEC.md, HEAP, GEO and POOL):
 * where a block lies, which arenas, pools and blocks there are, and the tables
 * of clauses and profiles by name. */
#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

/* Stops at one of them. */
struct tour {
  size_t seen, stop_at;
  uintptr_t last;
  size_t live;
};

static bool goes_on(struct tour *tour) {
  tour->seen++;
  return tour->seen != tour->stop_at;
}

static bool see_arena(void *ctx, const struct pp_arena_info *arena) {
  struct tour *tour = ctx;
  tour->last = arena->base;
  return goes_on(tour);
}

static bool see_pool(void *ctx, const struct pp_pool_info *pool) {
  struct tour *tour = ctx;
  tour->last = pool->base;
  return goes_on(tour);
}

static bool see_block(void *ctx, uintptr_t block, bool live) {
  struct tour *tour = ctx;
  tour->last = block;
  tour->live += live;
  return goes_on(tour);
}

HeapTest(GEO_03, foreign_block_has_no_place) {
  static uint8_t foreign[64];
  struct pp_place place = {.arena = 1};
  SEE(!stand->reference->locate(stand->heap, foreign, &place));
  void *block = pp_take(stand, pp_small_max(stand->profile) + 1);
  SEE(!stand->reference->locate(stand->heap, block, &place));
  SEE_EQ(place.arena, 1);
  pp_give(stand, block);
}

HeapTest(GEO_03, place_of_a_block_adds_up) {
  stand->skew = 16;
  pp_take(stand, 1);
  uint8_t *block = pp_take(stand, pp_step(stand) + 1);
  struct pp_place place = pp_where(stand, block);
  const struct pp_arena *arena = pp_slot(stand, 0);
  SEE_EQ(place.arena, arena->address);
  SEE_EQ(place.arena_slot, 0);
  SEE_EQ(place.arena + place.arena_offset, block);
  SEE_EQ(place.pool + place.pool_offset, block);
  SEE_EQ(place.pool % pp_pool_size(stand->profile), 0);
  SEE_EQ(place.pool_offset, PP_POOL_HEADER);
  SEE_EQ(place.class_index, 1);
  SEE_EQ(place.block_size, 2 * pp_step(stand));
}

HeapTest(ARENA_02, visit_of_arenas_ends_when_told) {
  if (pp_is_slow(stand)) return;
  pp_fill(stand, 0, 2 * pp_pools(stand));
  struct tour all = {0}, one = {.stop_at = 1};
  stand->reference->visit_arenas(stand->heap, &all, see_arena);
  SEE_EQ(all.seen, 2);
  SEE_EQ(all.last, pp_slot(stand, 1)->address);
  stand->reference->visit_arenas(stand->heap, &one, see_arena);
  SEE_EQ(one.seen, 1);
  SEE_EQ(one.last, pp_slot(stand, 0)->address);
}

static bool copy_arena(void *ctx, const struct pp_arena_info *arena) {
  *(struct pp_arena_info *)ctx = *arena;
  return true;
}

HeapTest(ARENA_02, visited_arena_is_described) {
  stand->skew = 16;
  pp_fill(stand, 0, 2);
  struct pp_arena_info info;
  stand->reference->visit_arenas(stand->heap, &info, copy_arena);
  const struct pp_arena *arena = pp_slot(stand, 0);
  size_t pool = pp_pool_size(stand->profile);
  SEE_EQ(info.base, arena->address);
  SEE_EQ(info.slot, 0);
  SEE_EQ(info.total_pools, pp_pools(stand) - 1);
  SEE_EQ(info.free_pools, pp_pools(stand) - 3);
  SEE_EQ(info.first_pool, (arena->address + pool - 1) / pool * pool);
  SEE_EQ(info.next_pool, info.first_pool + 2 * pool);
  SEE_EQ(info.usable, info.free_pools > 0);
}

HeapTest(POOL_17, visit_of_pools_ends_when_told) {
  pp_fill(stand, 0, 2);
  struct tour all = {0}, one = {.stop_at = 1};
  stand->reference->visit_pools(stand->heap, 0, &all, see_pool);
  SEE_EQ(all.seen, 2);
  SEE_EQ(all.last, pp_filled(stand, 1));
  stand->reference->visit_pools(stand->heap, 0, &one, see_pool);
  SEE_EQ(one.seen, 1);
  SEE_EQ(one.last, pp_filled(stand, 0));
}

static bool copy_pool(void *ctx, const struct pp_pool_info *pool) {
  *(struct pp_pool_info *)ctx = *pool;
  return true;
}

HeapTest(POOL_17, visited_pool_is_described) {
  struct pp_pool_info info;
  size_t size = 2 * pp_step(stand);
  const struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, size));
  pp_take(stand, size);
  stand->reference->visit_pools(stand->heap, 0, &info, copy_pool);
  SEE_EQ(info.base, pool);
  SEE_EQ(info.arena_slot, 0);
  SEE_EQ(info.class_index, 1);
  SEE_EQ(info.count, 2);
  SEE_EQ(info.capacity, (pp_pool_size(stand->profile) - 48) / size);
  SEE_EQ(info.next_offset, pool->nextoffset);
  /* One that never served a class has neither capacity nor blocks. */
  pp_write_u32(stand, &pool->szidx, PP_CLASS_NONE);
  stand->reference->visit_pools(stand->heap, 0, &info, copy_pool);
  SEE_EQ(info.class_index, PP_CLASS_NONE);
  SEE_EQ(info.count, 0);
  SEE_EQ(info.capacity, 0);
  SEE_EQ(info.next_offset, 0);
  struct tour none = {0};
  stand->reference->visit_blocks(stand->heap, (uintptr_t)pool, &none,
                                 see_block);
  SEE_EQ(none.seen, 0);
  pp_mend(stand);
}

HeapTest(BLOCK_06, visit_of_blocks_tells_the_live_ones) {
  size_t size = pp_step(stand);
  uint8_t *blocks[3];
  for (size_t i = 0; i < 3; i++)
    blocks[i] = pp_take(stand, 1);
  pp_give(stand, blocks[1]);
  uintptr_t pool = (uintptr_t)pp_pool_of(stand->profile, blocks[0]);
  struct tour all = {0}, two = {.stop_at = 2};
  stand->reference->visit_blocks(stand->heap, pool, &all, see_block);
  SEE_EQ(all.seen, 4); /* the last is the spare one */
  SEE_EQ(all.live, 2);
  SEE_EQ(all.last, blocks[2] + size);
  stand->reference->visit_blocks(stand->heap, pool, &two, see_block);
  SEE_EQ(two.seen, 2);
  SEE_EQ(two.live, 1);
  SEE_EQ(two.last, blocks[0] + size);
}

/* ---- refused requests ---- */

HeapTest(ARENA_17, refused_vector_leaves_the_heap_as_it_was) {
  stand->left[PP_ASK_REALLOC] = 0;
  void *block = pp_take(stand, 1);
  SEE(block != NULL);
  SEE(!pp_owns(stand, block));
  SEE_EQ(pp_counted(stand).arena_slots, 0);
  SEE_EQ(stand->asked[PP_ASK_ARENA], 0);
  pp_give(stand, block);
  stand->left[PP_ASK_REALLOC] = SIZE_MAX;
  SEE(pp_owns(stand, pp_take(stand, 1)));
  SEE_EQ(pp_counted(stand).arena_slots, PP_ARENA_SLOTS_FIRST);
}

/* A count of slots that does not fit is no count: the request goes to the
 * system. Up to 3.9 the map would look for a block in the vector. */
HeapTest(ARENA_14, vector_of_2_to_the_31_slots_is_not_doubled) {
  if (stand->profile->map != PP_MAP_RADIX) return;
  if (stand->level == PP_LEVEL_HEAP) return;
  pp_write_u32(stand, &stand->heap->maxarenas, (uint32_t)1 << 31);
  void *block = pp_take(stand, 1);
  SEE(block != NULL);
  SEE(!pp_owns(stand, block));
  SEE_EQ(stand->asked[PP_ASK_REALLOC], 0);
  pp_mend(stand);
  pp_give(stand, block);
}

/* ---- names ---- */

Test(GEO_01, clauses_are_found_by_their_ids) {
  for (int clause = 1; clause < PP_CLAUSE_COUNT; clause++)
    cr_assert_eq(pp_clause_find(pp_clause_texts[clause].id),
                 (enum pp_clause)clause);
  cr_assert_eq(pp_clause_find("geo-01"), PP_GEO_01);
  cr_assert_eq(pp_clause_find("GEo-01"), PP_GEO_01);
  const char *unknown[] = {"",       "GEO",     "GEO-0",     "GEO-011",
                           "GEO-99", "GEO_01",  "AEO-01",    "none",
                           "{eo-01", "`EO-01",  "zeo-01",    "GEO-01 ",
                           "GEO-1",  "GEO-01a", "XGEO-01GEO"};
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
    cr_assert_eq(pp_clause_find(unknown[i]), PP_HOLDS, "%s", unknown[i]);
}

Test(GEO_01, profiles_are_found_by_their_names) {
  for (unsigned i = 0; i < PP_PROFILE_COUNT; i++)
    cr_assert_eq(pp_profile_find(pp_profiles[i].name), &pp_profiles[i]);
  cr_assert_null(pp_profile_find("3.5"));
  cr_assert_null(pp_profile_find(""));
}
