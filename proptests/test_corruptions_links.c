/* Links that lead nowhere, and lists with what does not belong there: the facts
 * that a predicate looks at before it follows a link (SPEC.md, POOL, ARENA and
 * MAP). As in test_corruptions.c, a word or two are overwritten and put back.
 *
 * A predicate of one arena is called itself where the predicate of the heap
 * would see the same corruption from another side first. */
#include <sys/mman.h>

#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

static const struct pp_pool *wild_pool(const struct pp_pool *pool, int by) {
  return (const struct pp_pool *)((uintptr_t)pool + (uintptr_t)by);
}

static const struct pp_arena *wild_slot(const struct pp_arena *slot, int by) {
  return (const struct pp_arena *)((uintptr_t)slot + (uintptr_t)by);
}

/* Slots 0, 1 and 2 with one, two and three free pools; false: takes long. */
static bool three_arenas(struct pp_stand *stand) {
  if (pp_is_slow(stand)) return false;
  size_t pools = pp_pools(stand);
  pp_fill(stand, 0, 3 * pools);
  pp_empty(stand, 0, 1);
  pp_empty(stand, pools, 2);
  pp_empty(stand, 2 * pools, 3);
  cr_assert_str_eq(pp_order(stand), "012");
  return true;
}

/* The order of one arena tells this clause; then all is mended. */
static void see_order(struct pp_stand *stand, const struct pp_arena *arena,
                      enum pp_clause clause) {
  SEE_EQ(pp_arena_check_order(stand->heap, arena), clause);
  pp_mend(stand);
  SEE_EQ(pp_arena_check_order(stand->heap, arena), PP_HOLDS);
}

/* ---- usable_arenas and the unused slots ---- */

HeapTest(ARENA_05, arena_without_free_pools_in_the_list_is_told) {
  if (!three_arenas(stand)) return;
  const struct pp_arena *arena = pp_slot(stand, 1);
  pp_write_u32(stand, &arena->nfreepools, 0);
  see_order(stand, arena, PP_ARENA_05);
}

HeapTest(ARENA_06, each_neighbour_is_compared) {
  if (!three_arenas(stand)) return;
  const struct pp_arena *arena = pp_slot(stand, 1);
  pp_write_u32(stand, &pp_slot(stand, 0)->nfreepools, 3);
  see_order(stand, arena, PP_ARENA_06);
  pp_write_u32(stand, &pp_slot(stand, 2)->nfreepools, 1);
  see_order(stand, arena, PP_ARENA_06);
}

HeapTest(ARENA_16, unused_slot_in_the_list_is_told) {
  if (!three_arenas(stand)) return;
  const struct pp_arena *arena = pp_slot(stand, 1);
  pp_write_pointer(stand, &arena->address, NULL);
  see_order(stand, arena, PP_ARENA_16);
}

HeapTest(ARENA_16, unused_slot_outside_the_vector_is_told) {
  pp_take(stand, 1);
  const struct pp_arena *first = pp_slot(stand, 0);
  const struct pp_arena *wild[] = {wild_slot(first, 8), first - 1,
                                   first + stand->heap->maxarenas};
  for (size_t i = 0; i < 3; i++) {
    pp_write_pointer(stand, &stand->heap->unused_arena_objects, wild[i]);
    pp_see_told(stand, PP_ARENA_16, NULL);
  }
}

HeapTest(ARENA_19, link_outside_the_vector_is_told) {
  if (!three_arenas(stand)) return;
  const struct pp_arena *first = pp_slot(stand, 0), *arena = first + 1;
  const struct pp_arena *wild[] = {wild_slot(first, 8), first - 1,
                                   first + stand->heap->maxarenas};
  for (size_t i = 0; i < 3; i++) {
    pp_write_pointer(stand, &stand->heap->usable_arenas, wild[i]);
    pp_see_told(stand, PP_ARENA_19, NULL);
    pp_write_pointer(stand, &arena->prevarena, wild[i]);
    see_order(stand, arena, PP_ARENA_19);
    pp_write_pointer(stand, &arena->nextarena, wild[i]);
    see_order(stand, arena, PP_ARENA_19);
  }
}

HeapTest(ARENA_19, each_side_of_a_link_is_compared) {
  if (!three_arenas(stand)) return;
  const struct pp_arena *first = pp_slot(stand, 0), *arena = first + 1;
  pp_write_pointer(stand, &arena->prevarena, NULL);
  see_order(stand, arena, PP_ARENA_19);
  pp_write_pointer(stand, &first->nextarena, first + 2);
  see_order(stand, arena, PP_ARENA_19);
  pp_write_pointer(stand, &first[2].prevarena, first);
  see_order(stand, arena, PP_ARENA_19);
}

