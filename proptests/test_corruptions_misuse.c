/* The smallest misuse of a good heap that it tells of under one clause of
 * SPEC.md, GEO to REALLOC: questions about what is not there, profiles whose
 * numbers do not go together, and sources that meddle with the heap while they
 * are asked. What sources hand out is in test_corruptions_sources.c. */
#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

static bool tells_nothing(const struct pp_stand *stand) {
  return stand->level == PP_LEVEL_NONE;
}

static bool go_on(void *ctx, uintptr_t block, bool live) {
  (void)ctx;
  (void)block;
  (void)live;
  return true;
}

static void visit(struct pp_stand *stand, void *pool) {
  stand->reference->visit_blocks(stand->heap, (uintptr_t)pool, NULL, go_on);
}

HeapTest(GEO_03, visit_of_what_is_no_pool_is_told) {
  if (tells_nothing(stand)) return;
  uint8_t *block = pp_take(stand, 1);
  SEE_EQ(pp_breaks(stand, visit, block), PP_GEO_03);
}

/* Opens another heap, of a profile that is as this one but for a change. */
static struct pp_profile *altered(const struct pp_stand *stand) {
  static struct pp_profile profile;
  profile = *stand->profile;
  return &profile;
}

static void reopen(struct pp_stand *stand, const struct pp_profile *profile) {
  enum pp_level level = stand->level;
  pp_stand_close(stand);
  pp_stand_open(stand, profile, level);
}

/* At the highest mark the request itself visits what it changed. */
static void take_and_visit(struct pp_stand *stand, void *unused) {
  (void)unused;
  visit(stand, pp_pool_of(stand->profile, pp_take(stand, 1)));
}

/* Pools so large that more blocks fit than any profile has. */
HeapTest(SC_04, more_blocks_than_a_pool_can_have_are_told) {
  if (tells_nothing(stand)) return;
  const struct pp_profile *former = stand->profile;
  struct pp_profile *profile = altered(stand);
  unsigned levels = profile->map_top_bits + profile->map_middle_bits +
                    profile->map_bottom_bits + profile->arena_bits - 22;
  profile->pool_bits = 16;
  profile->arena_bits = 22;
  if (profile->map == PP_MAP_RADIX) {
    profile->map_top_bits = (levels / 3);
    profile->map_middle_bits = (levels / 3);
    profile->map_bottom_bits = (levels - levels / 3 * 2);
  }
  reopen(stand, profile);
  SEE_EQ(pp_breaks(stand, take_and_visit, NULL), PP_SC_04);
  reopen(stand, former);
}

/* ---- inside the heap ---- */

static void add_arena(struct pp_stand *stand, void *unused) {
  (void)unused;
  pp_arena_add(stand->heap);
}

/* The functions inside the heap can be called at the highest mark only. */
HeapTest(ARENA_18, arena_that_is_not_needed_is_told) {
  if (stand->level != PP_LEVEL_HEAP) return;
  pp_take(stand, 1);
  SEE_EQ(pp_breaks(stand, add_arena, NULL), PP_ARENA_18);
}

static void resume_pool(struct pp_stand *stand, void *pool) {
  pp_pool_resume(stand->heap, pool);
}

HeapTest(POOL_18, live_pool_taken_for_an_empty_one_is_told) {
  if (stand->level != PP_LEVEL_HEAP) return;
  void *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  SEE_EQ(pp_breaks(stand, resume_pool, pool), PP_POOL_18);
}

static void mark_arena(struct pp_stand *stand, void *base) {
  pp_map_mark(stand->heap, (uintptr_t)base);
}

HeapTest(MAP_01, arena_that_is_marked_twice_is_told) {
  if (stand->level != PP_LEVEL_HEAP) return;
  if (stand->profile->map != PP_MAP_RADIX) return;
  pp_take(stand, 1);
  void *base = (void *)pp_slot(stand, 0)->address;
  SEE_EQ(pp_breaks(stand, mark_arena, base), PP_MAP_01);
}

