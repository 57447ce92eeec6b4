/* What looks like a slot, a pool or an arena of a heap and is none, and what
 * looks wrong and is sound: the predicates tell the one and not the other
 * (SPEC.md, POOL, ARENA, MAP and HEAP). */
#include "proptests/heaps.h"
#include "reference/alloc/heap.h"

/* ---- a slot behind the vector ---- */

static struct pp_system_source plain;

/* The vector, with room for one more slot behind it. */
static void *realloc_and_one(void *ctx, void *block, size_t size) {
  return plain.realloc(ctx, block, size + sizeof(struct pp_arena));
}

static void leave_room(struct pp_stand *stand) {
  plain = stand->system_source;
  stand->system_source.realloc = realloc_and_one;
}

HeapTest(ARENA_19, slot_behind_the_vector_is_none) {
  leave_room(stand);
  pp_take(stand, 1);
  const struct pp_arena *arena = pp_slot(stand, 0);
  struct pp_arena *behind = stand->heap->arenas + stand->heap->maxarenas;
  *behind = *arena;
  behind->nextarena = (struct pp_arena *)(uintptr_t)arena;
  pp_write_pointer(stand, &stand->heap->usable_arenas, behind);
  pp_write_pointer(stand, &arena->prevarena, behind);
  SEE_EQ(pp_arena_check_order(stand->heap, arena), PP_ARENA_19);
  pp_see_told(stand, PP_ARENA_19, NULL);
}

HeapTest(ARENA_19, slot_behind_the_vector_is_no_neighbour) {
  leave_room(stand);
  pp_take(stand, 1);
  const struct pp_arena *arena = pp_slot(stand, 0);
  struct pp_arena *behind = stand->heap->arenas + stand->heap->maxarenas;
  *behind = *arena;
  behind->prevarena = (struct pp_arena *)(uintptr_t)arena;
  pp_write_pointer(stand, &arena->nextarena, behind);
  SEE_EQ(pp_arena_check_order(stand->heap, arena), PP_ARENA_19);
  pp_mend(stand);
}

HeapTest(ARENA_16, slot_behind_the_vector_is_not_unused) {
  leave_room(stand);
  pp_take(stand, 1);
  const struct pp_arena *unused = pp_unused(stand);
  struct pp_arena *behind = stand->heap->arenas + stand->heap->maxarenas;
  *behind = *unused;
  pp_write_pointer(stand, &stand->heap->unused_arena_objects, behind);
  pp_see_told(stand, PP_ARENA_16, NULL);
}

HeapTest(ARENA_16, slot_of_an_arena_is_not_unused) {
  pp_take(stand, 1);
  const struct pp_arena *arena = pp_slot(stand, 0);
  pp_write_pointer(stand, &arena->nextarena, pp_unused(stand)->nextarena);
  pp_write_pointer(stand, &stand->heap->unused_arena_objects, arena);
  pp_see_told(stand, PP_ARENA_16, NULL);
}

/* ---- a pool that is none ---- */

HeapTest(ARENA_21, header_in_the_middle_of_a_pool_is_not_free) {
  pp_fill(stand, 0, 1); /* the arena stays */
  pp_give(stand, pp_take(stand, 1));
  const struct pp_arena *arena = pp_slot(stand, 0);
  const struct pp_pool *fake =
      (const struct pp_pool *)((uintptr_t)arena->freepools + 80);
  pp_write_u32(stand, &fake->count, 0);
  pp_write_pointer(stand, &fake->nextpool, NULL);
  pp_write_pointer(stand, &arena->freepools, fake);
  pp_see_told(stand, PP_ARENA_21, NULL);
}

HeapTest(BLOCK_06, header_is_not_on_the_free_list) {
  void *block = pp_take(stand, 1);
  struct pp_pool *pool = pp_pool_of(stand->profile, block);
  /* The slot and the class are 0, and read as the end of the list. */
  pp_write_pointer(stand, &pool->freeblock, &pool->arenaindex);
  pp_see_told(stand, PP_BLOCK_06, pool);
}

/* Makes the heap's only pool and this one change places in the ring. */
static void put_instead(struct pp_stand *stand, uintptr_t address) {
  const struct pp_pool *ring = pp_ring(stand, 0);
  const struct pp_pool *model = ring->nextpool;
  const struct pp_pool *fake = (const struct pp_pool *)address;
  pp_write_u32(stand, &fake->count, 1);
  pp_write_u32(stand, &fake->szidx, 0);
  pp_write_pointer(stand, &fake->freeblock, model->freeblock);
  pp_write_pointer(stand, &fake->nextpool, ring);
  pp_write_pointer(stand, &fake->prevpool, ring);
  pp_write_pointer(stand, &ring->nextpool, fake);
  pp_write_pointer(stand, &ring->prevpool, fake);
}

