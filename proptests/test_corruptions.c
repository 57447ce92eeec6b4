/* The smallest corruption of a good heap for each clause that a predicate
 * answers: SPEC.md, GEO to HEAP. A word or two are overwritten, the predicate
 * must tell exactly that clause, and what was there is put back.
 *
 * GEO-01 and SC-04 follow from a profile's numbers, and MAP-01 from MAP-03
 * and MAP-04: no memory breaks them first. What the next operation tells of
 * before a predicate could is in test_corruptions_calls.c, and what only a
 * caller, a profile or a source gets wrong in test_corruptions_misuse.c. */
#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

/* A pool of class 0 with two live blocks, a free one and the spare. */
static struct pp_pool *some_pool(struct pp_stand *stand) {
  void *block = pp_take(stand, 1);
  void *freed = pp_take(stand, 1);
  pp_take(stand, 1);
  pp_give(stand, freed);
  return pp_pool_of(stand->profile, block);
}

static void add(struct pp_stand *stand, const uint32_t *at, int by) {
  pp_write_u32(stand, at, *at + (uint32_t)by);
}

static const struct pp_arena *some_arena(struct pp_stand *stand) {
  pp_take(stand, 1);
  pp_fill(stand, 0, 2);
  pp_empty(stand, 1, 1);
  return pp_slot(stand, 0);
}

/* Slot 1 with one pool free, then slot 0 with two; false: it takes long. */
static bool two_arenas(struct pp_stand *stand) {
  if (pp_is_slow(stand)) return false;
  pp_fill(stand, 0, 2 * pp_pools(stand));
  pp_empty(stand, 0, 2);
  pp_empty(stand, pp_pools(stand), 1);
  cr_assert_str_eq(pp_order(stand), "10");
  return true;
}

static void write_size(struct pp_stand *stand, const size_t *at, size_t value) {
  pp_write(stand, at, &value, sizeof value);
}

/* ---- GEO ---- */

HeapTest(GEO_04, wrong_number_of_pools_is_told) {
  const struct pp_arena *arena = some_arena(stand);
  add(stand, &arena->ntotalpools, -1);
  pp_see_told(stand, PP_GEO_04, NULL);
}

static void take_one(struct pp_stand *stand, void *size) {
  pp_take(stand, *(size_t *)size);
}

HeapTest(GEO_06, arena_of_32_pools_is_told) {
  static struct pp_profile halved;
  const struct pp_profile *profile = stand->profile;
  halved = *profile;
  halved.arena_bits--;
  halved.map_bottom_bits += profile->map == PP_MAP_RADIX;
  pp_stand_close(stand);
  pp_stand_open(stand, &halved, stand->level);
  size_t size = 1;
  SEE_EQ(pp_breaks(stand, take_one, &size),
         stand->level == PP_LEVEL_HEAP ? PP_GEO_06 : PP_HOLDS);
  SEE_EQ(pp_checked(stand), PP_GEO_06);
  pp_stand_close(stand);
  pp_stand_open(stand, profile, stand->level);
}

/* ---- BLOCK and POOL ---- */

HeapTest(BLOCK_06, wild_free_list_is_told) {
  struct pp_pool *pool = some_pool(stand);
  const uint8_t *bytes = (const uint8_t *)pool;
  const uint8_t *heads[] = {
      bytes + pool->nextoffset, bytes + 40, bytes + 48 + 1,
      bytes - pp_pool_size(stand->profile), (const uint8_t *)8};
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    pp_write_pointer(stand, &pool->freeblock, heads[i]);
    pp_see_told(stand, PP_BLOCK_06, pool);
    pp_write_pointer(stand, pool->freeblock, heads[i]);
    pp_see_told(stand, PP_BLOCK_06, pool);
  }
}

HeapTest(BLOCK_07, circle_in_a_free_list_is_told) {
  struct pp_pool *pool = some_pool(stand);
  const uint8_t *spare = pp_link_read(pool->freeblock);
  pp_write_pointer(stand, spare, pool->freeblock);
  pp_see_told(stand, PP_BLOCK_07, pool);
  pp_write_pointer(stand, spare, spare);
  pp_see_told(stand, PP_BLOCK_07, pool);
}

HeapTest(POOL_01, lost_or_invented_block_is_told) {
  struct pp_pool *pool = some_pool(stand);
  add(stand, &pool->count, 1);
  pp_see_told(stand, PP_POOL_01, pool);
  add(stand, &pool->count, -1);
  pp_see_told(stand, PP_POOL_01, pool);
  pp_write_pointer(stand, pool->freeblock, NULL);
  pp_see_told(stand, PP_POOL_01, pool);
}