static void ask_map(struct pp_stand *stand, void *block) {
  pp_owns(stand, block);
}

HeapTest(MAP_01, arena_that_the_map_forgot_is_told) {
  if (stand->level != PP_LEVEL_HEAP) return;
  if (stand->profile->map != PP_MAP_RADIX) return;
  void *block = pp_take(stand, 1);
  pp_map_leaf(stand->heap, pp_slot(stand, 0)->address)->tail_hi = 0;
  SEE_EQ(pp_breaks(stand, ask_map, block), PP_MAP_01);
}

/* Of a pool that begins, once; of a block, three times more. */
HeapTest(GEO_03, place_of_a_block_is_asked_for_from_a_mark_on) {
  uint64_t former = stand->witness.evaluated[PP_GEO_03];
  pp_take(stand, 1);
  uint64_t evaluated = stand->witness.evaluated[PP_GEO_03] - former;
  if (stand->level == PP_LEVEL_NONE) SEE_EQ(evaluated, 0);
  if (stand->level == PP_LEVEL_CHEAP) SEE_EQ(evaluated, 1);
  if (stand->level == PP_LEVEL_OBJECT) SEE_EQ(evaluated, 4);
}

/* ---- sources that meddle ---- */

static void take(struct pp_stand *stand, void *size) {
  pp_take(stand, *(size_t *)size);
}

static void resize(struct pp_stand *stand, void *block) {
  stand->reference->realloc(stand->heap, block, 2000);
}

static void resize_null(struct pp_stand *stand, void *unused) {
  (void)unused;
  resize(stand, NULL);
}

static void shrink_to_nothing(struct pp_stand *stand, void *block) {
  stand->reference->realloc(stand->heap, block, 0);
}

/* An unused slot becomes a usable arena while an arena is refused. */
static void *meddle_with_usable(void *ctx, size_t size) {
  struct pp_stand *stand = ctx;
  (void)size;
  stand->heap->usable_arenas = &stand->heap->arenas[1];
  return NULL;
}

HeapTest(ARENA_17, list_that_changes_with_a_refusal_is_told) {
  size_t one = 1;
  if (tells_nothing(stand)) return;
  stand->arena_source.alloc = meddle_with_usable;
  SEE_EQ(pp_breaks(stand, take, &one), PP_ARENA_17);
}

/* An arena becomes usable while room for its slot is refused. */
static void *meddle_with_slots(void *ctx, void *block, size_t size) {
  struct pp_stand *stand = ctx;
  static struct pp_arena usable;
  (void)block;
  (void)size;
  stand->heap->usable_arenas = &usable;
  return NULL;
}

HeapTest(HEAP_05, fall_back_beside_a_usable_arena_is_told) {
  size_t one = 1;
  if (tells_nothing(stand)) return;
  stand->system_source.realloc = meddle_with_slots;
  SEE_EQ(pp_breaks(stand, take, &one), PP_HEAP_05);
}

/* One request more was made than this one. */
static void *meddle_with_requests(void *ctx, size_t size) {
  struct pp_stand *stand = ctx;
  (void)size;
  stand->heap->system_requests++;
  return NULL;
}

HeapTest(HEAP_03, large_request_that_is_not_one_request_is_told) {
  size_t large = pp_small_max(stand->profile) + 1;
  if (tells_nothing(stand)) return;
  stand->system_source.malloc = meddle_with_requests;
  SEE_EQ(pp_breaks(stand, take, &large), PP_HEAP_03);
}

HeapTest(HEAP_04, request_of_nothing_that_is_not_one_request_is_told) {
  size_t nothing = 0;
  if (tells_nothing(stand)) return;
  stand->system_source.malloc = meddle_with_requests;
  SEE_EQ(pp_breaks(stand, take, &nothing), PP_HEAP_04);
}