HeapTest(POOL_12, header_that_lies_in_no_carved_pool_is_none) {
  static _Alignas(1 << 14) uint8_t outside[2 << 14];
  leave_room(stand);
  uintptr_t pool = (uintptr_t)pp_pool_of(stand->profile, pp_take(stand, 1));
  uintptr_t size = pp_pool_size(stand->profile);
  /* In the middle of a pool, and in one that was never carved. */
  put_instead(stand, pool + 80); /* behind the spare block */
  pp_see_told(stand, PP_POOL_12, NULL);
  put_instead(stand, pool + size);
  pp_see_told(stand, PP_POOL_12, NULL);
  /* In an arena that only a slot behind the vector has. */
  struct pp_arena *behind = stand->heap->arenas + stand->heap->maxarenas;
  memset(behind, 0, sizeof *behind);
  behind->address = (uintptr_t)outside;
  behind->pool_address = (uintptr_t)outside + 2 * size;
  put_instead(stand, (uintptr_t)outside);
  pp_see_told(stand, PP_POOL_12, NULL);
  /* What cannot even be read. */
  pp_write_pointer(stand, &pp_ring(stand, 0)->nextpool, (void *)8);
  pp_see_told(stand, PP_POOL_12, NULL);
}

/* ---- what is sound ---- */

HeapTest(BLOCK_07, all_blocks_of_a_pool_may_be_free) {
  pp_fill(stand, 0, 1);
  void *block = pp_take(stand, 1);
  const struct pp_pool *pool = pp_pool_of(stand->profile, block);
  pp_give(stand, block);
  SEE_EQ(pool->count, 0);
  SEE_EQ(stand->reference->check_pool(stand->profile, pool, &stand->witness),
         PP_HOLDS);
}

HeapTest(POOL_02, one_carved_block_is_enough) {
  uint8_t *block = pp_take(stand, 1);
  const struct pp_pool *pool = pp_pool_of(stand->profile, block);
  pp_write_u32(stand, &pool->nextoffset,
               PP_POOL_HEADER + (uint32_t)pp_step(stand));
  pp_write_u32(stand, &pool->count, 0);
  pp_write_pointer(stand, &pool->freeblock, block);
  pp_write_pointer(stand, block, NULL);
  SEE_EQ(stand->reference->check_pool(stand->profile, pool, &stand->witness),
         PP_HOLDS);
  pp_mend(stand);
}

HeapTest(ARENA_04, arena_that_was_never_carved_is_sound) {
  if (!stand->profile->keeps_rightmost) return;
  pp_give(stand, pp_take(stand, 1));
  const struct pp_arena *arena = pp_slot(stand, 0);
  uintptr_t first = pp_pool_ceiling(stand->profile, arena->address);
  pp_write_pointer(stand, &arena->freepools, NULL);
  pp_write(stand, &arena->pool_address, &first, sizeof first);
  SEE_EQ(pp_checked(stand), PP_HOLDS);
  pp_mend(stand);
}

Test(ARENA_10, table_does_not_matter_where_versions_have_none) {
  static struct pp_stand opened;
  struct pp_stand *stand = &opened;
  pp_stand_open(stand, &pp_profiles[PP_PROFILE_3_7], PP_LEVEL_HEAP);
  pp_take(stand, 1);
  const struct pp_arena *arena = pp_slot(stand, 0);
  pp_write_pointer(stand, &stand->heap->nfp2lasta[arena->nfreepools], NULL);
  SEE_EQ(pp_arena_check_order(stand->heap, arena), PP_HOLDS);
  SEE_EQ(pp_checked(stand), PP_HOLDS);
  pp_write_pointer(stand, &stand->heap->nfp2lasta[1], arena);
  SEE_EQ(pp_checked(stand), PP_HOLDS);
  pp_mend(stand);
  pp_stand_close(stand);
}

HeapTest(ARENA_10, arena_for_no_free_pools_is_told) {
  pp_take(stand, 1);
  pp_write_pointer(stand, &stand->heap->nfp2lasta[0], pp_slot(stand, 0));
  pp_see_told(stand, PP_ARENA_10, NULL);
}

/* The last arena stays where versions keep it, but no two of them. */
HeapTest(ARENA_13, two_wholly_free_arenas_are_told) {
  if (stand->level != PP_LEVEL_NONE) return; /* the others tell it on the way */
  if (!stand->profile->keeps_rightmost) return;
  size_t pools = pp_pools(stand);
  pp_fill(stand, 0, 2 * pools);
  pp_empty(stand, pools, pools);
  pp_empty(stand, 0, pools - 1);
  struct pp_arena *arena = stand->heap->usable_arenas;
  struct pp_arena *right = arena->nextarena;
  SEE_EQ(right->nfreepools, pools);
  arena->nextarena = NULL; /* so it looks like the last */
  pp_empty(stand, pools - 1, 1);
  arena->nextarena = right;
  SEE_EQ(arena->nfreepools, pools);
  SEE_EQ(pp_checked(stand), PP_ARENA_13);
  stand->spoilt = true;
}

