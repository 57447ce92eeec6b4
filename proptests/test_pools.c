/* The states of a pool and the ring of its class, on every profile: SPEC.md,
 * POOL. Pool headers are read where they lie in memory. */
#include "proptests/heaps.h"

static struct pp_pool *pool_of(const struct pp_stand *stand,
                               const void *block) {
  return pp_pool_of(stand->profile, block);
}

static size_t free_length(const struct pp_pool *pool) {
  size_t length = 0;
  const uint8_t *block = pool->freeblock;
  for (; block != NULL; block = pp_link_read(block))
    length++;
  return length;
}

/* Pools in the ring of class k. */
static size_t ring_length(const struct pp_stand *stand, size_t k) {
  size_t length = 0;
  const struct pp_pool *pool = pp_ring(stand, k)->nextpool;
  for (; pool != pp_ring(stand, k); pool = pool->nextpool)
    length++;
  return length;
}

static bool in_ring(const struct pp_stand *stand, const struct pp_pool *pool) {
  const struct pp_pool *ring = pp_ring(stand, pool->szidx);
  const struct pp_pool *other = ring->nextpool;
  while (other != ring && other != pool)
    other = other->nextpool;
  return other == pool;
}

HeapTest(POOL_01, live_free_and_untouched_make_the_capacity) {
  size_t size = pp_step(stand);
  uint8_t *blocks[300];
  size_t capacity = pp_class_capacity(stand->profile, 0);
  for (size_t i = 0; i < 300; i++) {
    blocks[i] = pp_take(stand, size);
    if (i % 3 == 2) pp_give(stand, blocks[i - 1]);
    const struct pp_pool *pool = pool_of(stand, blocks[i]);
    size_t touched = (pool->nextoffset - 48) / size;
    SEE_EQ(pool->count + free_length(pool) + capacity - touched, capacity);
  }
}

HeapTest(POOL_02, nextoffset_is_a_whole_number_of_blocks) {
  for (unsigned k = 0; k < stand->profile->class_count; k++) {
    size_t size = (k + 1) * pp_step(stand);
    size_t capacity = pp_class_capacity(stand->profile, k);
    for (size_t live = 1; live <= capacity; live++) {
      const struct pp_pool *pool = pool_of(stand, pp_take(stand, size));
      size_t carved = live < capacity ? live + 1 : capacity;
      SEE_EQ(pool->nextoffset, 48 + carved * size);
    }
  }
}

Test(POOL_02, measured_on_blocks_of_512_bytes_in_pools_of_16_kib) {
  static struct pp_stand opened;
  struct pp_stand *stand = &opened;
  pp_stand_open(stand, &pp_profiles[PP_PROFILE_3_11], PP_LEVEL_HEAP);
  const struct pp_pool *pool = pool_of(stand, pp_take(stand, 512));
  SEE_EQ(pool->nextoffset, 1072);
  pp_take(stand, 512);
  SEE_EQ(pool->nextoffset, 1584);
  for (size_t live = 3; live <= 31; live++)
    pp_take(stand, 512);
  SEE_EQ(pool->nextoffset, 15920);
  SEE_EQ(pool->maxnextoffset, 15872);
  pp_stand_close(stand);
}

HeapTest(POOL_03, maxnextoffset_is_the_pool_less_one_block) {
  static const unsigned of_class_0[PP_PROFILE_COUNT] = {
      4080, 4088, 4080, 4080, 4080, 16368, 16368, 16368, 16368, 112, 240};
  for (unsigned k = 0; k < stand->profile->class_count; k++) {
    size_t size = (k + 1) * pp_step(stand);
    const struct pp_pool *pool = pool_of(stand, pp_take(stand, size));
    SEE_EQ(pool->maxnextoffset,
           of_class_0[stand->profile->id] - k * pp_step(stand));
  }
}

HeapTest(POOL_04, begun_with_its_first_block_and_one_spare) {
  for (unsigned k = 0; k < stand->profile->class_count; k++) {
    size_t size = (k + 1) * pp_step(stand);
    uint8_t *block = pp_take(stand, size);
    const struct pp_pool *pool = pool_of(stand, block);
    SEE(block == (const uint8_t *)pool + 48);
    SEE(pool->freeblock == block + size);
    SEE(pp_link_read(pool->freeblock) == NULL);
    SEE_EQ(pool->count, 1);
    SEE_EQ(pool->szidx, k);
    SEE_EQ(pool->nextoffset, 48 + 2 * size);
    /* Nothing but the header and the spare's link was written. */
    for (size_t i = 0; i < size; i++)
      SEE_EQ(block[i], 0);
    for (size_t i = 8; i < size; i++)
      SEE_EQ(block[size + i], 0);
  }
}