/* ---- rings ---- */

/* A pool of class 0 in its ring, and nothing else in the heap. */
static const struct pp_pool *lone_pool(struct pp_stand *stand) {
  return pp_pool_of(stand->profile, pp_take(stand, 1));
}

HeapTest(POOL_12, link_to_no_pool_is_told) {
  const struct pp_pool *pool = lone_pool(stand);
  const struct pp_pool *ring = pp_ring(stand, 0);
  int size = (int)pp_pool_size(stand->profile);
  const struct pp_pool *wild[] = {wild_pool(pool, 16), wild_pool(pool, size),
                                  wild_pool(pool, -size), NULL};
  for (size_t i = 0; i < 4; i++) {
    pp_write_pointer(stand, &ring->nextpool, wild[i]);
    pp_see_told(stand, PP_POOL_12, NULL);
    pp_write_pointer(stand, &pool->nextpool, wild[i]);
    pp_see_told(stand, PP_POOL_12, NULL);
  }
}

/* Makes the pool the only one of a ring. */
static void put(struct pp_stand *stand, const struct pp_pool *ring,
                const struct pp_pool *pool) {
  pp_write_pointer(stand, &ring->nextpool, pool);
  pp_write_pointer(stand, &ring->prevpool, pool);
  pp_write_pointer(stand, &pool->nextpool, ring);
  pp_write_pointer(stand, &pool->prevpool, ring);
}

static const struct pp_pool *full_pool(struct pp_stand *stand) {
  const void *block = NULL;
  for (size_t i = pp_class_capacity(stand->profile, 0); i > 0; i--)
    block = pp_take(stand, 1);
  return pp_pool_of(stand->profile, block);
}

HeapTest(POOL_12, more_pools_than_have_blocks_left_is_told) {
  const struct pp_pool *full = full_pool(stand);
  put(stand, pp_ring(stand, 0), full);
  pp_see_told(stand, PP_POOL_12, NULL);
}

/* The pool of class 1 is one that may be in a ring, and is met later. */
HeapTest(POOL_14, full_pool_in_a_ring_is_told) {
  const struct pp_pool *full = full_pool(stand);
  pp_take(stand, pp_step(stand) + 1);
  put(stand, pp_ring(stand, 0), full);
  pp_see_told(stand, PP_POOL_14, NULL);
}

HeapTest(POOL_14, pool_without_live_blocks_in_a_ring_is_told) {
  pp_take(stand, pp_step(stand) + 1);
  void *block = pp_take(stand, 1);
  const struct pp_pool *pool = pp_pool_of(stand->profile, block);
  pp_give(stand, block);
  /* It is the last on freepools, so its nextpool stays. */
  pp_write_pointer(stand, &pp_ring(stand, 0)->nextpool, pool);
  pp_write_pointer(stand, &pool->prevpool, pp_ring(stand, 0));
  pp_see_told(stand, PP_POOL_14, NULL);
}

/* ---- the map ---- */

HeapTest(MAP_01, low_memory_is_in_no_unused_slot) {
  size_t size = pp_arena_size(stand->profile);
  if (stand->profile->map != PP_MAP_ARENA_INDEX || size < 1 << 18) return;
  pp_take(stand, 1);
  /* An unused slot has the address 0: this lies less than an arena behind. */
  uintptr_t low = size / 2;
  struct pp_pool *pool =
      mmap((void *)low, pp_pool_size(stand->profile), PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  cr_assert_eq((uintptr_t)pool, low, "the first 256 KiB cannot be mapped");
  pool->arenaindex = 1;
  SEE_EQ(pp_slot(stand, 1)->address, 0);
  SEE(!pp_owns(stand, (uint8_t *)pool + PP_POOL_HEADER));
  munmap(pool, pp_pool_size(stand->profile));
}

/* Each of the two nodes that an arena across their border is marked in. */
HeapTest(MAP_06, missing_node_of_either_end_is_told) {
  if (stand->profile->map != PP_MAP_RADIX) return;
  stand->at_border = true;
  stand->skew = 16;
  pp_take(stand, 1);
  void **root = stand->heap->map.root;
  size_t entries = (size_t)1 << stand->profile->map_top_bits;
  size_t nodes = 0;
  for (size_t i = 0; i < entries; i++) {
    if (root[i] == NULL) continue;
    pp_write_pointer(stand, &root[i], NULL);
    pp_see_told(stand, PP_MAP_06, NULL);
    nodes++;
  }
  SEE(nodes > 0);
  /* And without what lies behind it, a bottom node. */
  uintptr_t behind = pp_slot(stand, 0)->address + pp_arena_size(stand->profile);
  SEE(pp_map_leaf(stand->heap, behind) != NULL);
}
