/* What the reference tells of sources that do not keep their word, of a map
 * that was written over, and of what is asked of a corrupted heap without
 * changing it (SPEC.md, MAP, HEAP, REALLOC and the visits). */
#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

static void take(struct pp_stand *stand, void *size) {
  pp_take(stand, *(size_t *)size);
}

static void give(struct pp_stand *stand, void *block) {
  pp_give(stand, block);
}

static void take_zeroed(struct pp_stand *stand, void *size) {
  stand->reference->calloc(stand->heap, 1, *(size_t *)size);
}

struct change {
  void *block;
  size_t size;
};

static void change(struct pp_stand *stand, void *arg) {
  const struct change *change = arg;
  stand->reference->realloc(stand->heap, change->block, change->size);
}

static void destroy(struct pp_stand *stand, void *unused) {
  (void)unused;
  stand->reference->destroy(stand->heap);
}

/* ---- sources that do not keep their word ---- */

static void *block_of_an_arena;

static void *malloc_in_an_arena(void *ctx, size_t size) {
  (void)ctx;
  (void)size;
  return block_of_an_arena;
}

static void *realloc_in_an_arena(void *ctx, void *block, size_t size) {
  (void)ctx;
  (void)block;
  (void)size;
  return block_of_an_arena;
}

HeapTest(HEAP_10, system_block_in_an_arena_is_told) {
  size_t large = pp_small_max(stand->profile) + 1;
  block_of_an_arena = pp_take(stand, 1);
  stand->system_source.malloc = malloc_in_an_arena;
  pp_see_breaks(stand, PP_LEVEL_CHEAP, take, &large, PP_HEAP_10);
}

HeapTest(REALLOC_02, system_block_moved_into_an_arena_is_told) {
  size_t large = pp_small_max(stand->profile) + 1;
  struct change larger = {pp_take(stand, large), 2 * large};
  block_of_an_arena = pp_take(stand, 1);
  stand->system_source.realloc = realloc_in_an_arena;
  pp_see_breaks(stand, PP_LEVEL_CHEAP, change, &larger, PP_REALLOC_02);
}

static void *calloc_dirty(void *ctx, size_t count, size_t size) {
  (void)ctx;
  static union {
    uint8_t bytes[(1 << 14) * sizeof(struct pp_leaf)];
    uint64_t align;
  } node;
  if (count * size > sizeof node) return NULL;
  memset(&node, 0xa5, sizeof node);
  return &node;
}

HeapTest(MAP_06, node_that_is_not_zeroed_is_told) {
  size_t one = 1;
  if (stand->profile->map != PP_MAP_RADIX) return;
  if (stand->profile->map_middle_bits > 14) return;
  stand->system_source.calloc = calloc_dirty;
  pp_see_breaks(stand, PP_LEVEL_CHEAP, take, &one, PP_MAP_06);
}

/* ---- the map ---- */

static void set_leaf(struct pp_stand *stand, uintptr_t address, bool high,
                     int32_t tail) {
  struct pp_leaf *leaf = pp_map_leaf(stand->heap, address);
  SEE(leaf != NULL);
  pp_write(stand, high ? &leaf->tail_hi : &leaf->tail_lo, &tail, sizeof tail);
}

/* The end of the only arena, all of whose pools are taken: the next one begins
 * there. 0 where there is no such map, or where it takes long. */
static uintptr_t before_the_next(struct pp_stand *stand, size_t skew) {
  if (stand->profile->map != PP_MAP_RADIX || pp_is_slow(stand)) return 0;
  stand->adjacent = true;
  stand->skew = skew;
  pp_fill(stand, 0, pp_pools(stand) - (skew > 0));
  SEE(pp_usable(stand) == NULL);
  return pp_slot(stand, 0)->address + pp_arena_size(stand->profile);
}

HeapTest(MAP_01, mark_that_is_there_already_is_told) {
  size_t one = 1, size = pp_arena_size(stand->profile);
  uintptr_t base = before_the_next(stand, 16);
  if (base == 0) return;
  set_leaf(stand, base, true, 32);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, take, &one, PP_MAP_01);
  base = before_the_next(stand, 16);
  set_leaf(stand, base + size, false, 32);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, take, &one, PP_MAP_01);
}

