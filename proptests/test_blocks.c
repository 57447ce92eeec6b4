/* Blocks and the free list inside a pool, on every profile: SPEC.md, BLOCK.
 * What a caller must not do is told by the heap at every level but none. */
#include "proptests/heaps.h"

enum { BLOCKS_MAX = 1021 };

/* Fills a new pool of the class of this size; answers its blocks' number. */
static size_t fill(struct pp_stand *stand, size_t size, uint8_t **blocks) {
  size_t count =
      pp_class_capacity(stand->profile, pp_class_of(stand->profile, size));
  SEE(count <= BLOCKS_MAX);
  for (size_t i = 0; i < count; i++)
    blocks[i] = pp_take(stand, size);
  return count;
}

HeapTest(BLOCK_01, address_is_a_multiple_of_the_alignment) {
  stand->skew = 1040;
  for (size_t size = 0; size <= pp_small_max(stand->profile); size++) {
    SEE_EQ((uintptr_t)pp_take(stand, size) % pp_step(stand), 0);
    SEE_EQ((uintptr_t)stand->reference->calloc(stand->heap, 1, size) %
               pp_step(stand),
           0);
  }
}

HeapTest(BLOCK_02, whole_number_of_blocks_behind_the_header) {
  uint8_t *blocks[BLOCKS_MAX];
  size_t largest = pp_small_max(stand->profile);
  for (size_t size = pp_step(stand); size <= largest; size *= 2) {
    size_t count = fill(stand, size, blocks);
    for (size_t i = 0; i < count; i++)
      SEE_EQ(pp_where(stand, blocks[i]).pool_offset, 48 + i * size);
  }
}

static void free_inside_a_block(struct pp_stand *stand) {
  uint8_t *block = pp_take(stand, 17);
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_free_breaks(stand, block + pp_step(stand)), PP_BLOCK_02);
}

static void free_the_header(struct pp_stand *stand) {
  uint8_t *block = pp_take(stand, 17);
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_free_breaks(stand, block - 48), PP_BLOCK_02);
}

Test(BLOCK_02, interior_pointers_are_told) {
  pp_each_heap(PP_BLOCK_02, free_inside_a_block);
  pp_each_heap(PP_BLOCK_02, free_the_header);
}

HeapTest(BLOCK_03, block_lies_wholly_inside_its_pool) {
  uint8_t *blocks[BLOCKS_MAX];
  const struct pp_profile *profile = stand->profile;
  for (unsigned k = 0; k < profile->class_count; k++) {
    size_t size = pp_class_size(profile, k);
    size_t count = fill(stand, size, blocks);
    uint8_t *end =
        (uint8_t *)pp_pool_of(profile, blocks[0]) + pp_pool_size(profile);
    SEE(blocks[count - 1] + size <= end);
    SEE(blocks[count - 1] + 2 * size > end);
    /* Every byte is the caller's: the heap stays as sound as it was. */
    for (size_t i = 0; i < count; i++)
      memset(blocks[i], 0xff, size);
    SEE_EQ(pp_checked(stand), PP_HOLDS);
  }
}

HeapTest(BLOCK_04, free_overwrites_eight_bytes) {
  uint8_t *blocks[BLOCKS_MAX];
  static uint8_t before[1 << 14];
  size_t size = pp_small_max(stand->profile);
  size_t count = fill(stand, size, blocks);
  uint8_t *pool = (uint8_t *)pp_pool_of(stand->profile, blocks[0]);
  size_t pool_size = pp_pool_size(stand->profile);
  for (size_t i = 0; i < count; i++)
    memset(blocks[i], (int)(i + 1), size);
  /* One stays: the pool is not to be given back. */
  for (size_t i = count - 1; i > 0; i--) {
    size_t link = (size_t)(blocks[i] - pool);
    memcpy(before, pool, pool_size);
    pp_give(stand, blocks[i]);
    SEE(memcmp(before + 48, pool + 48, link - 48) == 0);
    SEE(memcmp(before + link, pool + link, 8) != 0);
    SEE(memcmp(before + link + 8, pool + link + 8, pool_size - link - 8) == 0);
    SEE(pp_link_read(blocks[i]) == (i + 1 < count ? blocks[i + 1] : NULL));
  }
}

HeapTest(BLOCK_05, freed_last_is_handed_out_first) {
  const struct pp_profile *profile = stand->profile;
  for (unsigned k = 0; k < profile->class_count; k++) {
    uint8_t *blocks[BLOCKS_MAX];
    size_t count = fill(stand, pp_class_size(profile, k), blocks);
    size_t freed = count < 5 ? count - 1 : 4;
    /* Neither in the order of addresses nor in its reverse. */
    for (size_t i = 0; i < freed; i++)
      pp_give(stand, blocks[(2 * i + 1) % (freed | 1)]);
    for (size_t i = freed; i-- > 0;)
      SEE(pp_take(stand, pp_class_size(profile, k)) ==
          blocks[(2 * i + 1) % (freed | 1)]);
  }
}