/* All of an empty pool is free, whatever its header still says. */
HeapTest(GEO_01, header_of_an_empty_pool_is_nobodys) {
  pp_take(stand, pp_small_max(stand->profile));
  void *block = pp_take(stand, 1);
  struct pp_pool *pool = pp_pool_of(stand->profile, block);
  pp_give(stand, block);
  pp_write_u32(stand, &pool->nextoffset,
               pool->maxnextoffset + 2 * (uint32_t)pp_step(stand));
  SEE_EQ(pp_checked(stand), PP_HOLDS);
  pp_mend(stand);
}

/* A link to the middle of a slot, where an unused one seems to be. */
HeapTest(ARENA_16, link_between_two_slots_is_told) {
  pp_take(stand, 1);
  const struct pp_arena *slot = pp_unused(stand);
  pp_write_pointer(stand, &slot->pool_address, NULL);
  pp_write_pointer(stand, &slot->prevarena, slot->nextarena);
  pp_write_pointer(stand, &stand->heap->unused_arena_objects,
                   &slot->pool_address);
  pp_see_told(stand, PP_ARENA_16, NULL);
}

/* ---- the map ---- */

HeapTest(MAP_01, first_byte_behind_an_arena_is_not_in_it) {
  if (stand->profile->map != PP_MAP_ARENA_INDEX) return;
  stand->skew = 48;
  pp_take(stand, 1);
  uintptr_t end = pp_slot(stand, 0)->address + pp_arena_size(stand->profile);
  /* The header that an address there has lies in the arena itself. */
  struct pp_pool *pool = pp_pool_of(stand->profile, (void *)end);
  SEE_EQ((uintptr_t)pool + 48, end);
  pp_write_u32(stand, &pool->arenaindex, 0);
  SEE(!pp_owns(stand, (void *)end));
  SEE(pp_owns(stand, (void *)(end - 1)));
  pp_mend(stand);
}

HeapTest(MAP_01, lowest_addresses_are_in_no_arena) {
  if (stand->profile->map != PP_MAP_RADIX) return;
  pp_take(stand, 1);
  SEE(!pp_owns(stand, (void *)64));
}

/* Two addresses that differ in one bit have each a leaf of their own. */
HeapTest(MAP_08, each_bit_of_an_address_matters) {
  if (stand->profile->map != PP_MAP_RADIX) return;
  if (stand->level != PP_LEVEL_HEAP) return;
  uintptr_t base = (uintptr_t)3 << 45;
  SEE(pp_map_mark(stand->heap, base));
  for (unsigned bit = stand->profile->arena_bits; bit <= 46; bit++) {
    uintptr_t other = base ^ (uintptr_t)1 << bit;
    const struct pp_leaf *leaf = pp_map_leaf(stand->heap, other);
    SEE(leaf == NULL || leaf->tail_hi == 0);
    SEE(pp_map_mark(stand->heap, other));
    leaf = pp_map_leaf(stand->heap, other);
    SEE_EQ(leaf->tail_hi, -1);
    SEE(leaf != pp_map_leaf(stand->heap, base));
  }
}

/* ---- the heap ---- */

static uint64_t granted[8];

static void *grant(void *ctx, size_t size) {
  (void)ctx;
  (void)size;
  return granted;
}

HeapTest(HEAP_06, largest_size_is_up_to_the_source) {
  plain = stand->system_source;
  stand->system_source.malloc = grant;
  SEE_EQ(pp_take(stand, PTRDIFF_MAX), granted);
  SEE_EQ(stand->reference->realloc(stand->heap, NULL, PTRDIFF_MAX), granted);
  SEE_EQ(pp_take(stand, (size_t)PTRDIFF_MAX + 1), NULL);
  SEE_EQ(pp_counted(stand).system_blocks, 2);
  stand->spoilt = true; /* the source cannot take them back */
}

/* The product is judged, and not its factors. */
HeapTest(HEAP_07, many_of_nothing_are_served) {
  size_t many = ((size_t)1 << 32) - 1;
  void *block = stand->reference->calloc(stand->heap, many, 0);
  SEE(block != NULL);
  pp_give(stand, block);
  block = stand->reference->calloc(stand->heap, 0, many);
  SEE(block != NULL);
  pp_give(stand, block);
}

static void give_of_no_class(struct pp_stand *stand, void *block) {
  struct pp_pool *pool = pp_pool_of(stand->profile, block);
  pool->szidx = stand->profile->class_count;
  pp_give(stand, block);
}

HeapTest(POOL_15, class_behind_the_last_is_told) {
  if (stand->level == PP_LEVEL_NONE) return; /* anything may happen */
  SEE_EQ(pp_breaks(stand, give_of_no_class, pp_take(stand, 1)), PP_POOL_15);
}