HeapTest(MAP_01, block_that_the_map_does_not_hold_is_told) {
  size_t one = 1;
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  if (stand->profile->map == PP_MAP_RADIX) {
    set_leaf(stand, pp_slot(stand, 0)->address, true, 0);
  } else {
    pp_write_u32(stand, &pool->arenaindex, stand->heap->maxarenas);
  }
  pp_see_breaks(stand, PP_LEVEL_CHEAP, take, &one, PP_MAP_01);
}

HeapTest(MAP_04, tail_below_an_aligned_arena_is_told) {
  size_t one = 1;
  uintptr_t base = before_the_next(stand, 0);
  if (base == 0) return;
  set_leaf(stand, base, false, 16);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, take, &one, PP_MAP_04);
}

/* Slot 0 has one live block, and slot 1 none: given, the arena goes back. The
 * block lies before or behind the border that the skewed arena is across. */
static void *before_a_release(struct pp_stand *stand, bool behind) {
  if (stand->profile->map != PP_MAP_RADIX || pp_is_slow(stand)) return NULL;
  stand->skew = pp_arena_size(stand->profile) / 2 + 16;
  size_t pools = pp_pools(stand) - 1;
  size_t kept = behind ? pools - 1 : 0;
  pp_fill(stand, 0, 2 * pools);
  pp_empty(stand, pools, pools);
  for (size_t i = 0; i < pools; i++) {
    if (i != kept) pp_empty(stand, i, 1);
  }
  for (size_t i = 1; i < pp_full(stand); i++)
    pp_give(stand, stand->blocks[kept][i]);
  cr_assert_str_eq(pp_order(stand), "01");
  return stand->blocks[kept][0];
}

HeapTest(MAP_03, wrong_marks_of_what_goes_back_are_told) {
  size_t size = pp_arena_size(stand->profile);
  void *block = before_a_release(stand, true);
  if (block == NULL) return;
  uintptr_t base = pp_slot(stand, 0)->address;
  set_leaf(stand, base, true, 0);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, give, block, PP_MAP_03);
  block = before_a_release(stand, false);
  base = pp_slot(stand, 0)->address;
  set_leaf(stand, base + size, false, 16);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, give, block, PP_MAP_03);
}

HeapTest(MAP_05, mark_that_is_left_is_told) {
  size_t size = pp_arena_size(stand->profile);
  void *block = before_a_release(stand, true);
  if (block == NULL) return;
  uintptr_t base = pp_slot(stand, 0)->address;
  set_leaf(stand, base, false, (int32_t)size);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, give, block, PP_MAP_05);
  block = before_a_release(stand, false);
  base = pp_slot(stand, 0)->address;
  set_leaf(stand, base + size, true, -1);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, give, block, PP_MAP_05);
}

/* The arena ends behind a border, and the node there is refused twice. */
HeapTest(MAP_07, mark_under_a_refused_node_is_told) {
  size_t one = 1;
  stand->at_border = true;
  stand->skew = 16;
  stand->left[PP_ASK_CALLOC] = 2;
  pp_take(stand, 1);
  SEE_EQ(pp_counted(stand).arenas, 0);
  SEE_EQ(stand->log[1].what, PP_ASK_ARENA);
  uintptr_t base = (uintptr_t)stand->log[1].block;
  set_leaf(stand, base, false, 17);
  stand->left[PP_ASK_CALLOC] = 0;
  pp_see_breaks(stand, PP_LEVEL_CHEAP, take, &one, PP_MAP_07);
}

HeapTest(MAP_06, node_that_was_not_counted_is_told) {
  if (stand->profile->map != PP_MAP_RADIX) return;
  pp_take(stand, 1);
  pp_write_u32(stand, &stand->heap->map.middle_count, 2);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, destroy, NULL, PP_MAP_06);
}

/* ---- the heap ---- */

static void write_size(struct pp_stand *stand, const size_t *at, size_t value) {
  pp_write(stand, at, &value, sizeof value);
}

HeapTest(HEAP_15, arena_that_nobody_gives_back_is_told) {
  pp_take(stand, 1);
  write_size(stand, &stand->heap->arenas_out, 2);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, destroy, NULL, PP_HEAP_15);
}

HeapTest(ARENA_22, arena_that_is_back_already_is_not_released) {
  pp_take(stand, 1);
  write_size(stand, &stand->heap->arenas_out, 0);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, destroy, NULL, PP_ARENA_22);
}