/* Walks the free list of a pool; seen is by index of the block. */
static size_t walk(struct pp_stand *stand, const struct pp_pool *pool,
                   bool *seen) {
  size_t size = pp_class_size(stand->profile, pool->szidx);
  size_t length = 0;
  memset(seen, false, BLOCKS_MAX);
  for (const uint8_t *block = pool->freeblock; block != NULL;
       block = pp_link_read(block)) {
    size_t offset = (size_t)(block - (const uint8_t *)pool);
    SEE(offset >= 48);
    SEE(offset < pool->nextoffset);
    SEE_EQ((offset - 48) % size, 0);
    SEE(!seen[(offset - 48) / size]);
    seen[(offset - 48) / size] = true;
    length++;
  }
  return length;
}

/* Takes and frees at random in one pool of the smallest class. */
static struct pp_pool *stir(struct pp_stand *stand, bool *live) {
  uint8_t *first = pp_take(stand, 1);
  size_t size = pp_step(stand);
  size_t capacity = pp_class_capacity(stand->profile, 0);
  memset(live, false, BLOCKS_MAX);
  live[0] = true;
  for (size_t i = 0; i < 300; i++) {
    size_t index = pp_draw(&stand->random) % capacity;
    if (index == 0) continue;
    if (live[index]) {
      pp_give(stand, first + index * size);
      live[index] = false;
    } else {
      uint8_t *block = pp_take(stand, 1);
      if (pp_pool_of(stand->profile, block) !=
          pp_pool_of(stand->profile, first))
        pp_give(stand, block);
      else
        live[(size_t)(block - first) / size] = true;
    }
  }
  return pp_pool_of(stand->profile, first);
}

HeapTest(BLOCK_06, free_list_has_carved_blocks_of_the_pool_only) {
  bool live[BLOCKS_MAX], seen[BLOCKS_MAX];
  struct pp_pool *pool = stir(stand, live);
  size_t carved = (pool->nextoffset - 48) / pp_step(stand);
  SEE_EQ(walk(stand, pool, seen) + pool->count, carved);
  SEE_EQ((uintptr_t)pool % pp_pool_size(stand->profile), 0);
}

static void free_an_untouched_block(struct pp_stand *stand) {
  uint8_t *block = pp_take(stand, 1);
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_free_breaks(stand, block + 2 * pp_step(stand)), PP_BLOCK_06);
}

Test(BLOCK_06, free_of_an_untouched_block_is_told) {
  pp_each_heap(PP_BLOCK_06, free_an_untouched_block);
}

HeapTest(BLOCK_07, no_block_is_on_a_free_list_twice) {
  bool live[BLOCKS_MAX], seen[BLOCKS_MAX];
  struct pp_pool *pool = stir(stand, live);
  size_t length = walk(stand, pool, seen);
  size_t different = 0;
  for (size_t i = 0; i < BLOCKS_MAX; i++)
    different += seen[i];
  SEE_EQ(length, different);
  SEE(length > 0);
}

/* With another free in between, only a look at the whole pool finds out. */
static void free_twice_later(struct pp_stand *stand) {
  uint8_t *kept = pp_take(stand, 1);
  uint8_t *block = pp_take(stand, 1);
  uint8_t *between = pp_take(stand, 1);
  pp_take(stand, 1);
  SEE(kept != block);
  pp_give(stand, block);
  pp_give(stand, between);
  if (stand->level == PP_LEVEL_HEAP)
    SEE_EQ(pp_free_breaks(stand, block), PP_BLOCK_07);
}

Test(BLOCK_07, double_free_with_another_between_is_told) {
  pp_each_heap(PP_BLOCK_07, free_twice_later);
}

struct visited {
  struct pp_stand *stand;
  uintptr_t next;
  bool *live;
  bool *seen;
  size_t index;
};

static bool visit_block(void *ctx, uintptr_t block, bool live) {
  struct visited *visited = ctx;
  struct pp_stand *stand = visited->stand;
  SEE_EQ(block, visited->next);
  SEE_EQ(live, visited->live[visited->index]);
  SEE_EQ(live, !visited->seen[visited->index]);
  visited->next += pp_step(stand);
  visited->index++;
  return true;
}

HeapTest(BLOCK_08, no_live_block_is_on_a_free_list) {
  bool live[BLOCKS_MAX], seen[BLOCKS_MAX];
  struct pp_pool *pool = stir(stand, live);
  walk(stand, pool, seen);
  struct visited visited = {stand, (uintptr_t)pool + 48, live, seen, 0};
  stand->reference->visit_blocks(stand->heap, (uintptr_t)pool, &visited,
                                 visit_block);
  SEE_EQ(48 + visited.index * pp_step(stand), pool->nextoffset);
}

static void free_twice(struct pp_stand *stand) {
  pp_take(stand, 1);
  uint8_t *block = pp_take(stand, 1);
  pp_take(stand, 1);
  pp_give(stand, block);
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_free_breaks(stand, block), PP_BLOCK_08);
}

Test(BLOCK_08, double_free_is_told) {
  pp_each_heap(PP_BLOCK_08, free_twice);
}