HeapTest(POOL_02, wrong_nextoffset_is_told) {
  struct pp_pool *pool = some_pool(stand);
  size_t size = pp_step(stand);
  size_t capacity = pp_class_capacity(stand->profile, 0);
  const size_t wrong[] = {pool->nextoffset + 1,
                          pool->nextoffset + size / 2,
                          48,
                          0,
                          48 + (capacity + 1) * size,
                          UINT32_MAX};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    pp_write_u32(stand, &pool->nextoffset, (uint32_t)wrong[i]);
    pp_see_told(stand, PP_POOL_02, pool);
  }
}

HeapTest(POOL_03, wrong_maxnextoffset_is_told) {
  struct pp_pool *pool = some_pool(stand);
  add(stand, &pool->maxnextoffset, (int)pp_step(stand));
  pp_see_told(stand, PP_POOL_03, pool);
}

HeapTest(POOL_06, empty_free_list_of_no_full_pool_is_told) {
  struct pp_pool *pool = some_pool(stand);
  pp_write_pointer(stand, &pool->freeblock, NULL);
  pp_see_told(stand, PP_POOL_06, pool);
  pp_fill(stand, 0, 1);
  pool = pp_filled(stand, 0);
  pp_write_pointer(stand, &pool->freeblock, stand->blocks[0][0]);
  pp_see_told(stand, PP_POOL_06, pool);
}

HeapTest(POOL_12, wrong_neighbour_in_a_ring_is_told) {
  pp_fill(stand, 0, 2);
  pp_give(stand, stand->blocks[0][0]);
  pp_give(stand, stand->blocks[1][0]);
  struct pp_pool *first = pp_filled(stand, 1);
  struct pp_pool *second = pp_filled(stand, 0);
  pp_write_pointer(stand, &first->prevpool, second);
  pp_see_told(stand, PP_POOL_12, NULL);
  pp_write_pointer(stand, &second->prevpool, second);
  pp_see_told(stand, PP_POOL_12, NULL);
  pp_write_pointer(stand, &first->nextpool, first->prevpool);
  pp_see_told(stand, PP_POOL_12, NULL);
}

HeapTest(POOL_14, pool_missing_in_its_ring_is_told) {
  struct pp_pool *pool = some_pool(stand);
  struct pp_pool *ring = pool->nextpool;
  SEE(ring == pool->prevpool);
  pp_write_pointer(stand, &ring->nextpool, ring);
  pp_write_pointer(stand, &ring->prevpool, ring);
  pp_see_told(stand, PP_POOL_14, NULL);
  /* A pool in the ring of another class. */
  struct pp_pool *other = &stand->heap->usedpools[1];
  SEE(other->nextpool == other);
  pp_write_pointer(stand, &ring->nextpool, ring);
  pp_write_pointer(stand, &ring->prevpool, ring);
  pp_write_pointer(stand, &other->nextpool, pool);
  pp_write_pointer(stand, &other->prevpool, pool);
  pp_write_pointer(stand, &pool->nextpool, other);
  pp_write_pointer(stand, &pool->prevpool, other);
  pp_see_told(stand, PP_POOL_14, NULL);
}

HeapTest(POOL_15, wrong_class_is_told) {
  struct pp_pool *pool = some_pool(stand);
  pp_write_u32(stand, &pool->szidx, stand->profile->class_count);
  pp_see_told(stand, PP_POOL_15, pool);
  pp_write_u32(stand, &pool->szidx, PP_CLASS_NONE);
  pp_see_told(stand, PP_POOL_15, pool);
}

HeapTest(POOL_16, wrong_arena_index_is_told) {
  struct pp_pool *pool = some_pool(stand);
  pp_write_u32(stand, &pool->arenaindex, 1);
  pp_see_told(stand, PP_POOL_16, NULL);
}

HeapTest(POOL_17, more_live_blocks_than_carved_is_told) {
  struct pp_pool *pool = some_pool(stand);
  add(stand, &pool->count, 3);
  pp_see_told(stand, PP_POOL_17, pool);
  pp_write_u32(stand, &pool->count, pp_class_capacity(stand->profile, 0) + 1);
  pp_see_told(stand, PP_POOL_17, pool);
}

HeapTest(POOL_18, live_block_on_freepools_is_told) {
  const struct pp_arena *arena = some_arena(stand);
  pp_write_u32(stand, &arena->freepools->count, 1);
  pp_see_told(stand, PP_POOL_18, NULL);
}

/* ---- ARENA ---- */

