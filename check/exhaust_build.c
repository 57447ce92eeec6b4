/* A state made into a heap again: pool headers, free lists, rings, arenas and
 * map are written as the reference would have left them. Names are given out
 * in ascending order, and running totals are the least that are possible
 * (SPEC.md, "What exhaust means by a state"). */
#include "check/exhaust_world.h"

/* Live blocks lie in front, the others are on the free list in order. */
static struct pp_pool *write_pool(struct pp_world *world, uint32_t slot,
                                  struct pp_shape *shape) {
  struct pp_arena *arena = &world->vector[slot];
  struct pp_pool *pool = (struct pp_pool *)arena->pool_address;
  uint32_t size = pp_class_size(world->profile, shape->class_index);
  uint32_t pool_size = (uint32_t)pp_pool_size(world->profile);
  arena->pool_address += pool_size;
  uint8_t *block = (uint8_t *)pool + PP_POOL_HEADER + shape->live * size;
  *pool = (struct pp_pool){
      .count = shape->live,
      .freeblock = shape->live < shape->carved ? block : NULL,
      .arenaindex = slot,
      .szidx = shape->class_index,
      .nextoffset = PP_POOL_HEADER + shape->carved * size,
      .maxnextoffset = pool_size - size,
  };
  for (unsigned i = shape->live; i < shape->carved; i++) {
    pp_link_write(block, i + 1u < shape->carved ? block + size : NULL);
    block += size;
  }
  shape->pool = pool;
  return pool;
}

static void write_full(struct pp_world *world, unsigned place, uint32_t slot,
                       struct pp_state *state) {
  for (uint32_t i = 0; i < world->class_count; i++) {
    uint8_t capacity = (uint8_t)world->capacity[i];
    for (unsigned j = 0; j < state->full[place][i]; j++) {
      struct pp_shape shape = {(uint8_t)place, (uint8_t)i, capacity, capacity,
                               NULL};
      struct pp_pool *pool = write_pool(world, slot, &shape);
      if (j == 0) state->full_pool[place][i] = pool;
      world->heap->live_blocks += capacity;
    }
  }
}

static void write_freepools(struct pp_world *world, uint32_t slot,
                            struct pp_shape_list *list) {
  struct pp_pool **link = &world->vector[slot].freepools;
  for (unsigned i = 0; i < list->count; i++) {
    struct pp_pool *pool = write_pool(world, slot, &list->at[i]);
    *link = pool;
    link = &pool->nextpool;
  }
}

static void begin_arena(struct pp_world *world, const struct pp_state *state,
                        unsigned place, uint32_t slot) {
  struct pp_arena *arena = &world->vector[slot];
  *arena = (struct pp_arena){
      .address = world->base[place],
      .pool_address = world->first_pool[place],
      .nfreepools = (uint32_t)state->fresh[place] + state->free[place].count,
      .ntotalpools = world->pools[place],
  };
  if (world->profile->map != PP_MAP_RADIX) return;
  size_t size = pp_arena_size(world->profile);
  int32_t offset = (int32_t)(world->base[place] & (size - 1));
  pp_map_leaf(world->heap, world->base[place])->tail_hi =
      offset == 0 ? -1 : offset;
  if (offset == 0) return;
  pp_map_leaf(world->heap, world->base[place] + size)->tail_lo = offset;
}

static void write_ring(struct pp_world *world, const uint8_t *slot_of,
                       uint32_t class_index, struct pp_shape_list *list) {
  struct pp_pool *ring = &world->heap->usedpools[class_index];
  struct pp_pool *last = ring;
  for (unsigned i = 0; i < list->count; i++) {
    struct pp_shape *shape = &list->at[i];
    struct pp_pool *pool = write_pool(world, slot_of[shape->place], shape);
    last->nextpool = pool;
    pool->prevpool = last;
    last = pool;
    world->heap->live_blocks += shape->live;
  }
  last->nextpool = ring;
  ring->prevpool = last;
}

static void write_usable(struct pp_world *world, const uint8_t *slot_of,
                         const struct pp_state *state) {
  struct pp_heap *heap = world->heap;
  struct pp_arena *last = NULL;
  for (unsigned i = 0; i < state->usable_count; i++) {
    struct pp_arena *arena = &world->vector[slot_of[state->usable[i]]];
    if (last == NULL) heap->usable_arenas = arena;
    if (last != NULL) last->nextarena = arena;
    arena->prevarena = last;
    heap->nfp2lasta[arena->nfreepools] = arena;
    last = arena;
  }
}

static void write_unused(struct pp_world *world, uint32_t held) {
  struct pp_heap *heap = world->heap;
  if (!world->given.vector) return;
  heap->arenas = world->vector;
  heap->maxarenas = PP_ARENA_SLOTS_FIRST;
  heap->unused_arena_objects = &world->vector[held];
  for (uint32_t i = held; i < PP_ARENA_SLOTS_FIRST; i++) {
    bool last = i + 1 == PP_ARENA_SLOTS_FIRST;
    world->vector[i].nextarena = last ? NULL : &world->vector[i + 1];
  }
}

static void write_map(struct pp_world *world) {
  const struct pp_given *given = &world->given;
  if (given->middle) *world->root_entry = world->middle;
  for (unsigned i = 0; i < given->bottoms; i++) {
    world->middle_entries[i] =
        world->bottoms + ((size_t)i << world->profile->map_bottom_bits);
  }
  world->heap->map.middle_count = given->middle;
  world->heap->map.bottom_count = given->bottoms;
}

void pp_state_build(struct pp_world *world, struct pp_state *state) {
  struct pp_heap *heap = world->heap;
  uint8_t slot_of[PP_EXHAUST_ARENAS_MAX];
  uint8_t held = 0;
  pp_world_load(world, world->blank);
  world->given = state->given;
  write_map(world);
  for (unsigned i = 0; i < world->geometry->arenas; i++) {
    if (!(state->given.places >> i & 1)) continue;
    slot_of[i] = held;
    begin_arena(world, state, i, held++);
  }
  write_unused(world, held);
  for (uint32_t i = 0; i < world->class_count; i++) {
    write_ring(world, slot_of, i, &state->ring[i]);
  }
  for (unsigned i = 0; i < world->geometry->arenas; i++) {
    if (!(state->given.places >> i & 1)) continue;
    write_full(world, i, slot_of[i], state);
    write_freepools(world, slot_of[i], &state->free[i]);
  }
  write_usable(world, slot_of, state);
  heap->narenas_currently_allocated = held;
  heap->arenas_out = held;
  heap->narenas_highwater = held;
  heap->ntimes_arena_allocated = held;
  heap->system_blocks = (size_t)__builtin_popcount(state->given.system);
  heap->live_blocks += heap->system_blocks;
}
