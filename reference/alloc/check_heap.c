/* The predicates of an arena and of a whole heap: which clause of GEO, ARENA,
 * MAP, POOL or HEAP is broken, if any. They compose: a heap is checked by way
 * of its arenas, an arena by way of its pools, and each level has an equation
 * that leaves no byte, pool or block unaccounted for. */
#include "reference/alloc/heap.h"

static uint32_t never_carved(const struct pp_profile *profile,
                             const struct pp_arena *arena) {
  uintptr_t end = pp_pool_ceiling(profile, arena->address) +
                  ((uintptr_t)arena->ntotalpools << profile->pool_bits);
  return (uint32_t)((end - arena->pool_address) >> profile->pool_bits);
}

/* ---- an arena ---- */

static enum pp_clause check_span(const struct pp_heap *heap,
                                 const struct pp_arena *arena) {
  const struct pp_profile *profile = heap->profile;
  struct pp_witness *witness = heap->witness;
  uintptr_t first = pp_pool_ceiling(profile, arena->address);
  uintptr_t end = arena->address + pp_arena_size(profile);
  PP_FACT(witness, GEO_04,
          arena->ntotalpools == pp_arena_pools(profile, arena->address));
  if (first == arena->address) {
    if (profile->id != PP_PROFILE_TINY && profile->id != PP_PROFILE_SMALL) {
      PP_FACT(witness, GEO_06, arena->ntotalpools == PP_ARENA_POOLS_MAX);
    }
  }
  PP_FACT(witness, ARENA_04, arena->pool_address >= first);
  PP_FACT(witness, ARENA_04, arena->pool_address <= end);
  PP_FACT(witness, ARENA_04,
          pp_pool_ceiling(profile, arena->pool_address) == arena->pool_address);
  return PP_HOLDS;
}

static enum pp_clause check_freepools(const struct pp_heap *heap,
                                      const struct pp_arena *arena,
                                      uint32_t *length) {
  const struct pp_profile *profile = heap->profile;
  struct pp_witness *witness = heap->witness;
  uintptr_t first = pp_pool_ceiling(profile, arena->address);
  *length = 0;
  const struct pp_pool *pool = arena->freepools;
  while (pool != NULL) {
    uintptr_t address = (uintptr_t)pool;
    PP_FACT(witness, ARENA_21, address >= first);
    PP_FACT(witness, ARENA_21, address < arena->pool_address);
    PP_FACT(witness, ARENA_21, pp_pool_of(profile, pool) == pool);
    PP_FACT(witness, POOL_18, pool->count == 0);
    (*length)++;
    PP_FACT(witness, ARENA_21, *length <= arena->ntotalpools);
    pool = pool->nextpool;
  }
  return PP_HOLDS;
}

static enum pp_clause check_pools_in_use(const struct pp_heap *heap,
                                         const struct pp_arena *arena,
                                         uint32_t *in_use) {
  const struct pp_profile *profile = heap->profile;
  struct pp_witness *witness = heap->witness;
  uintptr_t address = pp_pool_ceiling(profile, arena->address);
  *in_use = 0;
  for (; address < arena->pool_address; address += pp_pool_size(profile)) {
    const struct pp_pool *pool = (const struct pp_pool *)address;
    PP_FACT(witness, POOL_16, pool->arenaindex == arena - heap->arenas);
    if (pool->count == 0) continue;
    PP_PART(pp_pool_check(profile, pool, witness));
    (*in_use)++;
  }
  return PP_HOLDS;
}

enum pp_clause pp_arena_check(const struct pp_heap *heap,
                              const struct pp_arena *arena) {
  const struct pp_profile *profile = heap->profile;
  struct pp_witness *witness = heap->witness;
  uint32_t freepools = 0;
  uint32_t in_use = 0;
  PP_PART(check_span(heap, arena));
  PP_PART(check_freepools(heap, arena, &freepools));
  PP_PART(check_pools_in_use(heap, arena, &in_use));
  uint32_t fresh = never_carved(profile, arena);
  PP_FACT(witness, ARENA_02, arena->nfreepools == freepools + fresh);
  PP_FACT(witness, ARENA_01, in_use + freepools + fresh == arena->ntotalpools);
  return pp_map_check(heap, arena);
}

