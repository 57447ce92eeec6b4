/* The heap: which request goes where, and what a heap is made of (SPEC.md,
 * HEAP and REALLOC). Small requests go to pools; everything else, and every
 * small request for which no arena can be had, goes to the system source, and
 * what came from there stays there. */
#include "reference/alloc/heap.h"

size_t pp_heap_size(const struct pp_profile *profile) {
  size_t root = 0;
  if (profile->map == PP_MAP_RADIX) {
    root = sizeof(void *) << profile->map_top_bits;
  }
  return sizeof(struct pp_heap) + root;
}

struct pp_heap *pp_heap_create(void *memory, const struct pp_profile *profile,
                               const struct pp_arena_source *arenas,
                               const struct pp_system_source *system,
                               struct pp_witness *witness) {
  struct pp_heap *heap = memory;
  memset(memory, 0, pp_heap_size(profile));
  heap->profile = profile;
  heap->arena_source = arenas;
  heap->system = system;
  heap->witness = witness;
  heap->map.root = (void **)(heap + 1);
  PP_REQUIRE(witness, SC_06, profile->class_count <= PP_CLASS_MAX);
  for (uint32_t i = 0; i < profile->class_count; i++) {
    struct pp_pool *ring = &heap->usedpools[i];
    ring->nextpool = ring;
    ring->prevpool = ring;
    PP_REQUIRE(witness, SC_05, pp_class_capacity(profile, i) >= 2);
  }
  if (profile->id < PP_PROFILE_TINY) {
    PP_REQUIRE(witness, GEO_07, pp_small_max(profile) == PP_SMALL_MAX);
  }
  PP_REQUIRE(witness, GEO_06,
             pp_arena_size(profile) >> profile->pool_bits <=
                 PP_ARENA_POOLS_MAX);
  if (profile->map == PP_MAP_RADIX) {
    unsigned bits = profile->map_top_bits + profile->map_middle_bits +
                    profile->map_bottom_bits + profile->arena_bits;
    bool narrow =
        profile->id == PP_PROFILE_3_10 || profile->id == PP_PROFILE_TINY;
    PP_REQUIRE(witness, MAP_08,
               bits == (narrow ? PP_ADDRESS_BITS_NARROW : PP_ADDRESS_BITS));
  }
  return heap;
}

void pp_heap_destroy(struct pp_heap *heap) {
  const struct pp_arena_source *source = heap->arena_source;
  size_t held = heap->narenas_currently_allocated;
  for (uint32_t i = 0; i < heap->maxarenas; i++) {
    uintptr_t base = heap->arenas[i].address;
    if (base == 0) continue;
    heap->arenas[i].address = 0;
    source->free(source->ctx, (void *)base, pp_arena_size(heap->profile));
    held--;
  }
  PP_ENSURE(heap->witness, HEAP_15, held == 0);
  pp_map_release(heap);
  if (heap->arenas != NULL) {
    heap->system->free(heap->system->ctx, heap->arenas);
  }
  memset(heap, 0, sizeof *heap);
}

/* ---- small requests ---- */

static bool is_small(const struct pp_heap *heap, size_t size) {
  /* Zero wraps round to the largest: it is not small (HEAP-04). */
  return size - 1 < pp_small_max(heap->profile);
}

/* A block from a pool that was in no ring: an empty one, or a new one. */
static void *take_from_arena(struct pp_heap *heap, uint32_t class_index) {
  PP_REQUIRE(heap->witness, HEAP_02,
             heap->usedpools[class_index].nextpool ==
                 &heap->usedpools[class_index]);
  if (heap->usable_arenas == NULL) {
    if (!pp_arena_add(heap)) return NULL;
  }
  struct pp_pool *pool = pp_arena_take_pool(heap);
  if (pool->szidx == class_index) return pp_pool_resume(heap, pool);
  void *block = pp_pool_begin(heap, pool, class_index);
  PP_ENSURE(heap->witness, POOL_11, pool->count == 1);
  return block;
}