HeapTest(ARENA_01, lost_pool_is_told) {
  const struct pp_arena *arena = some_arena(stand);
  pp_write_pointer(stand, &arena->freepools, NULL);
  add(stand, &arena->nfreepools, -1);
  pp_see_told(stand, PP_ARENA_01, NULL);
}

HeapTest(ARENA_02, wrong_nfreepools_is_told) {
  const struct pp_arena *arena = some_arena(stand);
  add(stand, &arena->nfreepools, 1);
  pp_see_told(stand, PP_ARENA_02, NULL);
  pp_write_pointer(stand, &arena->freepools, NULL);
  pp_see_told(stand, PP_ARENA_02, NULL);
}

HeapTest(ARENA_04, wrong_next_pool_is_told) {
  const struct pp_arena *arena = some_arena(stand);
  size_t pool_size = pp_pool_size(stand->profile);
  const uintptr_t wrong[] = {
      arena->pool_address + 1, arena->address - pool_size,
      arena->address + (pp_pools(stand) + 1) * pool_size};
  for (size_t i = 0; i < 3; i++) {
    pp_write(stand, &arena->pool_address, &wrong[i], sizeof wrong[i]);
    pp_see_told(stand, PP_ARENA_04, NULL);
  }
}

HeapTest(ARENA_05, usable_arena_missing_is_told) {
  const struct pp_arena *arena = some_arena(stand);
  pp_write_pointer(stand, &stand->heap->usable_arenas, NULL);
  pp_see_told(stand, PP_ARENA_05, NULL);
  pp_write_pointer(stand, &arena->nextarena, pp_slot(stand, 1));
  pp_write_pointer(stand, &pp_slot(stand, 1)->prevarena, arena);
  pp_write_u32(stand, &pp_slot(stand, 1)->nfreepools, PP_ARENA_POOLS_MAX);
  pp_see_told(stand, PP_ARENA_05, NULL);
}

HeapTest(ARENA_06, wrong_order_is_told) {
  if (!two_arenas(stand)) return;
  const struct pp_arena *more = pp_slot(stand, 0), *fewer = pp_slot(stand, 1);
  pp_write_pointer(stand, &stand->heap->usable_arenas, more);
  pp_write_pointer(stand, &more->prevarena, NULL);
  pp_write_pointer(stand, &more->nextarena, fewer);
  pp_write_pointer(stand, &fewer->prevarena, more);
  pp_write_pointer(stand, &fewer->nextarena, NULL);
  pp_see_told(stand, PP_ARENA_06, NULL);
}

HeapTest(ARENA_10, wrong_rightmost_is_told) {
  if (!two_arenas(stand)) return;
  pp_write_pointer(stand, &stand->heap->nfp2lasta[2], NULL);
  pp_see_told(stand, PP_ARENA_10, NULL);
  pp_write_pointer(stand, &stand->heap->nfp2lasta[2], pp_slot(stand, 1));
  pp_see_told(stand, PP_ARENA_10, NULL);
  pp_write_pointer(stand, &stand->heap->nfp2lasta[3], pp_slot(stand, 0));
  pp_see_told(stand, PP_ARENA_10, NULL);
}

HeapTest(ARENA_13, wholly_free_arena_too_many_is_told) {
  static struct pp_profile keeping;
  const struct pp_profile *profile = stand->profile;
  keeping = *profile;
  keeping.keeps_rightmost = true;
  pp_stand_close(stand);
  pp_stand_open(stand, &keeping, stand->level);
  pp_give(stand, pp_take(stand, 1));
  SEE_EQ(pp_checked(stand), PP_HOLDS);
  keeping.keeps_rightmost = false;
  SEE_EQ(pp_checked(stand), PP_ARENA_13);
  keeping.keeps_rightmost = true;
}

HeapTest(ARENA_16, wrong_unused_slot_is_told) {
  some_arena(stand);
  const struct pp_arena *unused = pp_unused(stand);
  pp_write_pointer(stand, &stand->heap->unused_arena_objects,
                   unused->nextarena);
  pp_see_told(stand, PP_ARENA_16, NULL);
  pp_write_pointer(stand, &unused->nextarena, unused);
  pp_see_told(stand, PP_ARENA_16, NULL);
  pp_write_pointer(stand, &unused->nextarena, pp_slot(stand, 0));
  pp_see_told(stand, PP_ARENA_16, NULL);
}

HeapTest(ARENA_19, wrong_neighbour_in_usable_arenas_is_told) {
  if (!two_arenas(stand)) return;
  pp_write_pointer(stand, &pp_slot(stand, 0)->prevarena, NULL);
  pp_see_told(stand, PP_ARENA_19, NULL);
  pp_write_pointer(stand, &pp_slot(stand, 1)->prevarena, pp_slot(stand, 0));
  pp_see_told(stand, PP_ARENA_19, NULL);
}