enum pp_clause pp_map_check(const struct pp_heap *heap,
                            const struct pp_arena *arena) {
  struct pp_witness *witness = heap->witness;
  const uint8_t *base = (const uint8_t *)arena->address;
  uintptr_t offset = arena->address & (pp_arena_size(heap->profile) - 1);
  if (heap->profile->map != PP_MAP_RADIX) return PP_HOLDS;
  const struct pp_leaf *high = pp_map_leaf(heap, arena->address);
  PP_FACT(witness, MAP_06, high != NULL);
  if (offset == 0) {
    PP_FACT(witness, MAP_04, high->tail_hi == -1);
  } else {
    const struct pp_leaf *low =
        pp_map_leaf(heap, arena->address + pp_arena_size(heap->profile));
    PP_FACT(witness, MAP_06, low != NULL);
    PP_FACT(witness, MAP_03, high->tail_hi == (int32_t)offset);
    PP_FACT(witness, MAP_03, low->tail_lo == (int32_t)offset);
  }
  PP_FACT(witness, MAP_01, pp_map_holds(heap, base));
  PP_FACT(witness, MAP_01,
          pp_map_holds(heap, base + pp_arena_size(heap->profile) - 1));
  return PP_HOLDS;
}

/* ---- the order of arenas ---- */

/* Whether a link leads to a slot of the vector; seen before it is followed. */
static bool is_slot(const struct pp_heap *heap, const struct pp_arena *arena) {
  uintptr_t distance = (uintptr_t)arena - (uintptr_t)heap->arenas;
  if (distance % sizeof *arena != 0) return false;
  return distance / sizeof *arena < heap->maxarenas;
}

enum pp_clause pp_arena_check_order(const struct pp_heap *heap,
                                    const struct pp_arena *arena) {
  struct pp_witness *witness = heap->witness;
  const struct pp_arena *next = arena->nextarena;
  const struct pp_arena *prev = arena->prevarena;
  PP_FACT(witness, ARENA_05, arena->nfreepools > 0);
  PP_FACT(witness, ARENA_16, arena->address != 0);
  if (prev == NULL) {
    PP_FACT(witness, ARENA_19, heap->usable_arenas == arena);
  } else {
    PP_FACT(witness, ARENA_19, is_slot(heap, prev));
    PP_FACT(witness, ARENA_19, prev->nextarena == arena);
    PP_FACT(witness, ARENA_06, prev->nfreepools <= arena->nfreepools);
  }
  if (next != NULL) {
    PP_FACT(witness, ARENA_19, is_slot(heap, next));
    PP_FACT(witness, ARENA_19, next->prevarena == arena);
    PP_FACT(witness, ARENA_06, arena->nfreepools <= next->nfreepools);
    if (next->nfreepools == arena->nfreepools) return PP_HOLDS;
  }
  if (!heap->profile->rightmost_table) return PP_HOLDS;
  PP_FACT(witness, ARENA_10, heap->nfp2lasta[arena->nfreepools] == arena);
  return PP_HOLDS;
}

/* All of usable_arenas, and nfp2lasta from the other side: each entry that is
 * not null is met in the list. */
static enum pp_clause check_usable(const struct pp_heap *heap,
                                   uint32_t usable) {
  struct pp_witness *witness = heap->witness;
  uint32_t length = 0;
  uint32_t groups = 0;
  uint32_t wholly_free = 0;
  const struct pp_arena *left = NULL;
  const struct pp_arena *arena = heap->usable_arenas;
  for (; arena != NULL; arena = arena->nextarena) {
    PP_FACT(witness, ARENA_19, is_slot(heap, arena));
    length++;
    PP_FACT(witness, ARENA_05, length <= usable);
    PP_FACT(witness, ARENA_19, arena->prevarena == left);
    left = arena;
    PP_PART(pp_arena_check_order(heap, arena));
    if (heap->nfp2lasta[arena->nfreepools] == arena) groups++;
    if (arena->nfreepools == arena->ntotalpools) wholly_free++;
  }
  PP_FACT(witness, ARENA_05, length == usable);
  PP_FACT(witness, ARENA_13,
          wholly_free <= (heap->profile->keeps_rightmost ? 1u : 0u));
  if (!heap->profile->rightmost_table) return PP_HOLDS;
  for (uint32_t i = 0; i <= PP_ARENA_POOLS_MAX; i++) {
    if (heap->nfp2lasta[i] != NULL) groups--;
  }
  PP_FACT(witness, ARENA_10, groups == 0);
  return PP_HOLDS;
}