static void *take_small(struct pp_heap *heap, size_t size) {
  const struct pp_profile *profile = heap->profile;
  uint32_t class_index = pp_class_of(profile, size);
  PP_ENSURE(heap->witness, SC_01, class_index < profile->class_count);
  PP_ENSURE(heap->witness, SC_02, pp_class_size(profile, class_index) >= size);
  PP_ENSURE(heap->witness, SC_03,
            pp_class_size(profile, class_index) - size < pp_alignment(profile));
  struct pp_pool *ring = &heap->usedpools[class_index];
  struct pp_pool *pool = ring->nextpool;
  uint8_t *block = pool != ring ? pp_pool_take(heap, pool)
                                : take_from_arena(heap, class_index);
  if (block == NULL) return NULL;
  pool = pp_pool_of(profile, block);
  heap->live_blocks++;
  PP_ENSURE(heap->witness, POOL_14, pool->szidx == class_index);
  PP_ENSURE(heap->witness, BLOCK_01,
            ((uintptr_t)block & (pp_alignment(profile) - 1)) == 0);
  PP_ENSURE(heap->witness, BLOCK_03,
            block + pp_class_size(profile, class_index) <=
                (uint8_t *)pool + pp_pool_size(profile));
  PP_ENSURE(heap->witness, MAP_01, pp_map_holds(heap, block));
  PP_CHECK(PP_MARK_OBJECT, heap->witness,
           pp_pool_check_header(profile, pool, heap->witness));
  return block;
}

static void give_small(struct pp_heap *heap, uint8_t *block) {
  struct pp_pool *pool = pp_pool_of(heap->profile, block);
  uint32_t offset = (uint32_t)(block - (uint8_t *)pool);
  PP_REQUIRE(heap->witness, POOL_15, pool->szidx < heap->profile->class_count);
  PP_REQUIRE(heap->witness, BLOCK_02, offset >= PP_POOL_HEADER);
  PP_REQUIRE(heap->witness, BLOCK_02,
             (offset - PP_POOL_HEADER) %
                     pp_class_size(heap->profile, pool->szidx) ==
                 0);
  PP_REQUIRE(heap->witness, BLOCK_06, offset < pool->nextoffset);
  PP_REQUIRE(heap->witness, POOL_16, pool->arenaindex < heap->maxarenas);
  heap->live_blocks--;
  if (pp_pool_give(heap, pool, block)) {
    pp_arena_give_pool(heap, pool);
    return;
  }
  PP_CHECK(PP_MARK_OBJECT, heap->witness,
           pp_pool_check_header(heap->profile, pool, heap->witness));
}

/* ---- the system source ---- */

static void *count_system(struct pp_heap *heap, void *block) {
  if (block == NULL) return NULL;
  heap->system_blocks++;
  heap->live_blocks++;
  PP_ENSURE(heap->witness, HEAP_10, !pp_map_holds(heap, block));
  return block;
}

static void *system_malloc(struct pp_heap *heap, size_t size) {
  const struct pp_system_source *system = heap->system;
  return count_system(heap, system->malloc(system->ctx, size == 0 ? 1 : size));
}

/* ---- requests ---- */

static void *allocate(struct pp_heap *heap, size_t size) {
  if (size > PTRDIFF_MAX) return NULL;
  if (is_small(heap, size)) {
    void *block = take_small(heap, size);
    if (block != NULL) return block;
    PP_ENSURE(heap->witness, HEAP_05, heap->usable_arenas == NULL);
  } else if (size == 0) {
    PP_ENSURE(heap->witness, HEAP_04, !is_small(heap, size));
  } else {
    PP_ENSURE(heap->witness, HEAP_03, size > pp_small_max(heap->profile));
  }
  return system_malloc(heap, size);
}

void *pp_heap_malloc(struct pp_heap *heap, size_t size) {
  void *block = allocate(heap, size);
  if (size > PTRDIFF_MAX) PP_ENSURE(heap->witness, HEAP_06, block == NULL);
  PP_CHECK(PP_MARK_HEAP, heap->witness, pp_heap_check(heap));
  return block;
}

void *pp_heap_calloc(struct pp_heap *heap, size_t count, size_t size) {
  const struct pp_system_source *system = heap->system;
  if (size != 0 && count > PTRDIFF_MAX / size) return NULL;
  size_t bytes = count * size;
  PP_ENSURE(heap->witness, HEAP_07, bytes <= PTRDIFF_MAX);
  void *block = NULL;
  if (is_small(heap, bytes)) {
    block = take_small(heap, bytes);
    if (block != NULL) memset(block, 0, bytes);
  }
  if (block == NULL) {
    bool zero = bytes == 0;
    block = count_system(
        heap, system->calloc(system->ctx, zero ? 1 : count, zero ? 1 : size));
  } else {
    PP_ENSURE(heap->witness, HEAP_08, ((uint8_t *)block)[bytes - 1] == 0);
  }
  PP_CHECK(PP_MARK_HEAP, heap->witness, pp_heap_check(heap));
  return block;
}