HeapTest(POOL_05, last_free_block_makes_the_next_one_carved) {
  size_t size = pp_step(stand);
  uint8_t *first = pp_take(stand, size);
  uint8_t *second = pp_take(stand, size);
  const struct pp_pool *pool = pool_of(stand, first);
  SEE(pool->freeblock == first + 2 * size);
  SEE_EQ(pool->nextoffset, 48 + 3 * size);
  /* While there is one free beside the spare, none is carved. */
  pp_give(stand, second);
  SEE(pp_take(stand, size) == second);
  SEE(pool->freeblock == first + 2 * size);
  SEE_EQ(pool->nextoffset, 48 + 3 * size);
  SEE(pp_take(stand, size) == first + 2 * size);
  SEE(pool->freeblock == first + 3 * size);
  SEE(pp_link_read(pool->freeblock) == NULL);
  SEE_EQ(pool->nextoffset, 48 + 4 * size);
}

HeapTest(POOL_06, free_list_is_empty_exactly_when_full) {
  for (unsigned k = 0; k < stand->profile->class_count; k++) {
    size_t size = (k + 1) * pp_step(stand);
    size_t capacity = pp_class_capacity(stand->profile, k);
    void *block = NULL;
    for (size_t live = 1; live <= capacity; live++) {
      block = pp_take(stand, size);
      SEE_EQ(pool_of(stand, block)->freeblock == NULL, live == capacity);
    }
    pp_give(stand, block);
    SEE(pool_of(stand, block)->freeblock == block);
  }
}

HeapTest(POOL_07, full_pool_leaves_its_ring) {
  for (unsigned k = 0; k < stand->profile->class_count; k++) {
    size_t size = (k + 1) * pp_step(stand);
    size_t capacity = pp_class_capacity(stand->profile, k);
    void *block = NULL;
    for (size_t live = 1; live <= capacity; live++) {
      block = pp_take(stand, size);
      SEE_EQ(ring_length(stand, k), live < capacity ? 1 : 0);
    }
    const struct pp_pool *full = pool_of(stand, block);
    SEE(!in_ring(stand, full));
    SEE(pool_of(stand, pp_take(stand, size)) != full);
  }
}

HeapTest(POOL_08, freed_from_full_goes_to_front) {
  size_t size = pp_small_max(stand->profile);
  pp_fill(stand, 0, 2);
  void *beside = pp_take(stand, size); /* its pool is in the ring, alone */
  pp_give(stand, stand->blocks[0][1]);
  const struct pp_pool *ring = pp_ring(stand, stand->profile->class_count - 1);
  SEE(ring->nextpool == pp_filled(stand, 0));
  SEE(ring->prevpool == pool_of(stand, beside));
  pp_give(stand, stand->blocks[1][0]);
  SEE(ring->nextpool == pp_filled(stand, 1));
  SEE(pp_take(stand, size) == stand->blocks[1][0]);
  SEE(pp_take(stand, size) == stand->blocks[0][1]);
  SEE(pool_of(stand, pp_take(stand, size)) == pool_of(stand, beside));
}

HeapTest(POOL_09, emptied_pool_goes_to_front_of_freepools) {
  pp_take(stand, 1); /* the arena stays */
  pp_fill(stand, 0, 2);
  size_t k = stand->profile->class_count - 1;
  pp_empty(stand, 1, 1);
  SEE_EQ(ring_length(stand, k), 0);
  SEE(pp_slot(stand, 0)->freepools == pp_filled(stand, 1));
  SEE(pp_filled(stand, 1)->nextpool == NULL);
  pp_empty(stand, 0, 1);
  SEE_EQ(ring_length(stand, k), 0);
  SEE(pp_slot(stand, 0)->freepools == pp_filled(stand, 0));
  SEE(pp_filled(stand, 0)->nextpool == pp_filled(stand, 1));
  SEE_EQ(pp_filled(stand, 0)->count, 0);
  /* A pool leaves the middle of its ring, too. */
  uint8_t *small[3] = {NULL, NULL, NULL};
  size_t cap = pp_full(stand);
  pp_fill(stand, 0, 2);
  small[0] = stand->blocks[0][0];
  for (size_t i = 1; i < cap; i++)
    pp_give(stand, stand->blocks[0][i]);
  pp_give(stand, stand->blocks[1][0]);
  SEE_EQ(ring_length(stand, k), 2);
  pp_give(stand, small[0]);
  SEE_EQ(ring_length(stand, k), 1);
  SEE(in_ring(stand, pp_filled(stand, 1)));
  SEE(pp_slot(stand, 0)->freepools == pp_filled(stand, 0));
}

