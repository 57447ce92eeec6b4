/* What a call tells that meets a corrupted heap: the assertions of the
 * reference where it changes pools, rings and arenas (SPEC.md, BLOCK, POOL,
 * ARENA and REALLOC). Each corruption is seen by one call, at the mark from
 * which on it is looked for; below that the call is not made, for it may do
 * anything.
 *
 * What no memory breaks, because the line before makes it so, is broken by a
 * changed rule in mutants/alloc: BLOCK-04, BLOCK-05, POOL-04, POOL-05, POOL-08,
 * POOL-11, ARENA-03, ARENA-08, ARENA-11, ARENA-12, ARENA-14, ARENA-15, MAP-02,
 * HEAP-02, HEAP-06 to HEAP-09, REALLOC-03 to REALLOC-05, REALLOC-07 and
 * REALLOC-09. So are GEO-02, GEO-05 and SC-01 to SC-03, which follow from
 * numbers, and HEAP-12 to HEAP-14, which are seen only when two heaps are
 * compared. */
#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

static void take(struct pp_stand *stand, void *size) {
  pp_take(stand, *(size_t *)size);
}

static void give(struct pp_stand *stand, void *block) {
  pp_give(stand, block);
}

static void see_take(struct pp_stand *stand, enum pp_level from, size_t size,
                     enum pp_clause clause) {
  pp_see_breaks(stand, from, take, &size, clause);
}

static void see_give(struct pp_stand *stand, enum pp_level from, void *block,
                     enum pp_clause clause) {
  pp_see_breaks(stand, from, give, block, clause);
}

/* ---- pools ---- */

/* A pool of class 0 with this many live blocks, the last of them in last. */
static struct pp_pool *pool_with(struct pp_stand *stand, size_t live,
                                 void **last) {
  *last = NULL;
  for (size_t i = 0; i < live; i++)
    *last = pp_take(stand, 1);
  return pp_pool_of(stand->profile, *last);
}

HeapTest(BLOCK_01, block_beside_its_place_is_not_handed_out) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_write_pointer(stand, &pool->freeblock, pool->freeblock + 1);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_BLOCK_01);
}

/* In class 0 the header is a whole number of blocks long. */
HeapTest(BLOCK_02, header_of_the_smallest_blocks_is_not_freed) {
  uint8_t *block = pp_take(stand, 1);
  see_give(stand, PP_LEVEL_CHEAP, block - PP_POOL_HEADER, PP_BLOCK_02);
}

/* The free list of the pool is this block alone. */
static void offer(struct pp_stand *stand, struct pp_pool *pool,
                  const uint8_t *block) {
  pp_write_pointer(stand, block, NULL);
  pp_write_pointer(stand, &pool->freeblock, block);
}

HeapTest(BLOCK_02, block_between_two_places_is_not_handed_out) {
  size_t size = 2 * pp_step(stand);
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, size));
  offer(stand, pool, pool->freeblock + pp_step(stand));
  see_take(stand, PP_LEVEL_CHEAP, size, PP_BLOCK_02);
}

HeapTest(GEO_03, block_of_the_next_pool_is_not_handed_out) {
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, 1));
  uint8_t *next = (uint8_t *)pool + pp_pool_size(stand->profile);
  offer(stand, pool, next + PP_POOL_HEADER);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_GEO_03);
}

/* The slack of the largest class is less than a block in every profile, and
 * has room for a link. */
HeapTest(BLOCK_03, block_over_the_end_of_its_pool_is_not_handed_out) {
  size_t size = pp_small_max(stand->profile);
  struct pp_pool *pool = pp_pool_of(stand->profile, pp_take(stand, size));
  uint8_t *first = (uint8_t *)pool + PP_POOL_HEADER;
  offer(stand, pool, first + pp_full(stand) * size);
  see_take(stand, PP_LEVEL_CHEAP, size, PP_BLOCK_03);
}

HeapTest(BLOCK_03, nothing_is_carved_behind_the_end) {
  void *last;
  struct pp_pool *pool =
      pool_with(stand, pp_class_capacity(stand->profile, 0) - 1, &last);
  pp_write_u32(stand, &pool->maxnextoffset, pool->nextoffset);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_BLOCK_03);
}