static enum pp_clause check_slots(const struct pp_heap *heap, uint32_t held) {
  struct pp_witness *witness = heap->witness;
  uint32_t unused = 0;
  const struct pp_arena *arena = heap->unused_arena_objects;
  for (; arena != NULL; arena = arena->nextarena) {
    PP_FACT(witness, ARENA_16, is_slot(heap, arena));
    PP_FACT(witness, ARENA_16, arena->address == 0);
    unused++;
    PP_FACT(witness, ARENA_16, unused <= heap->maxarenas);
  }
  PP_FACT(witness, ARENA_16, held + unused == heap->maxarenas);
  PP_FACT(witness, ARENA_20, held == heap->narenas_currently_allocated);
  PP_FACT(witness, ARENA_20, held == heap->arenas_out);
  PP_FACT(witness, ARENA_20, held <= heap->narenas_highwater);
  PP_FACT(witness, ARENA_20,
          heap->narenas_highwater <= heap->ntimes_arena_allocated);
  return PP_HOLDS;
}

/* ---- the rings ---- */

/* Whether a link leads to a carved pool; seen before it is followed. */
static bool is_pool(const struct pp_heap *heap, const struct pp_pool *pool) {
  if (pp_pool_of(heap->profile, pool) != pool) return false;
  for (uint32_t i = 0; i < heap->maxarenas; i++) {
    const struct pp_arena *arena = &heap->arenas[i];
    if (arena->address == 0) continue;
    if ((uintptr_t)pool >= pp_pool_ceiling(heap->profile, arena->address) &&
        (uintptr_t)pool < arena->pool_address) {
      return true;
    }
  }
  return false;
}

static bool is_member(const struct pp_heap *heap, const struct pp_pool *ring,
                      const struct pp_pool *pool) {
  return pool == ring || is_pool(heap, pool);
}

static enum pp_clause check_ring(const struct pp_heap *heap,
                                 uint32_t class_index, size_t limit,
                                 size_t *pools) {
  struct pp_witness *witness = heap->witness;
  const struct pp_pool *ring = &heap->usedpools[class_index];
  const struct pp_pool *pool = ring->nextpool;
  PP_FACT(witness, POOL_12, is_member(heap, ring, pool));
  PP_FACT(witness, POOL_12, pool->prevpool == ring);
  for (; pool != ring; pool = pool->nextpool) {
    (*pools)++;
    PP_FACT(witness, POOL_12, *pools <= limit);
    PP_FACT(witness, POOL_14, pool->szidx == class_index);
    PP_FACT(witness, POOL_14, pool->count > 0);
    PP_FACT(witness, POOL_14, pool->freeblock != NULL);
    PP_FACT(witness, POOL_12, is_member(heap, ring, pool->nextpool));
    PP_FACT(witness, POOL_12, pool->nextpool->prevpool == pool);
  }
  return PP_HOLDS;
}

/* ---- the heap ---- */

struct sums {
  uint32_t held, usable;
  size_t live, pools_in_rings, pools_used;
};

static void sum_pools(const struct pp_heap *heap, const struct pp_arena *arena,
                      struct sums *sums) {
  uintptr_t address = pp_pool_ceiling(heap->profile, arena->address);
  for (; address < arena->pool_address;
       address += pp_pool_size(heap->profile)) {
    const struct pp_pool *pool = (const struct pp_pool *)address;
    sums->live += pool->count;
    if (pool->count > 0 && pool->freeblock != NULL) sums->pools_used++;
  }
}