HeapTest(POOL_10, reused_for_its_class_keeps_its_free_list) {
  size_t largest = pp_small_max(stand->profile);
  pp_take(stand, largest); /* the arena stays */
  uint8_t *first = pp_take(stand, 1);
  uint8_t *second = pp_take(stand, 1);
  struct pp_pool *pool = pool_of(stand, first);
  pp_give(stand, first);
  pp_give(stand, second);
  SEE_EQ(pool->count, 0);
  /* The block freed last, and not the one behind the header. */
  SEE(pp_take(stand, 1) == second);
  SEE_EQ(pool->count, 1);
  SEE_EQ(pool->nextoffset, 48 + 3 * pp_step(stand));
  SEE(pp_take(stand, 1) == first);
  SEE(pp_take(stand, 1) == first + 2 * pp_step(stand));
}

HeapTest(POOL_11, reused_for_another_class_is_begun_anew) {
  size_t largest = pp_small_max(stand->profile);
  size_t k = stand->profile->class_count - 1;
  void *stays = pp_take(stand, 1);
  pp_fill(stand, 0, 2);
  struct pp_pool *pool = pp_filled(stand, 1);
  memset(stand->blocks[1][0], 0x5a, largest);
  pp_empty(stand, 1, 1);
  /* Class 0 is full before it needs a pool. */
  size_t capacity = pp_class_capacity(stand->profile, 0);
  uint8_t *block = stays;
  for (size_t i = 0; i < capacity; i++)
    block = pp_take(stand, 1);
  SEE(pool_of(stand, block) == pool);
  SEE(block == (uint8_t *)pool + 48);
  SEE_EQ(pool->szidx, 0);
  SEE_EQ(pool->count, 1);
  SEE_EQ(pool->nextoffset, 48 + 2 * pp_step(stand));
  SEE_EQ(pool->maxnextoffset, pp_pool_size(stand->profile) - pp_step(stand));
  SEE(pool->freeblock == block + pp_step(stand));
  /* What was written there before is still there, but for the links. */
  size_t written = 2 * pp_step(stand) > largest ? largest : largest - 8;
  for (size_t i = pp_step(stand) + 8; i < written; i++)
    SEE_EQ(block[i], 0x5a);
  SEE_EQ(ring_length(stand, k), 0);
}

/* Three pools of the largest class in the ring, the last filled in front. */
static void three_in_ring(struct pp_stand *stand) {
  pp_fill(stand, 0, 3);
  for (size_t pool = 0; pool < 3; pool++)
    pp_give(stand, stand->blocks[pool][0]);
}

HeapTest(POOL_12, neighbours_in_a_ring_agree) {
  three_in_ring(stand);
  const struct pp_pool *pool = pp_filled(stand, 0);
  for (size_t i = 0; i < 4; i++) { /* three pools and the ring itself */
    SEE(pool->nextpool->prevpool == pool);
    SEE(pool->prevpool->nextpool == pool);
    pool = pool->nextpool;
    SEE_EQ(pool == pp_filled(stand, 0), i == 3);
  }
}

HeapTest(POOL_13, served_from_the_first_pool_of_the_ring) {
  size_t size = pp_small_max(stand->profile);
  three_in_ring(stand);
  pp_give(stand, stand->blocks[1][1]);
  SEE(pp_take(stand, size) == stand->blocks[2][0]);
  if (pp_full(stand) > 2)
    SEE(pp_take(stand, size) == stand->blocks[1][1]);
  else /* it is on freepools: empty */
    SEE_EQ(pp_filled(stand, 1)->count, 0);
  if (pp_full(stand) > 2) SEE(pp_take(stand, size) == stand->blocks[1][0]);
  SEE(pp_take(stand, size) == stand->blocks[0][0]);
}

struct tally {
  struct pp_stand *stand;
  size_t pools, in_rings;
};

static bool tally_pool(void *ctx, const struct pp_pool_info *info) {
  struct tally *tally = ctx;
  struct pp_stand *stand = tally->stand;
  const struct pp_pool *pool = (const struct pp_pool *)info->base;
  bool some = info->count > 0 && info->count < info->capacity;
  SEE(info->count <= info->capacity);
  SEE_EQ(in_ring(stand, pool), some);
  SEE_EQ(pool->szidx, info->class_index);
  SEE(info->class_index < stand->profile->class_count);
  tally->pools++;
  tally->in_rings += some;
  return true;
}