HeapTest(BLOCK_06, link_out_of_the_pool_is_not_followed) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 2, &last);
  pp_give(stand, last);
  uint8_t *end = (uint8_t *)pool + pp_pool_size(stand->profile);
  pp_write_pointer(stand, pool->freeblock, end);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_BLOCK_06);
}

/* In a pool that is used, and in an empty one. */
HeapTest(BLOCK_08, block_that_stays_on_the_list_is_not_handed_out) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 2, &last);
  pp_give(stand, last);
  pp_write_pointer(stand, pool->freeblock, pool->freeblock);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_BLOCK_08);
  pool = pool_with(stand, 1, &last);
  pp_take(stand, pp_small_max(stand->profile));
  pp_give(stand, last);
  pp_write_pointer(stand, pool->freeblock, pool->freeblock);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_BLOCK_08);
}

HeapTest(POOL_17, more_live_blocks_than_fit_are_told) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 2, &last);
  pp_write_u32(stand, &pool->count, pp_class_capacity(stand->profile, 0) + 1);
  see_give(stand, PP_LEVEL_CHEAP, last, PP_POOL_17);
}

/* Where the index is asked, a wrong one makes a block foreign. */
HeapTest(MAP_01, block_taken_for_foreign_is_told) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  if (stand->profile->map == PP_MAP_RADIX) return;
  pp_write_u32(stand, &pool->arenaindex, 1);
  see_give(stand, PP_LEVEL_HEAP, last, PP_MAP_01);
}

HeapTest(POOL_03, wrong_header_is_told_by_the_touching_call) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  uint32_t wrong = pool->maxnextoffset + (uint32_t)pp_step(stand);
  pp_write_u32(stand, &pool->maxnextoffset, wrong);
  see_take(stand, PP_LEVEL_OBJECT, 1, PP_POOL_03);
  pool = pool_with(stand, 2, &last);
  pp_write_u32(stand, &pool->maxnextoffset, wrong);
  see_give(stand, PP_LEVEL_OBJECT, last, PP_POOL_03);
}

HeapTest(POOL_06, no_block_is_taken_off_an_empty_list) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_write_pointer(stand, &pool->freeblock, NULL);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_POOL_06);
  /* Nor when an empty pool is used again. */
  pool = pool_with(stand, 1, &last);
  pp_take(stand, pp_small_max(stand->profile));
  pp_give(stand, last);
  pp_write_pointer(stand, &pool->freeblock, NULL);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_POOL_06);
}

HeapTest(POOL_07, pool_that_runs_out_early_is_told) {
  void *last;
  size_t capacity = pp_class_capacity(stand->profile, 0);
  struct pp_pool *pool = pool_with(stand, capacity - 1, &last);
  pp_write_u32(stand, &pool->count, 1);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_POOL_07);
}

HeapTest(POOL_09, pool_that_does_not_leave_its_ring_is_told) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_write_pointer(stand, &pool->nextpool, pool);
  pp_write_pointer(stand, &pool->prevpool, pool);
  see_give(stand, PP_LEVEL_CHEAP, last, PP_POOL_09);
}

HeapTest(POOL_10, lost_free_list_of_an_empty_pool_is_told) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_take(stand, pp_small_max(stand->profile));
  pp_give(stand, last);
  pp_write_pointer(stand, pool->freeblock, NULL);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_POOL_10);
}

HeapTest(POOL_12, pool_is_not_unlinked_from_wrong_neighbours) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_write_pointer(stand, &pool->nextpool->prevpool, pool->nextpool);
  see_give(stand, PP_LEVEL_CHEAP, last, PP_POOL_12);
  pool = pool_with(stand, 1, &last);
  pp_write_pointer(stand, &pool->prevpool->nextpool, pool->prevpool);
  see_give(stand, PP_LEVEL_CHEAP, last, PP_POOL_12);
}

