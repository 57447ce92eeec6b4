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
  SEE_EQ(info.usable, true);
  if (pp_is_slow(stand)) return;
  pp_fill(stand, 2, info.free_pools);
  stand->reference->visit_arenas(stand->heap, &info, copy_arena);
  SEE_EQ(info.free_pools, 0);
  SEE_EQ(info.usable, false);
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
}

HeapTest(POOL_15, pool_of_no_class_has_neither_capacity_nor_blocks) {
  struct pp_pool_info info;
  const struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  const uint32_t none[] = {PP_CLASS_NONE, stand->profile->class_count};
  for (size_t i = 0; i < 2; i++) {
    pp_write_u32(stand, &pool->szidx, none[i]);
    stand->reference->visit_pools(stand->heap, 0, &info, copy_pool);
    SEE_EQ(info.class_index, none[i]);
    SEE_EQ(info.count, 0);
    SEE_EQ(info.capacity, 0);
    SEE_EQ(info.next_offset, 0);
    struct tour tour = {0};
    stand->reference->visit_blocks(stand->heap, (uintptr_t)pool, &tour,
                                   see_block);
    SEE_EQ(tour.seen, 0);
    pp_mend(stand);
  }
}

/* Which of the blocks of a pool are live, in address order. */
struct census {
  uintptr_t first;
  size_t size;
  bool live[512];
  size_t count;
};

static bool write_down(void *ctx, uintptr_t block, bool live) {
  struct census *census = ctx;
  cr_assert_eq(block, census->first + census->count * census->size);
  cr_assert(census->count < 512);
  census->live[census->count++] = live;
  return true;
}

HeapTest(BLOCK_06, each_block_is_live_or_free) {
  uint8_t *blocks[300];
  size_t count = pp_class_capacity(stand->profile, 0);
  if (count > 300) count = 300;
  for (size_t i = 0; i < count; i++)
    blocks[i] = pp_take(stand, 1);
  for (size_t i = 1; i < count; i += 3)
    pp_give(stand, blocks[i]);
  uintptr_t pool = (uintptr_t)pp_pool_of(stand->profile, blocks[0]);
  struct census census = {.first = (uintptr_t)blocks[0],
                          .size = pp_step(stand)};
  stand->reference->visit_blocks(stand->heap, pool, &census, write_down);
  SEE(census.count >= count);
  for (size_t i = 0; i < count; i++)
    SEE_EQ(census.live[i], i % 3 != 1);
}

static void visit_blocks_of(struct pp_stand *stand, void *block) {
  struct tour tour = {0};
  uintptr_t pool = (uintptr_t)pp_pool_of(stand->profile, block);
  stand->reference->visit_blocks(stand->heap, pool, &tour, see_block);
}

HeapTest(SC_04, pool_of_more_than_2048_blocks_is_not_visited) {
  static struct pp_profile huge;
  const struct pp_profile *profile = stand->profile;
  if (stand->level == PP_LEVEL_NONE) return; /* it would write anywhere */
  if (profile->arena_bits < 18) return;
  huge = *profile;
  huge.pool_bits = 16;
  pp_stand_close(stand);
  pp_stand_open(stand, &huge,
                stand->level == PP_LEVEL_HEAP ? PP_LEVEL_OBJECT : stand->level);
  void *block = pp_take(stand, 1);
  SEE_EQ(pp_breaks(stand, visit_blocks_of, block), PP_SC_04);
  stand->spoilt = false;
  enum pp_level level = stand->level;
  pp_stand_close(stand);
  pp_stand_open(stand, profile, level);
}

HeapTest(HEAP_15, destroyed_heap_is_wiped) {
  pp_take(stand, 1);
  stand->reference->destroy(stand->heap);
  const uint8_t *bytes = (const uint8_t *)stand->heap;
  for (size_t i = 0; i < sizeof *stand->heap; i++)
    SEE_EQ(bytes[i], 0);
  stand->spoilt = true; /* it is not to be used again */
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
  for (int clause = 1; clause < PP_CLAUSE_COUNT; clause++) {
    char small[16] = "";
    const char *id = pp_clause_texts[clause].id;
    for (size_t i = 0; id[i] != '\0'; i++)
      small[i] = (char)(id[i] >= 'A' && id[i] <= 'Z' ? id[i] + 32 : id[i]);
    cr_assert_eq(pp_clause_find(id), (enum pp_clause)clause);
    cr_assert_eq(pp_clause_find(small), (enum pp_clause)clause);
  }
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