/* Pools of all classes in all states. */
static struct tally tally_pools(struct pp_stand *stand) {
  struct tally tally = {stand, 0, 0};
  uint64_t state = 14;
  void *blocks[200];
  for (size_t i = 0; i < 200; i++)
    blocks[i] =
        pp_take(stand, 1 + pp_draw(&state) % pp_small_max(stand->profile));
  for (size_t i = 0; i < 200; i++) {
    if (pp_draw(&state) % 4 != 0) pp_give(stand, blocks[i]);
  }
  for (uint32_t slot = 0; slot < pp_counted(stand).arena_slots; slot++) {
    if (pp_slot(stand, slot)->address != 0)
      stand->reference->visit_pools(stand->heap, slot, &tally, tally_pool);
  }
  return tally;
}

HeapTest(POOL_14, in_the_ring_exactly_with_live_and_other_blocks) {
  struct tally tally = tally_pools(stand);
  size_t in_rings = 0;
  for (size_t k = 0; k < stand->profile->class_count; k++)
    in_rings += ring_length(stand, k);
  SEE_EQ(in_rings, tally.in_rings);
  SEE(in_rings > 0);
}

HeapTest(POOL_15, class_index_is_below_the_number_of_classes) {
  SEE(tally_pools(stand).pools > 2);
}

/* A pool never carved has no class: it was no block of ours. */
static void free_where_no_pool_is(struct pp_stand *stand) {
  uint8_t *block = pp_take(stand, 1);
  if (stand->level > PP_LEVEL_NONE && stand->profile->map == PP_MAP_RADIX)
    SEE_EQ(pp_free_breaks(stand, block + pp_pool_size(stand->profile)),
           PP_POOL_15);
}

Test(POOL_15, free_where_no_pool_was_begun_is_told) {
  pp_each_heap(PP_POOL_15, free_where_no_pool_is);
}

HeapTest(POOL_16, arena_index_names_the_slot) {
  size_t pools = pp_is_slow(stand) ? 70 : 140;
  pp_fill(stand, 0, pools);
  size_t met = 0;
  for (size_t pool = 0; pool < pools; pool++) {
    uint32_t slot = pp_filled(stand, pool)->arenaindex;
    uintptr_t base = pp_slot(stand, slot)->address;
    SEE_EQ(slot, pp_where(stand, stand->blocks[pool][0]).arena_slot);
    SEE((uintptr_t)pp_filled(stand, pool) - base <
        pp_arena_size(stand->profile));
    met = slot > met ? slot : met;
  }
  SEE_EQ(met + 1, pp_counted(stand).arenas);
  SEE(met > 0);
}

static void visit_no_slot(struct pp_stand *stand, void *arg) {
  stand->reference->visit_pools(stand->heap, 16, arg, NULL);
}

HeapTest(POOL_16, slot_beyond_the_vector_is_told) {
  pp_take(stand, 1);
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_breaks(stand, visit_no_slot, NULL), PP_POOL_16);
}

HeapTest(POOL_17, count_is_at_most_the_capacity) {
  for (unsigned k = 0; k < stand->profile->class_count; k++) {
    size_t capacity = pp_class_capacity(stand->profile, k);
    const struct pp_pool *pool = NULL;
    for (size_t live = 1; live <= capacity; live++) {
      pool = pool_of(stand, pp_take(stand, (k + 1) * pp_step(stand)));
      SEE_EQ(pool->count, live);
    }
    pp_take(stand, (k + 1) * pp_step(stand));
    SEE_EQ(pool->count, capacity);
  }
}

HeapTest(POOL_17, second_free_of_the_only_block_is_told) {
  pp_take(stand, pp_small_max(stand->profile)); /* the arena stays */
  void *block = pp_take(stand, 1);
  pp_give(stand, block);
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_free_breaks(stand, block), PP_POOL_17);
}

HeapTest(POOL_18, no_live_block_on_freepools) {
  pp_take(stand, 1);
  pp_fill(stand, 0, 2);
  pp_give(stand, stand->blocks[0][0]);
  pp_empty(stand, 1, 1);
  const struct pp_pool *pool = pp_slot(stand, 0)->freepools;
  SEE(pool == pp_filled(stand, 1));
  for (; pool != NULL; pool = pool->nextpool)
    SEE_EQ(pool->count, 0);
  SEE_EQ(pp_filled(stand, 0)->count, pp_full(stand) - 1);
}
