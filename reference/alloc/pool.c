/* Pools: carving blocks, the free list inside a pool, and the ring of its
 * class (SPEC.md, BLOCK and POOL).
 *
 *   |header|live|free|live|spare|untouched ...           |slack|
 *            freeblock^    ^last  ^nextoffset  maxnextoffset^
 *
 * A pool is used (in its ring), full (in no list) or empty (on its arena's
 * freepools). One carved block is always kept ahead of demand, so that the
 * free list runs out exactly when the pool does. */
#include "reference/alloc/heap.h"

static void ring_insert(struct pp_heap *heap, struct pp_pool *pool) {
  PP_REQUIRE(heap->witness, POOL_15, pool->szidx < heap->profile->class_count);
  struct pp_pool *ring = &heap->usedpools[pool->szidx];
  pool->prevpool = ring;
  pool->nextpool = ring->nextpool;
  ring->nextpool->prevpool = pool;
  ring->nextpool = pool;
  PP_ENSURE(heap->witness, POOL_12, pool->nextpool->prevpool == pool);
}

static void ring_remove(struct pp_heap *heap, struct pp_pool *pool) {
  PP_ENSURE(heap->witness, POOL_12, pool->nextpool->prevpool == pool);
  PP_ENSURE(heap->witness, POOL_12, pool->prevpool->nextpool == pool);
  pool->nextpool->prevpool = pool->prevpool;
  pool->prevpool->nextpool = pool->nextpool;
  PP_ENSURE(heap->witness, POOL_12, pool->nextpool->prevpool == pool->prevpool);
  PP_ENSURE(heap->witness, POOL_12, pool->prevpool->nextpool == pool->nextpool);
}

/* Makes the next untouched block the only one on the free list. */
static void carve(struct pp_heap *heap, struct pp_pool *pool,
                  uint32_t block_size) {
  PP_ENSURE(heap->witness, POOL_05, pool->freeblock == NULL);
  PP_ENSURE(heap->witness, BLOCK_03,
            pool->nextoffset + block_size <= pp_pool_size(heap->profile));
  pool->freeblock = (uint8_t *)pool + pool->nextoffset;
  pool->nextoffset += block_size;
  pp_link_write(pool->freeblock, NULL);
  PP_ENSURE(heap->witness, POOL_02,
            pool->nextoffset <= pool->maxnextoffset + block_size);
}

void *pp_pool_begin(struct pp_heap *heap, struct pp_pool *pool,
                    uint32_t class_index) {
  const struct pp_profile *profile = heap->profile;
  uint32_t block_size = pp_class_size(profile, class_index);
  uint8_t *first = (uint8_t *)pool + PP_POOL_HEADER;
  PP_REQUIRE(heap->witness, POOL_15, class_index < profile->class_count);
  PP_REQUIRE(heap->witness, POOL_10, pool->szidx != class_index);
  PP_ENSURE(heap->witness, SC_05, pp_class_capacity(profile, class_index) > 1);
  PP_ENSURE(heap->witness, GEO_02, first == (uint8_t *)(pool + 1));

  pool->szidx = class_index;
  pool->count = 1;
  pool->freeblock = NULL;
  pool->nextoffset = PP_POOL_HEADER + block_size;
  pool->maxnextoffset = (uint32_t)pp_pool_size(profile) - block_size;
  PP_ENSURE(heap->witness, POOL_11, pool->freeblock == NULL);
  PP_ENSURE(heap->witness, POOL_11,
            pool->nextoffset == PP_POOL_HEADER + block_size);
  carve(heap, pool, block_size);
  ring_insert(heap, pool);
  PP_ENSURE(heap->witness, GEO_03, pp_pool_of(profile, first) == pool);
  PP_ENSURE(heap->witness, POOL_04, pool->freeblock == first + block_size);
  PP_ENSURE(heap->witness, POOL_04, pp_link_read(pool->freeblock) == NULL);
  PP_ENSURE(heap->witness, POOL_03,
            pool->maxnextoffset + block_size == pp_pool_size(profile));
  return first;
}