HeapTest(POOL_13, pool_that_is_not_the_first_serves_nothing) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_write_pointer(stand, &pool->prevpool, pool);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_POOL_13);
}

HeapTest(POOL_14, pool_of_another_class_serves_nothing) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_write_pointer(stand, &pp_ring(stand, 1)->nextpool, pool);
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_POOL_14);
}

HeapTest(POOL_16, wrong_arena_of_a_pool_is_told) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_fill(stand, 0, 1); /* the arena stays */
  pp_give(stand, last);
  pp_write_u32(stand, &pool->arenaindex, 1);
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_POOL_16);
  if (stand->profile->map != PP_MAP_RADIX) return;
  pool = pool_with(stand, 1, &last);
  pp_write_u32(stand, &pool->arenaindex, stand->heap->maxarenas);
  see_give(stand, PP_LEVEL_CHEAP, last, PP_POOL_16);
}

HeapTest(SC_05, full_pool_has_more_than_one_block) {
  void *last;
  size_t capacity = pp_class_capacity(stand->profile, 0);
  struct pp_pool *pool = pool_with(stand, capacity, &last);
  pp_write_u32(stand, &pool->count, 1);
  see_give(stand, PP_LEVEL_CHEAP, last, PP_SC_05);
}

/* ---- a pool out of an arena ---- */

HeapTest(POOL_18, live_pool_on_freepools_is_not_handed_out) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_fill(stand, 0, 1); /* the arena stays */
  pp_give(stand, last);
  pp_write_u32(stand, &pool->count, 1);
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_POOL_18);
}

HeapTest(ARENA_21, pool_that_stays_on_freepools_is_not_handed_out) {
  void *last;
  struct pp_pool *pool = pool_with(stand, 1, &last);
  pp_fill(stand, 0, 1); /* the arena stays */
  pp_give(stand, last);
  pp_write_pointer(stand, &pool->nextpool, pool);
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_ARENA_21);
}

HeapTest(ARENA_04, nothing_is_carved_behind_the_end) {
  pp_take(stand, 1);
  const struct pp_arena *arena = pp_slot(stand, 0);
  uintptr_t end = arena->address + pp_arena_size(stand->profile);
  pp_write(stand, &arena->pool_address, &end, sizeof end);
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_ARENA_04);
}

HeapTest(ARENA_05, arena_without_free_pools_serves_nothing) {
  pp_take(stand, 1);
  pp_write_u32(stand, &pp_slot(stand, 0)->nfreepools, 0);
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_ARENA_05);
}

HeapTest(ARENA_07, arena_that_is_not_the_first_serves_nothing) {
  pp_take(stand, 1);
  pp_write_pointer(stand, &pp_slot(stand, 0)->prevarena, pp_slot(stand, 1));
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_ARENA_07);
}

HeapTest(ARENA_10, entry_for_what_no_arena_has_is_told) {
  pp_take(stand, 1);
  const struct pp_arena *arena = pp_slot(stand, 0);
  if (!stand->profile->rightmost_table) return;
  pp_write_pointer(stand, &stand->heap->nfp2lasta[arena->nfreepools - 1],
                   arena);
  see_take(stand, PP_LEVEL_CHEAP, pp_step(stand) + 1, PP_ARENA_10);
}

HeapTest(ARENA_16, used_slot_is_not_used_again) {
  if (pp_is_slow(stand)) return;
  pp_fill(stand, 0, pp_pools(stand));
  SEE(pp_usable(stand) == NULL);
  pp_write_pointer(stand, &pp_unused(stand)->address, stand);
  see_take(stand, PP_LEVEL_CHEAP, 1, PP_ARENA_16);
}

/* ---- a pool back to its arena ---- */

/* All blocks of a pool but one, which is the answer. */
static void *all_but_one(struct pp_stand *stand, size_t pool) {
  for (size_t i = 1; i < pp_full(stand); i++)
    pp_give(stand, stand->blocks[pool][i]);
  return stand->blocks[pool][0];
}

/* Slots 1 and 0, in this order, with one free pool each; the last block of
 * another pool of slot 1: given, it goes behind slot 0. */
