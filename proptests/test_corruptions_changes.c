/* The smallest corruption of a good heap that the next operation tells of
 * itself, before any predicate looks: SPEC.md, BLOCK to REALLOC. A word or two
 * are overwritten, a request or a free is made, and it must stop naming exactly
 * that clause. At level none nothing is told, and nothing is tried.
 *
 * What no memory breaks, because the line before makes it so, is broken by a
 * changed rule in mutants/alloc: BLOCK-05, POOL-04, POOL-05, POOL-08, POOL-09,
 * POOL-11, ARENA-08, ARENA-11, ARENA-12, ARENA-14, ARENA-15, MAP-02, HEAP-02 to
 * HEAP-04, HEAP-06 to HEAP-09, REALLOC-03 to REALLOC-05, REALLOC-07 and
 * REALLOC-09. So are GEO-05 and SC-01 to SC-03, which follow from numbers, and
 * what is seen only when two heaps are compared: BLOCK-04, ARENA-22, HEAP-12 to
 * HEAP-14. */
#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

static bool tells_nothing(const struct pp_stand *stand) {
  return stand->level == PP_LEVEL_NONE;
}

static void take(struct pp_stand *stand, void *size) {
  pp_take(stand, *(size_t *)size);
}

static void give(struct pp_stand *stand, void *block) {
  pp_give(stand, block);
}

static void see_take_tells(struct pp_stand *stand, size_t size,
                           enum pp_clause clause) {
  SEE_EQ(pp_breaks(stand, take, &size), clause);
}

/* ---- BLOCK ---- */

/* The only free block lies here, and is the end of its list. */
static void offer(struct pp_stand *stand, struct pp_pool *pool,
                  const uint8_t *block) {
  pp_write_pointer(stand, block, NULL);
  pp_write_pointer(stand, &pool->freeblock, block);
}

HeapTest(BLOCK_01, misaligned_block_is_not_handed_out) {
  if (tells_nothing(stand)) return;
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  offer(stand, pool, pool->freeblock + 1);
  see_take_tells(stand, 1, PP_BLOCK_01);
}

HeapTest(BLOCK_03, block_across_the_end_is_not_handed_out) {
  if (tells_nothing(stand)) return;
  size_t size = 2 * pp_step(stand);
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, size));
  const uint8_t *end = (uint8_t *)pool + pp_pool_size(stand->profile);
  offer(stand, pool, end - pp_step(stand));
  see_take_tells(stand, size, PP_BLOCK_03);
}

/* ---- POOL ---- */

/* A pool of the largest class that has one block left. */
static struct pp_pool *nearly_full(struct pp_stand *stand) {
  pp_fill(stand, 0, 1);
  pp_give(stand, stand->blocks[0][0]);
  return pp_filled(stand, 0);
}

HeapTest(POOL_07, pool_that_fills_with_too_few_is_told) {
  if (tells_nothing(stand)) return;
  struct pp_pool *pool = nearly_full(stand);
  pp_write_u32(stand, &pool->count, pool->count - 1);
  see_take_tells(stand, pp_small_max(stand->profile), PP_POOL_07);
}

HeapTest(POOL_13, pool_that_is_not_first_is_told) {
  if (tells_nothing(stand)) return;
  struct pp_pool *pool = nearly_full(stand);
  pp_write_pointer(stand, &pool->prevpool, pool);
  see_take_tells(stand, pp_small_max(stand->profile), PP_POOL_13);
}

/* Pool 1 has been emptied and is the front of freepools. */
static struct pp_pool *emptied(struct pp_stand *stand) {
  pp_fill(stand, 0, 2);
  struct pp_pool *pool = pp_filled(stand, 1);
  pp_empty(stand, 1, 1);
  SEE(pp_slot(stand, 0)->freepools == pool);
  return pool;
}

HeapTest(POOL_10, emptied_pool_that_lost_its_list_is_told) {
  if (tells_nothing(stand)) return;
  struct pp_pool *pool = emptied(stand);
  pp_write_pointer(stand, pool->freeblock, NULL);
  see_take_tells(stand, pp_small_max(stand->profile), PP_POOL_10);
}

/* ---- ARENA ---- */