void *pp_pool_resume(struct pp_heap *heap, struct pp_pool *pool) {
  uint8_t *block = pool->freeblock;
  PP_REQUIRE(heap->witness, POOL_18, pool->count == 0);
  PP_ENSURE(heap->witness, POOL_06, block != NULL);
  pool->count = 1;
  pool->freeblock = pp_link_read(block);
  PP_ENSURE(heap->witness, BLOCK_08, pool->freeblock != block);
  ring_insert(heap, pool);
  /* At least one block was handed out and one is the spare (SC-05). */
  PP_ENSURE(heap->witness, POOL_10, pool->freeblock != NULL);
  return block;
}

void *pp_pool_take(struct pp_heap *heap, struct pp_pool *pool) {
  uint8_t *block = pool->freeblock;
  PP_REQUIRE(heap->witness, POOL_06, block != NULL);
  PP_ENSURE(heap->witness, GEO_03, pp_pool_of(heap->profile, block) == pool);
  PP_ENSURE(heap->witness, POOL_13,
            pool->prevpool == &heap->usedpools[pool->szidx]);
  pool->count++;
  pool->freeblock = pp_link_read(block);
  PP_ENSURE(heap->witness, BLOCK_08, pool->freeblock != block);
  if (pool->freeblock != NULL) {
    PP_ENSURE(heap->witness, BLOCK_06,
              pp_pool_of(heap->profile, pool->freeblock) == pool);
    return block;
  }
  if (pool->nextoffset <= pool->maxnextoffset) {
    carve(heap, pool, pp_class_size(heap->profile, pool->szidx));
    return block;
  }
  PP_ENSURE(heap->witness, POOL_05, pool->nextoffset > pool->maxnextoffset);
  ring_remove(heap, pool);
  PP_ENSURE(heap->witness, POOL_07,
            heap->usedpools[pool->szidx].nextpool != pool);
  PP_ENSURE(heap->witness, POOL_07,
            pool->count == pp_class_capacity(heap->profile, pool->szidx));
  return block;
}

/* The block becomes the front of the free list, and is written no further
 * than the link goes. */
static void list_push(struct pp_heap *heap, struct pp_pool *pool,
                      uint8_t *block) {
  uint8_t *former = pool->freeblock;
  uint8_t kept[PP_BLOCK_MAX];
  uint8_t *rest = block + sizeof former;
  size_t size = pp_class_size(heap->profile, pool->szidx) - sizeof former;
  if (PP_LEVEL_NUMBER >= PP_MARK_OBJECT) memcpy(kept, rest, size);
  pp_link_write(block, former);
  pool->freeblock = block;
  PP_ENSURE(heap->witness, BLOCK_05, pool->freeblock == block);
  PP_ENSURE_SLOWLY(heap->witness, BLOCK_04, memcmp(kept, rest, size) == 0);
}

bool pp_pool_give(struct pp_heap *heap, struct pp_pool *pool, void *block) {
  const uint8_t *former = pool->freeblock;
  PP_REQUIRE(heap->witness, POOL_17, pool->count > 0);
  PP_REQUIRE(heap->witness, BLOCK_08, former != block);
  list_push(heap, pool, block);
  pool->count--;
  PP_ENSURE(heap->witness, POOL_17,
            pool->count < pp_class_capacity(heap->profile, pool->szidx));
  if (former == NULL) {
    /* It was full, and has room for two blocks (SC-05), so it is not empty. */
    ring_insert(heap, pool);
    PP_ENSURE(heap->witness, POOL_08,
              heap->usedpools[pool->szidx].nextpool == pool);
    PP_ENSURE(heap->witness, SC_05, pool->count > 0);
    return false;
  }
  if (pool->count > 0) return false;
  ring_remove(heap, pool);
  PP_ENSURE(heap->witness, POOL_09, pool->prevpool->nextpool != pool);
  return true;
}