/* At the highest mark, each call sees what it did not touch. */
HeapTest(ARENA_20, wrong_count_is_told_by_each_call) {
  size_t one = 1;
  pp_take(stand, 1);
  write_size(stand, &stand->heap->ntimes_arena_allocated, 0);
  pp_see_breaks(stand, PP_LEVEL_HEAP, take, &one, PP_ARENA_20);
  pp_take(stand, 1);
  write_size(stand, &stand->heap->ntimes_arena_allocated, 0);
  pp_see_breaks(stand, PP_LEVEL_HEAP, take_zeroed, &one, PP_ARENA_20);
  void *block = pp_take(stand, 1);
  write_size(stand, &stand->heap->ntimes_arena_allocated, 0);
  pp_see_breaks(stand, PP_LEVEL_HEAP, give, block, PP_ARENA_20);
  struct change same = {pp_take(stand, 1), 1};
  write_size(stand, &stand->heap->ntimes_arena_allocated, 0);
  pp_see_breaks(stand, PP_LEVEL_HEAP, change, &same, PP_ARENA_20);
}

HeapTest(POOL_15, block_of_a_pool_without_class_is_not_changed) {
  struct change larger = {pp_take(stand, 1), 2};
  struct pp_pool *pool = pp_pool_of(stand->profile, larger.block);
  pp_write_u32(stand, &pool->szidx, stand->profile->class_count);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, change, &larger, PP_POOL_15);
}

/* ---- what is told without a change ---- */

static void count(struct pp_stand *stand, void *unused) {
  (void)unused;
  pp_counted(stand);
}

static bool go_on_arenas(void *ctx, const struct pp_arena_info *arena) {
  (void)ctx;
  (void)arena;
  return true;
}

static bool go_on_pools(void *ctx, const struct pp_pool_info *pool) {
  (void)ctx;
  (void)pool;
  return true;
}

static bool go_on_blocks(void *ctx, uintptr_t block, bool live) {
  (void)ctx;
  (void)block;
  (void)live;
  return true;
}

static void visit_arenas(struct pp_stand *stand, void *unused) {
  stand->reference->visit_arenas(stand->heap, unused, go_on_arenas);
}

static void visit_pools(struct pp_stand *stand, void *unused) {
  stand->reference->visit_pools(stand->heap, 0, unused, go_on_pools);
}

static void visit_blocks(struct pp_stand *stand, void *pool) {
  stand->reference->visit_blocks(stand->heap, (uintptr_t)pool, NULL,
                                 go_on_blocks);
}

static void locate(struct pp_stand *stand, void *block) {
  struct pp_place place;
  stand->reference->locate(stand->heap, block, &place);
}

HeapTest(ARENA_20, more_arenas_than_ever_is_told) {
  pp_take(stand, 1);
  write_size(stand, &stand->heap->narenas_highwater, 0);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, count, NULL, PP_ARENA_20);
}

HeapTest(HEAP_01, more_system_blocks_than_blocks_is_told) {
  pp_take(stand, 1);
  write_size(stand, &stand->heap->system_blocks, 2);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, count, NULL, PP_HEAP_01);
}

HeapTest(ARENA_02, more_free_pools_than_there_are_are_not_shown) {
  pp_take(stand, 1);
  const struct pp_arena *arena = pp_slot(stand, 0);
  pp_write_u32(stand, &arena->nfreepools, arena->ntotalpools + 1);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, visit_arenas, NULL, PP_ARENA_02);
}

HeapTest(POOL_17, more_live_blocks_than_fit_are_not_shown) {
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  uint32_t capacity = pp_class_capacity(stand->profile, 0);
  pp_write_u32(stand, &pool->count, capacity + 1);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, visit_pools, NULL, PP_POOL_17);
}

HeapTest(BLOCK_06, free_list_far_behind_the_pool_is_not_followed) {
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  size_t far = PP_POOL_HEADER + 2048 * pp_step(stand);
  pp_write_pointer(stand, &pool->freeblock, (uint8_t *)pool + far);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, visit_blocks, pool, PP_BLOCK_06);
}

HeapTest(BLOCK_02, header_is_no_block) {
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  pp_see_breaks(stand, PP_LEVEL_CHEAP, locate, (uint8_t *)pool + 47,
                PP_BLOCK_02);
}

HeapTest(POOL_16, block_of_a_pool_without_arena_has_no_place) {
  if (stand->profile->map != PP_MAP_RADIX) return;
  void *block = pp_take(stand, 1);
  struct pp_pool *pool = pp_pool_of(stand->profile, block);
  pp_write_u32(stand, &pool->arenaindex, stand->heap->maxarenas);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, locate, block, PP_POOL_16);
}