/* What a visitor has seen. */
struct tally {
  const struct pp_heap *heap;
  size_t carved, live; /* blocks */
  size_t bytes;        /* with a role: GEO-01 */
};

static bool tally_block(void *ctx, uintptr_t block, bool live) {
  struct tally *tally = ctx;
  (void)block;
  tally->carved++;
  tally->live += live;
  return true;
}

/* Live and free blocks, untouched ones, header and slack; or a free pool. */
static bool tally_pool(void *ctx, const struct pp_pool_info *pool) {
  struct tally *tally = ctx;
  const struct pp_profile *profile = tally->heap->profile;
  uint32_t pool_size = (uint32_t)pp_pool_size(profile);
  if (pool->count == 0) {
    tally->bytes += pool_size;
    return true;
  }
  uint32_t block_size = pp_class_size(profile, pool->class_index);
  size_t before = tally->carved;
  pp_heap_visit_blocks(tally->heap, pool->base, tally, tally_block);
  uint32_t untouched = (pool_size - pool->next_offset) / block_size;
  uint32_t slack = (pool_size - PP_POOL_HEADER) % block_size;
  size_t blocks = tally->carved - before + untouched;
  tally->bytes += PP_POOL_HEADER + blocks * block_size + slack;
  return true;
}

/* The pools, those never carved, and the gaps. */
static bool tally_arena(void *ctx, const struct pp_arena_info *arena) {
  struct tally *tally = ctx;
  const struct pp_profile *profile = tally->heap->profile;
  uintptr_t end =
      arena->first_pool + ((uintptr_t)arena->total_pools << profile->pool_bits);
  pp_heap_visit_pools(tally->heap, arena->slot, tally, tally_pool);
  tally->bytes += end - arena->next_pool;
  if (arena->first_pool != arena->base) tally->bytes += pp_pool_size(profile);
  return true;
}

/* Every byte of every arena has one role, and a visitor meets each. */
static enum pp_clause check_bytes(const struct pp_heap *heap, uint32_t held,
                                  size_t live) {
  struct tally tally = {.heap = heap};
  pp_heap_visit_arenas(heap, &tally, tally_arena);
  PP_FACT(heap->witness, GEO_01,
          tally.bytes == held * pp_arena_size(heap->profile));
  PP_FACT(heap->witness, GEO_01, tally.live == live);
  return PP_HOLDS;
}

enum pp_clause pp_heap_check(const struct pp_heap *heap) {
  struct pp_witness *witness = heap->witness;
  struct sums sums = {0};
  for (uint32_t i = 0; i < heap->maxarenas; i++) {
    const struct pp_arena *arena = &heap->arenas[i];
    if (arena->address == 0) continue;
    PP_PART(pp_arena_check(heap, arena));
    sum_pools(heap, arena, &sums);
    sums.held++;
    if (arena->nfreepools > 0) sums.usable++;
  }
  PP_PART(check_slots(heap, sums.held));
  PP_PART(check_usable(heap, sums.usable));
  for (uint32_t i = 0; i < heap->profile->class_count; i++) {
    PP_PART(check_ring(heap, i, sums.pools_used, &sums.pools_in_rings));
  }
  PP_FACT(witness, POOL_14, sums.pools_in_rings == sums.pools_used);
  PP_PART(check_bytes(heap, sums.held, sums.live));
  PP_FACT(witness, HEAP_01,
          sums.live + heap->system_blocks == heap->live_blocks);
  struct pp_counts counts;
  pp_heap_count(heap, &counts);
  PP_FACT(witness, HEAP_01, counts.pool_blocks == sums.live);
  if (heap->live_blocks == 0) {
    bool keeps = heap->profile->keeps_rightmost;
    bool had = heap->ntimes_arena_allocated > 0;
    uint32_t kept = keeps && had ? 1 : 0;
    PP_FACT(witness, HEAP_11, sums.held == kept);
  }
  return PP_HOLDS;
}