HeapTest(ARENA_03, live_pool_at_the_front_of_freepools_is_told) {
  if (tells_nothing(stand)) return;
  struct pp_pool *pool = emptied(stand);
  pp_write_u32(stand, &pool->count, 1);
  see_take_tells(stand, 1, PP_ARENA_03);
}

HeapTest(ARENA_07, head_behind_another_arena_is_told) {
  if (tells_nothing(stand)) return;
  emptied(stand);
  const struct pp_arena *head = pp_usable(stand);
  pp_write_pointer(stand, &head->prevarena, pp_slot(stand, 1));
  see_take_tells(stand, 1, PP_ARENA_07);
}

/* Slot 1 grows to three free pools, and slot 0 has lost one of its two. */
HeapTest(ARENA_09, neighbour_with_too_few_is_told) {
  if (tells_nothing(stand) || pp_is_slow(stand)) return;
  size_t second = pp_pools(stand);
  pp_fill(stand, 0, 2 * second);
  pp_empty(stand, 0, 2);
  pp_empty(stand, second, 2);
  cr_assert_str_eq(pp_order(stand), "10");
  for (size_t i = 1; i < pp_full(stand); i++)
    pp_give(stand, stand->blocks[second + 2][i]);
  pp_write_u32(stand, &pp_slot(stand, 0)->nfreepools, 1);
  SEE_EQ(pp_breaks(stand, give, stand->blocks[second + 2][0]), PP_ARENA_09);
}

/* ---- MAP ---- */

HeapTest(MAP_05, mark_that_outlives_its_arena_is_told) {
  if (tells_nothing(stand) || pp_is_slow(stand)) return;
  size_t pools = pp_pools(stand);
  pp_fill(stand, 0, 2 * pools);
  uintptr_t base = pp_slot(stand, 1)->address;
  pp_empty(stand, 0, pools); /* is kept */
  pp_empty(stand, pools, pools - 1);
  void *const *last = stand->blocks[2 * pools - 1];
  for (size_t i = 1; i < pp_full(stand); i++)
    pp_give(stand, last[i]);
  const int32_t of_another = 16;
  pp_write(stand, &pp_map_leaf(stand->heap, base)->tail_lo, &of_another,
           sizeof of_another);
  SEE_EQ(pp_breaks(stand, give, last[0]), PP_MAP_05);
}

/* The arena ends behind a border, and the node there is refused twice. */
HeapTest(MAP_07, mark_under_a_refused_node_is_told) {
  if (tells_nothing(stand)) return;
  stand->at_border = true;
  stand->skew = 16;
  stand->left[PP_ASK_CALLOC] = 2;
  pp_take(stand, 1);
  SEE_EQ(pp_counted(stand).arenas, 0);
  SEE_EQ(stand->log[1].what, PP_ASK_ARENA);
  uintptr_t base = (uintptr_t)stand->log[1].block;
  const int32_t behind = 17;
  pp_write(stand, &pp_map_leaf(stand->heap, base)->tail_lo, &behind,
           sizeof behind);
  stand->left[PP_ASK_CALLOC] = 0;
  see_take_tells(stand, 1, PP_MAP_07);
}

/* ---- HEAP and REALLOC ---- */

static void destroy(struct pp_stand *stand, void *unused) {
  (void)unused;
  stand->reference->destroy(stand->heap);
}

HeapTest(HEAP_15, arena_that_nobody_gives_back_is_told) {
  if (tells_nothing(stand)) return;
  pp_take(stand, 1);
  size_t held = 2;
  pp_write(stand, &stand->heap->narenas_currently_allocated, &held,
           sizeof held);
  SEE_EQ(pp_breaks(stand, destroy, NULL), PP_HEAP_15);
}

static void shrink(struct pp_stand *stand, void *block) {
  stand->reference->realloc(stand->heap, block, 1);
}

HeapTest(REALLOC_08, live_block_taken_for_the_new_one_is_told) {
  if (tells_nothing(stand)) return;
  uint8_t *block = pp_take(stand, pp_step(stand));
  offer(stand, pp_pool_of(stand->profile, block), block);
  SEE_EQ(pp_breaks(stand, shrink, block), PP_REALLOC_08);
}