/* ---- the end of a block ---- */

static void release(struct pp_heap *heap, void *block) {
  const struct pp_system_source *system = heap->system;
  if (pp_map_holds(heap, block)) {
    give_small(heap, block);
    return;
  }
  PP_REQUIRE(heap->witness, HEAP_10, heap->system_blocks > 0);
  heap->system_blocks--;
  heap->live_blocks--;
  system->free(system->ctx, block);
}

void pp_heap_free(struct pp_heap *heap, void *block) {
  size_t live = heap->live_blocks;
  if (block != NULL) release(heap, block);
  if (block == NULL)
    PP_ENSURE(heap->witness, HEAP_09, heap->live_blocks == live);
  PP_CHECK(PP_MARK_HEAP, heap->witness, pp_heap_check(heap));
}

/* ---- realloc ---- */

/* A block may keep up to a quarter of itself unused; that costs less than a
 * copy. Below that it moves, even if it moves to the system. */
static bool stays(uint32_t block_size, size_t size) {
  if (size > block_size) return false;
  return 4 * size > 3 * (size_t)block_size;
}

static void *move(struct pp_heap *heap, uint8_t *block, size_t size,
                  uint32_t block_size) {
  uint8_t *moved = allocate(heap, size);
  if (moved == NULL) {
    PP_ENSURE(heap->witness, REALLOC_06, pp_map_holds(heap, block));
    return NULL;
  }
  PP_ENSURE(heap->witness, REALLOC_08, moved != block);
  if (size == 0) {
    PP_ENSURE(heap->witness, REALLOC_09, !pp_map_holds(heap, moved));
  } else if (size < block_size) {
    PP_ENSURE(heap->witness, REALLOC_04, 4 * size <= 3 * (size_t)block_size);
  }
  memcpy(moved, block, size < block_size ? size : block_size);
  if (size > block_size) {
    PP_ENSURE_SLOWLY(heap->witness, REALLOC_05,
                     memcmp(moved, block, block_size) == 0);
  }
  release(heap, block);
  return moved;
}

/* The answer when the system refuses to change the size of its block. */
static void *refused(struct pp_heap *heap, void *block, size_t size) {
  if (size > 0) return NULL;
  void *answer = heap->profile->zero_never_fails ? block : NULL;
  if (heap->profile->id == PP_PROFILE_3_6) {
    PP_ENSURE(heap->witness, REALLOC_11, answer == block);
  } else {
    PP_ENSURE(heap->witness, REALLOC_10, answer == NULL);
  }
  return answer;
}

static void *reallocate(struct pp_heap *heap, void *block, size_t size) {
  const struct pp_system_source *system = heap->system;
  if (size > PTRDIFF_MAX) return NULL;
  if (block == NULL) return allocate(heap, size);
  if (!pp_map_holds(heap, block)) {
    void *moved = system->realloc(system->ctx, block, size == 0 ? 1 : size);
    if (moved == NULL) return refused(heap, block, size);
    PP_ENSURE(heap->witness, REALLOC_02, !pp_map_holds(heap, moved));
    return moved;
  }
  const struct pp_pool *pool = pp_pool_of(heap->profile, block);
  PP_REQUIRE(heap->witness, POOL_15, pool->szidx < heap->profile->class_count);
  uint32_t block_size = pp_class_size(heap->profile, pool->szidx);
  if (!stays(block_size, size)) return move(heap, block, size, block_size);
  PP_ENSURE(heap->witness, REALLOC_03, size <= block_size);
  return block;
}

void *pp_heap_realloc(struct pp_heap *heap, void *block, size_t size) {
  size_t live = heap->live_blocks;
  void *moved = reallocate(heap, block, size);
  if (size > PTRDIFF_MAX) PP_ENSURE(heap->witness, REALLOC_07, moved == NULL);
  if (block == NULL) {
    PP_ENSURE(heap->witness, REALLOC_01,
              heap->live_blocks == live + (moved != NULL));
  } else {
    PP_ENSURE(heap->witness, HEAP_01, heap->live_blocks == live);
  }
  PP_CHECK(PP_MARK_HEAP, heap->witness, pp_heap_check(heap));
  return moved;
}