HeapTest(ARENA_20, wrong_counts_are_told) {
  struct pp_heap *heap = stand->heap;
  some_arena(stand);
  write_size(stand, &heap->narenas_currently_allocated, 2);
  pp_see_told(stand, PP_ARENA_20, NULL);
  write_size(stand, &heap->arenas_out, 2);
  pp_see_told(stand, PP_ARENA_20, NULL);
  write_size(stand, &heap->narenas_highwater, 0);
  pp_see_told(stand, PP_ARENA_20, NULL);
  write_size(stand, &heap->ntimes_arena_allocated, 0);
  pp_see_told(stand, PP_ARENA_20, NULL);
}

HeapTest(ARENA_21, foreign_pool_on_freepools_is_told) {
  const struct pp_arena *arena = some_arena(stand);
  const uintptr_t wrong[] = {arena->pool_address, arena->address - 4096,
                             (uintptr_t)arena->freepools + 16, 8};
  for (size_t i = 0; i < 4; i++) {
    pp_write(stand, &arena->freepools, &wrong[i], sizeof wrong[i]);
    pp_see_told(stand, PP_ARENA_21, NULL);
  }
  pp_write_pointer(stand, &arena->freepools->nextpool, arena->freepools);
  pp_see_told(stand, PP_ARENA_21, NULL);
}

/* ---- MAP and HEAP ---- */

static void set_leaf(struct pp_stand *stand, uintptr_t address, bool high,
                     int32_t tail) {
  struct pp_leaf *leaf = pp_map_leaf(stand->heap, address);
  pp_write(stand, high ? &leaf->tail_hi : &leaf->tail_lo, &tail, sizeof tail);
}

static void ask(struct pp_stand *stand, void *address) {
  SEE(pp_owns(stand, address));
}

/* At the highest mark, every answer of the map is compared with the arenas. */
HeapTest(MAP_01, mark_of_no_arena_is_told) {
  uintptr_t base = some_arena(stand)->address;
  uintptr_t behind = base + pp_arena_size(stand->profile);
  if (stand->profile->map != PP_MAP_RADIX) return;
  set_leaf(stand, behind, true, -1);
  SEE_EQ(pp_breaks(stand, ask, (void *)behind),
         stand->level == PP_LEVEL_HEAP ? PP_MAP_01 : PP_HOLDS);
  stand->spoilt = false;
  pp_mend(stand);
}

HeapTest(MAP_03, wrong_marks_of_a_skewed_arena_are_told) {
  stand->skew = 16;
  uintptr_t base = some_arena(stand)->address;
  uintptr_t behind = base + pp_arena_size(stand->profile);
  const int32_t wrong[] = {0, -1, 32};
  for (size_t i = 0; i < 3; i++) {
    set_leaf(stand, base, true, wrong[i]);
    pp_see_told(stand, PP_MAP_03, NULL);
    set_leaf(stand, behind, false, wrong[i]);
    pp_see_told(stand, PP_MAP_03, NULL);
  }
}

HeapTest(MAP_04, wrong_mark_of_an_aligned_arena_is_told) {
  uintptr_t base = some_arena(stand)->address;
  set_leaf(stand, base, true, 0);
  pp_see_told(stand, PP_MAP_04, NULL);
  set_leaf(stand, base, true, 16);
  pp_see_told(stand, PP_MAP_04, NULL);
}

HeapTest(MAP_06, missing_node_is_told) {
  some_arena(stand);
  void **node = stand->heap->map.root;
  while (*node == NULL)
    node++;
  pp_write_pointer(stand, node, NULL);
  pp_see_told(stand, PP_MAP_06, NULL);
}

HeapTest(HEAP_01, wrong_number_of_live_blocks_is_told) {
  some_arena(stand);
  write_size(stand, &stand->heap->live_blocks, stand->heap->live_blocks + 1);
  pp_see_told(stand, PP_HEAP_01, NULL);
  write_size(stand, &stand->heap->system_blocks, 1);
  pp_see_told(stand, PP_HEAP_01, NULL);
}

/* Up to 3.8, ARENA-13 tells of an arena without live blocks before this. */
HeapTest(HEAP_11, arena_missing_at_the_end_is_told) {
  if (!stand->profile->keeps_rightmost) return;
  write_size(stand, &stand->heap->ntimes_arena_allocated, 1);
  pp_see_told(stand, PP_HEAP_11, NULL);
}
