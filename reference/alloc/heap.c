/* The heap: which request goes where (SPEC.md, HEAP and REALLOC). Small
 * requests go to pools; everything else, and every small request for which no
 * arena can be had, goes to the system source, and what came from there stays
 * there. */
#include "reference/alloc/heap.h"

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
  void *block = pool->szidx == class_index
                    ? pp_pool_resume(heap, pool)
                    : pp_pool_begin(heap, pool, class_index);
  PP_ENSURE(heap->witness, POOL_11, pool->szidx == class_index);
  PP_ENSURE(heap->witness, POOL_11, pool->count == 1);
  return block;
}

/* Asked for its place, the heap tells the one where the block is. */
static void ensure_located(const struct pp_heap *heap, const uint8_t *block) {
  struct pp_place place;
  if (PP_LEVEL_NUMBER < PP_MARK_OBJECT) return;
  PP_ENSURE(heap->witness, MAP_01, pp_heap_locate(heap, block, &place));
  PP_ENSURE(heap->witness, GEO_03,
            place.pool + place.pool_offset == (uintptr_t)block);
  PP_ENSURE(heap->witness, GEO_03,
            place.arena + place.arena_offset == (uintptr_t)block);
}

static void *take_small(struct pp_heap *heap, size_t size) {
  const struct pp_profile *profile = heap->profile;
  uint32_t class_index = pp_class_of(profile, size);
  PP_ENSURE(heap->witness, SC_01, class_index < profile->class_count);
  PP_ENSURE(heap->witness, SC_01,
            class_index ==
                (uint32_t)(size - 1) / (uint32_t)pp_alignment(profile));
  PP_ENSURE(heap->witness, SC_02,
            pp_class_size(profile, class_index) ==
                (class_index + 1) * pp_alignment(profile));
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
  PP_ENSURE(heap->witness, BLOCK_02,
            ((uint32_t)(block - (uint8_t *)pool) - PP_POOL_HEADER) %
                    pp_class_size(profile, class_index) ==
                0);
  PP_ENSURE(heap->witness, BLOCK_03,
            block + pp_class_size(profile, class_index) <=
                (uint8_t *)pool + pp_pool_size(profile));
  PP_ENSURE(heap->witness, MAP_01, pp_map_holds(heap, block));
  ensure_located(heap, block);
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
  heap->system_requests++;
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

static void system_free(struct pp_heap *heap, void *block) {
  const struct pp_system_source *system = heap->system;
  PP_REQUIRE(heap->witness, HEAP_10, heap->system_blocks > 0);
  heap->system_blocks--;
  heap->live_blocks--;
  heap->system_frees++;
  system->free(system->ctx, block);
}

/* ---- requests ---- */

/* What the answer to any request owes, when the system had been asked this
 * often before. */
static void ensure_served(const struct pp_heap *heap, const void *block,
                          size_t size, size_t requests) {
  if (PP_LEVEL_NUMBER == PP_MARK_NONE) return;
  bool asked = heap->system_requests == requests + 1;
  bool own = block != NULL;
  if (own) own = pp_map_holds(heap, block);
  if (size > pp_small_max(heap->profile)) {
    PP_ENSURE(heap->witness, HEAP_03, asked);
  } else if (size == 0) {
    PP_ENSURE(heap->witness, HEAP_04, asked);
  }
  if (block == NULL) PP_ENSURE(heap->witness, HEAP_05, asked);
  if (!own) return;
  uint32_t block_size =
      pp_class_size(heap->profile, pp_pool_of(heap->profile, block)->szidx);
  PP_ENSURE(heap->witness, SC_03, block_size >= size);
  PP_ENSURE(heap->witness, SC_03,
            block_size - size < pp_alignment(heap->profile));
}

static void *serve(struct pp_heap *heap, size_t size) {
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

static void *allocate(struct pp_heap *heap, size_t size) {
  size_t requests = heap->system_requests;
  void *block = serve(heap, size);
  if (size == 0) {
    PP_ENSURE(heap->witness, HEAP_04, heap->system_requests == requests + 1);
  }
  return block;
}

void *pp_heap_malloc(struct pp_heap *heap, size_t size) {
  size_t requests = heap->system_requests;
  void *block = allocate(heap, size);
  if (size > PTRDIFF_MAX) {
    PP_ENSURE(heap->witness, HEAP_06, block == NULL);
    PP_ENSURE(heap->witness, HEAP_06, heap->system_requests == requests);
  } else {
    ensure_served(heap, block, size, requests);
  }
  PP_CHECK(PP_MARK_HEAP, heap->witness, pp_heap_check(heap));
  return block;
}

/* ---- zeroed requests ---- */

static bool is_zero(const uint8_t *bytes, size_t count) {
  while (count > 0 && bytes[count - 1] == 0)
    count--;
  return count == 0;
}

/* Zeroes a block of a pool as far as it was asked for. */
static void zero(const struct pp_heap *heap, uint8_t *block, size_t bytes) {
  const struct pp_profile *profile = heap->profile;
  uint8_t kept[PP_BLOCK_MAX];
  uint8_t *rest = block + bytes;
  size_t size =
      pp_class_size(profile, pp_pool_of(profile, block)->szidx) - bytes;
  if (PP_LEVEL_NUMBER >= PP_MARK_OBJECT) memcpy(kept, rest, size);
  memset(block, 0, bytes);
  PP_ENSURE(heap->witness, HEAP_08, block[bytes - 1] == 0);
  PP_ENSURE_SLOWLY(heap->witness, HEAP_08, is_zero(block, bytes));
  PP_ENSURE_SLOWLY(heap->witness, HEAP_08, memcmp(kept, rest, size) == 0);
}

static void *allocate_zeroed(struct pp_heap *heap, size_t count, size_t size) {
  const struct pp_system_source *system = heap->system;
  size_t bytes = count * size;
  if (is_small(heap, bytes)) {
    void *block = take_small(heap, bytes);
    if (block != NULL) {
      zero(heap, block, bytes);
      return block;
    }
  }
  if (bytes == 0) return count_system(heap, system->calloc(system->ctx, 1, 1));
  return count_system(heap, system->calloc(system->ctx, count, size));
}

void *pp_heap_calloc(struct pp_heap *heap, size_t count, size_t size) {
  size_t requests = heap->system_requests;
  if (size != 0 && count > PTRDIFF_MAX / size) return NULL;
  PP_ENSURE(heap->witness, HEAP_07, count * size <= PTRDIFF_MAX);
  if (size != 0) {
    PP_ENSURE(heap->witness, HEAP_07, count * size / size == count);
  }
  void *block = allocate_zeroed(heap, count, size);
  ensure_served(heap, block, count * size, requests);
  PP_CHECK(PP_MARK_HEAP, heap->witness, pp_heap_check(heap));
  return block;
}

/* ---- the end of a block ---- */

static bool is_own(const struct pp_heap *heap, const void *block) {
  bool own = pp_map_holds(heap, block);
  PP_ASSERT_(PP_MARK_HEAP, heap->witness, MAP_01,
             own == pp_map_covers(heap, block));
  return own;
}

static void release(struct pp_heap *heap, void *block) {
  bool own = is_own(heap, block);
  size_t frees = heap->system_frees;
  if (own)
    give_small(heap, block);
  else
    system_free(heap, block);
  PP_ENSURE(heap->witness, HEAP_10, heap->system_frees == frees + !own);
}

void pp_heap_free(struct pp_heap *heap, void *block) {
  size_t live = heap->live_blocks;
  if (block != NULL) release(heap, block);
  if (block == NULL) {
    PP_ENSURE(heap->witness, HEAP_09, heap->live_blocks == live);
  } else {
    PP_ENSURE(heap->witness, HEAP_01, heap->live_blocks + 1 == live);
  }
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
  size_t live = heap->live_blocks;
  size_t requests = heap->system_requests;
  uint8_t *moved = allocate(heap, size);
  if (moved == NULL) {
    PP_ENSURE(heap->witness, REALLOC_06, pp_map_holds(heap, block));
    return NULL;
  }
  PP_ENSURE(heap->witness, REALLOC_08, moved != block);
  PP_ENSURE(heap->witness, REALLOC_08, heap->live_blocks == live + 1);
  if (size == 0) {
    PP_ENSURE(heap->witness, REALLOC_09, !pp_map_holds(heap, moved));
  } else if (size <= block_size) {
    PP_ENSURE(heap->witness, REALLOC_03, 4 * size <= 3 * (size_t)block_size);
  }
  ensure_served(heap, moved, size, requests);
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
  if (!is_own(heap, block)) {
    heap->system_requests++;
    void *moved = system->realloc(system->ctx, block, size == 0 ? 1 : size);
    return moved == NULL ? refused(heap, block, size) : moved;
  }
  const struct pp_pool *pool = pp_pool_of(heap->profile, block);
  PP_REQUIRE(heap->witness, POOL_15, pool->szidx < heap->profile->class_count);
  uint32_t block_size = pp_class_size(heap->profile, pool->szidx);
  if (!stays(block_size, size)) return move(heap, block, size, block_size);
  PP_ENSURE(heap->witness, REALLOC_03, size <= block_size);
  PP_ENSURE(heap->witness, REALLOC_04, 4 * size > 3 * (size_t)block_size);
  return block;
}

/* A heap before a realloc, as far as its answer depends on it. */
struct before {
  size_t live, requests;
  bool foreign; /* the block is the system's */
};

static void ensure_reallocated(const struct pp_heap *heap, const void *block,
                               const void *moved, size_t size,
                               const struct before *before) {
  bool same = heap->live_blocks == before->live;
  if (PP_LEVEL_NUMBER == PP_MARK_NONE) return;
  if (size > PTRDIFF_MAX) {
    PP_ENSURE(heap->witness, REALLOC_07, moved == NULL);
    PP_ENSURE(heap->witness, REALLOC_07, same);
    PP_ENSURE(heap->witness, REALLOC_07,
              heap->system_requests == before->requests);
    return;
  }
  if (block == NULL) {
    bool asked = heap->system_requests == before->requests + 1;
    PP_ENSURE(heap->witness, REALLOC_01, same == (moved == NULL));
    if (moved == NULL) PP_ENSURE(heap->witness, REALLOC_01, asked);
    ensure_served(heap, moved, size, before->requests);
    return;
  }
  if (before->foreign) {
    const void *stays = moved == NULL ? block : moved;
    PP_ENSURE(heap->witness, REALLOC_02, !pp_map_holds(heap, stays));
  } else if (moved == NULL) {
    PP_ENSURE(heap->witness, REALLOC_06, same);
  }
  PP_ENSURE(heap->witness, HEAP_01, same);
}

void *pp_heap_realloc(struct pp_heap *heap, void *block, size_t size) {
  struct before before = {heap->live_blocks, heap->system_requests, false};
  if (PP_LEVEL_NUMBER > PP_MARK_NONE && block != NULL) {
    before.foreign = !pp_map_holds(heap, block);
  }
  void *moved = reallocate(heap, block, size);
  ensure_reallocated(heap, block, moved, size, &before);
  PP_CHECK(PP_MARK_HEAP, heap->witness, pp_heap_check(heap));
  return moved;
}