static void *before_a_move(struct pp_stand *stand) {
  size_t pools = pp_pools(stand);
  pp_fill(stand, 0, 2 * pools);
  pp_empty(stand, 0, 1);
  pp_empty(stand, pools, 1);
  cr_assert_str_eq(pp_order(stand), "10");
  return all_but_one(stand, pools + 1);
}

HeapTest(ARENA_02, more_free_pools_than_there_are_is_told) {
  void *last;
  pool_with(stand, 1, &last);
  const struct pp_arena *arena = pp_slot(stand, 0);
  pp_write_u32(stand, &arena->nfreepools, arena->ntotalpools);
  see_give(stand, PP_LEVEL_CHEAP, last, PP_ARENA_02);
}

HeapTest(ARENA_09, arena_is_not_put_behind_a_wrong_one) {
  if (pp_is_slow(stand)) return;
  void *block = before_a_move(stand);
  pp_write_u32(stand, &pp_slot(stand, 0)->nfreepools, 0);
  see_give(stand, PP_LEVEL_CHEAP, block, PP_ARENA_09);
}

HeapTest(ARENA_09, arena_is_not_put_behind_itself) {
  if (pp_is_slow(stand)) return;
  if (!stand->profile->rightmost_table) return;
  void *block = before_a_move(stand);
  pp_write_pointer(stand, &stand->heap->nfp2lasta[1], pp_slot(stand, 1));
  see_give(stand, PP_LEVEL_CHEAP, block, PP_ARENA_09);
}

HeapTest(ARENA_19, first_arena_is_not_unlinked_from_wrong_neighbours) {
  if (pp_is_slow(stand)) return;
  void *block = before_a_move(stand);
  pp_write_pointer(stand, &stand->heap->usable_arenas, pp_slot(stand, 0));
  see_give(stand, PP_LEVEL_CHEAP, block, PP_ARENA_19);
  block = before_a_move(stand);
  pp_write_pointer(stand, &pp_slot(stand, 0)->prevarena, NULL);
  see_give(stand, PP_LEVEL_CHEAP, block, PP_ARENA_19);
}

HeapTest(ARENA_19, arena_is_not_unlinked_from_a_wrong_left_one) {
  if (pp_is_slow(stand)) return;
  size_t pools = pp_pools(stand);
  /* Slots 2, 1 and 0 with one, two and two free pools. */
  pp_fill(stand, 0, 3 * pools);
  pp_empty(stand, 0, 2);
  pp_empty(stand, pools, 2);
  pp_empty(stand, 2 * pools, 1);
  const struct pp_arena *second = pp_usable(stand)->nextarena;
  size_t slot = pp_slot_of(stand, second);
  void *block = all_but_one(stand, slot * pools + 2);
  pp_write_pointer(stand, &second->prevarena->nextarena, second->nextarena);
  see_give(stand, PP_LEVEL_CHEAP, block, PP_ARENA_19);
}

HeapTest(ARENA_19, wrong_neighbour_is_told_by_the_touching_call) {
  if (pp_is_slow(stand)) return;
  size_t pools = pp_pools(stand);
  pp_fill(stand, 0, 2 * pools);
  pp_empty(stand, 0, 3);
  pp_empty(stand, pools, 1);
  cr_assert_str_eq(pp_order(stand), "10");
  void *block = all_but_one(stand, pools + 1);
  pp_write_pointer(stand, &pp_slot(stand, 0)->prevarena, NULL);
  see_give(stand, PP_LEVEL_OBJECT, block, PP_ARENA_19);
}

/* ---- a block that moves ---- */

static void shrink(struct pp_stand *stand, void *block) {
  stand->reference->realloc(stand->heap, block, 1);
}

HeapTest(REALLOC_08, live_block_taken_for_the_new_one_is_told) {
  uint8_t *block = pp_take(stand, pp_step(stand));
  offer(stand, pp_pool_of(stand->profile, block), block);
  pp_see_breaks(stand, PP_LEVEL_CHEAP, shrink, block, PP_REALLOC_08);
}