HeapTest(HEAP_04, nothing_that_moves_by_two_requests_is_told) {
  if (tells_nothing(stand)) return;
  void *block = pp_take(stand, 1);
  stand->system_source.malloc = meddle_with_requests;
  SEE_EQ(pp_breaks(stand, shrink_to_nothing, block), PP_HEAP_04);
}

HeapTest(HEAP_05, refusal_of_two_requests_is_told) {
  size_t one = 1;
  if (tells_nothing(stand)) return;
  stand->left[PP_ASK_ARENA] = 0;
  stand->system_source.malloc = meddle_with_requests;
  SEE_EQ(pp_breaks(stand, take, &one), PP_HEAP_05);
}

HeapTest(REALLOC_01, refusal_of_two_requests_is_told) {
  if (tells_nothing(stand)) return;
  stand->system_source.malloc = meddle_with_requests;
  SEE_EQ(pp_breaks(stand, resize_null, NULL), PP_REALLOC_01);
}

/* The same, and the request is granted. */
static void *meddle_and_grant(void *ctx, size_t size) {
  static max_align_t granted[256];
  meddle_with_requests(ctx, size);
  return granted;
}

HeapTest(HEAP_03, large_block_that_is_not_one_request_is_told) {
  if (tells_nothing(stand)) return;
  stand->system_source.malloc = meddle_and_grant;
  SEE_EQ(pp_breaks(stand, resize_null, NULL), PP_HEAP_03);
}

HeapTest(HEAP_03, block_that_moves_by_two_requests_is_told) {
  if (tells_nothing(stand)) return;
  void *block = pp_take(stand, 1);
  stand->system_source.malloc = meddle_and_grant;
  SEE_EQ(pp_breaks(stand, resize, block), PP_HEAP_03);
}

static void *meddle_while_zeroing(void *ctx, size_t count, size_t size) {
  return meddle_with_requests(ctx, count * size);
}

static void take_zeroed(struct pp_stand *stand, void *unused) {
  (void)unused;
  stand->reference->calloc(stand->heap, 0, 0);
}

HeapTest(HEAP_04, zeroed_nothing_that_is_not_one_request_is_told) {
  if (tells_nothing(stand)) return;
  stand->system_source.calloc = meddle_while_zeroing;
  SEE_EQ(pp_breaks(stand, take_zeroed, NULL), PP_HEAP_04);
}

/* One arena more is out when a node of the map is refused. */
static void *meddle_with_arenas_out(void *ctx, size_t count, size_t size) {
  struct pp_stand *stand = ctx;
  (void)count;
  (void)size;
  stand->heap->arenas_out++;
  return NULL;
}

HeapTest(MAP_07, arena_lost_with_a_refusal_is_told) {
  size_t one = 1;
  if (tells_nothing(stand)) return;
  stand->system_source.calloc = meddle_with_arenas_out;
  SEE_EQ(pp_breaks(stand, take, &one), PP_MAP_07);
}

/* One block more is live than was handed out. */
static void *meddle_with_counts(void *ctx, size_t size) {
  struct pp_stand *stand = ctx;
  (void)size;
  stand->heap->live_blocks++;
  return NULL;
}

HeapTest(REALLOC_01, count_that_changes_with_a_refusal_is_told) {
  if (tells_nothing(stand)) return;
  stand->system_source.malloc = meddle_with_counts;
  SEE_EQ(pp_breaks(stand, resize_null, NULL), PP_REALLOC_01);
}

HeapTest(REALLOC_06, count_that_changes_with_a_refusal_is_told) {
  if (tells_nothing(stand)) return;
  void *block = pp_take(stand, 1);
  stand->system_source.malloc = meddle_with_counts;
  SEE_EQ(pp_breaks(stand, resize, block), PP_REALLOC_06);
}

