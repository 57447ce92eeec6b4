/* Looking into a heap without touching it: where a block lies, what an arena
 * and a pool hold, and the running counts (SPEC.md, GEO and HEAP). */
#include "reference/alloc/heap.h"

bool pp_heap_locate(const struct pp_heap *heap, const void *block,
                    struct pp_place *place) {
  const struct pp_profile *profile = heap->profile;
  if (!pp_map_holds(heap, block)) return false;
  const struct pp_pool *pool = pp_pool_of(profile, block);
  PP_ENSURE(heap->witness, POOL_16, pool->arenaindex < heap->maxarenas);
  const struct pp_arena *arena = &heap->arenas[pool->arenaindex];
  place->arena = arena->address;
  place->arena_slot = pool->arenaindex;
  place->arena_offset = (uint32_t)((uintptr_t)block - arena->address);
  place->pool = (uintptr_t)pool;
  place->pool_offset = (uint32_t)((uintptr_t)block - (uintptr_t)pool);
  place->class_index = pool->szidx;
  place->block_size = pp_class_size(profile, pool->szidx);
  PP_ENSURE(heap->witness, BLOCK_02, place->pool_offset >= PP_POOL_HEADER);
  PP_ENSURE(heap->witness, GEO_03, place->pool_offset < pp_pool_size(profile));
  return true;
}

void pp_heap_count(const struct pp_heap *heap, struct pp_counts *counts) {
  counts->arenas = heap->narenas_currently_allocated;
  counts->arenas_total = heap->ntimes_arena_allocated;
  counts->arenas_highwater = heap->narenas_highwater;
  counts->pool_blocks = heap->live_blocks - heap->system_blocks;
  counts->system_blocks = heap->system_blocks;
  counts->arena_slots = heap->maxarenas;
  PP_ENSURE(heap->witness, ARENA_20,
            counts->arenas <= counts->arenas_highwater);
  PP_ENSURE(heap->witness, HEAP_01, heap->system_blocks <= heap->live_blocks);
}

void pp_heap_visit_arenas(const struct pp_heap *heap, void *ctx,
                          bool (*visit)(void *ctx,
                                        const struct pp_arena_info *arena)) {
  for (uint32_t i = 0; i < heap->maxarenas; i++) {
    const struct pp_arena *arena = &heap->arenas[i];
    if (arena->address == 0) continue;
    struct pp_arena_info info = {
        .base = arena->address,
        .slot = i,
        .free_pools = arena->nfreepools,
        .total_pools = arena->ntotalpools,
        .first_pool = pp_pool_ceiling(heap->profile, arena->address),
        .next_pool = arena->pool_address,
        .usable = arena->nfreepools > 0,
    };
    PP_ENSURE(heap->witness, ARENA_02, info.free_pools <= info.total_pools);
    if (!visit(ctx, &info)) return;
  }
}

void pp_heap_visit_pools(const struct pp_heap *heap, uint32_t arena_slot,
                         void *ctx,
                         bool (*visit)(void *ctx,
                                       const struct pp_pool_info *pool)) {
  const struct pp_profile *profile = heap->profile;
  PP_REQUIRE(heap->witness, POOL_16, arena_slot < heap->maxarenas);
  const struct pp_arena *arena = &heap->arenas[arena_slot];
  PP_REQUIRE(heap->witness, ARENA_16, arena->address != 0);
  uintptr_t address = pp_pool_ceiling(profile, arena->address);
  for (; address < arena->pool_address; address += pp_pool_size(profile)) {
    const struct pp_pool *pool = (const struct pp_pool *)address;
    struct pp_pool_info info = {.base = address, .arena_slot = arena_slot};
    info.class_index = pool->szidx;
    if (pool->szidx < profile->class_count) {
      info.capacity = pp_class_capacity(profile, pool->szidx);
      info.count = pool->count;
      info.next_offset = pool->nextoffset;
      PP_ENSURE(heap->witness, POOL_17, info.count <= info.capacity);
    }
    if (!visit(ctx, &info)) return;
  }
}

/* Blocks of a pool fit one bit each: no pool has more than this many. */
enum { BLOCKS_MAX = 2048, BITS = 64 };

void pp_heap_visit_blocks(const struct pp_heap *heap, uintptr_t address,
                          void *ctx,
                          bool (*visit)(void *ctx, uintptr_t block,
                                        bool live)) {
  const struct pp_profile *profile = heap->profile;
  const struct pp_pool *pool = (const struct pp_pool *)address;
  PP_REQUIRE(heap->witness, GEO_03, pp_pool_of(profile, pool) == pool);
  if (pool->szidx >= profile->class_count) return;
  uint32_t block_size = pp_class_size(profile, pool->szidx);
  uint32_t capacity = pp_class_capacity(profile, pool->szidx);
  uint64_t free_bits[BLOCKS_MAX / BITS];
  PP_ENSURE(heap->witness, SC_04, capacity <= BLOCKS_MAX);
  memset(free_bits, 0, (capacity + BITS - 1) / BITS * sizeof free_bits[0]);
  for (const uint8_t *block = pool->freeblock; block != NULL;
       block = pp_link_read(block)) {
    uint32_t index =
        (uint32_t)((uintptr_t)block - address - PP_POOL_HEADER) / block_size;
    PP_ENSURE(heap->witness, BLOCK_06, index < capacity);
    free_bits[index / BITS] |= (uint64_t)1 << index % BITS;
  }
  uint32_t offset = PP_POOL_HEADER;
  for (uint32_t index = 0; offset < pool->nextoffset; index++) {
    bool live = (free_bits[index / BITS] >> index % BITS & 1) == 0;
    if (!visit(ctx, address + offset, live)) return;
    offset += block_size;
  }
}