/* The same, while a block changes its size or is freed. */
static void *meddle_while_resizing(void *ctx, void *block, size_t size) {
  (void)block;
  return meddle_with_counts(ctx, size);
}

static void meddle_while_freeing(void *ctx, void *block) {
  (void)block;
  meddle_with_counts(ctx, 0);
}

static void give(struct pp_stand *stand, void *block) {
  pp_give(stand, block);
}

HeapTest(HEAP_01, count_that_changes_with_a_size_is_told) {
  if (tells_nothing(stand)) return;
  void *block = pp_take(stand, pp_small_max(stand->profile) + 1);
  stand->system_source.realloc = meddle_while_resizing;
  SEE_EQ(pp_breaks(stand, resize, block), PP_HEAP_01);
}

HeapTest(HEAP_01, count_that_a_free_leaves_alone_is_told) {
  if (tells_nothing(stand)) return;
  void *block = pp_take(stand, pp_small_max(stand->profile) + 1);
  stand->system_source.free = meddle_while_freeing;
  SEE_EQ(pp_breaks(stand, give, block), PP_HEAP_01);
}

/* The arena of the old block is forgotten while the new one is refused. */
static void *meddle_with_arenas(void *ctx, size_t size) {
  struct pp_stand *stand = ctx;
  struct pp_arena *arena = &stand->heap->arenas[0];
  (void)size;
  if (stand->profile->map == PP_MAP_RADIX) {
    pp_map_leaf(stand->heap, arena->address)->tail_hi = 0;
  }
  arena->address = 0;
  return NULL;
}

HeapTest(REALLOC_06, block_lost_with_a_refusal_is_told) {
  if (tells_nothing(stand)) return;
  void *block = pp_take(stand, 1);
  stand->system_source.malloc = meddle_with_arenas;
  SEE_EQ(pp_breaks(stand, resize, block), PP_REALLOC_06);
}

/* ---- rows that do not go together ---- */

/* The row says the contrary of what its version does. */
static void see_wrong_row_told(struct pp_stand *stand, enum pp_clause clause) {
  const struct pp_profile *former = stand->profile;
  struct pp_profile *profile = altered(stand);
  profile->zero_never_fails = !profile->zero_never_fails;
  reopen(stand, profile);
  void *block = pp_take(stand, pp_small_max(profile) + 1);
  stand->left[PP_ASK_REALLOC] = 0;
  SEE_EQ(pp_breaks(stand, shrink_to_nothing, block), clause);
  reopen(stand, former);
}

HeapTest(REALLOC_10, row_that_never_fails_is_told) {
  if (!tells_nothing(stand)) see_wrong_row_told(stand, PP_REALLOC_10);
}

HeapTest(REALLOC_11, row_that_fails_is_told) {
  if (!tells_nothing(stand)) see_wrong_row_told(stand, PP_REALLOC_11);
}

/* Pools that have room for one block of the only class, or of the largest. */
HeapTest(SC_05, row_with_one_block_in_a_pool_is_told) {
  stand->altered = *stand->profile;
  stand->altered.pool_bits = 6;
  stand->altered.class_count = 1;
  stand->altered.alignment_shift = 4;
  if (!tells_nothing(stand)) SEE_EQ(pp_create_breaks(stand), PP_SC_05);
  stand->altered.pool_bits = 7;
  stand->altered.class_count = 4;
  if (!tells_nothing(stand)) SEE_EQ(pp_create_breaks(stand), PP_SC_05);
}

/* The right size of small requests, in steps of another version. */
HeapTest(SC_06, row_with_steps_of_another_version_is_told) {
  if (tells_nothing(stand) || pp_is_scaled(stand->profile)) return;
  bool fine = stand->profile->id == PP_PROFILE_3_7_3;
  stand->altered = *stand->profile;
  stand->altered.id = fine ? PP_PROFILE_3_6 : PP_PROFILE_3_7_3;
  SEE_EQ(pp_create_breaks(stand), PP_SC_06);
}
