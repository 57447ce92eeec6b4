/* States of the exhaustive search: read off a heap, and packed into the bits
 * of a key and out of them. What is in a state is what decides how the heap
 * goes on; what is not, the names of blocks within a pool and of pools within
 * an arena, decides nothing (SPEC.md, "What exhaust means by a state"). */
#include "check/exhaust_world.h"

/* ---- numbers for pools ---- */

/* The bits in which a number up to `most` fits. */
static unsigned bits_for(unsigned most) {
  unsigned bits = 0;
  while (most >> bits != 0)
    bits++;
  return bits;
}

/* A pool in its ring, by its carved and its live blocks: 2/1, 3/1, 3/2, ... */
static unsigned used_number(const struct pp_shape *shape) {
  unsigned carved = shape->carved;
  return (carved - 1) * (carved - 2) / 2 + shape->live - 1;
}

static void used_shape(unsigned number, struct pp_shape *shape) {
  unsigned carved = 2;
  while (carved * (carved - 1) / 2 <= number)
    carved++;
  shape->carved = (uint8_t)carved;
  shape->live = (uint8_t)(number - (carved - 1) * (carved - 2) / 2 + 1);
}

/* An empty pool, by its class and its carved blocks. */
static unsigned free_number(const struct pp_world *world,
                            const struct pp_shape *shape) {
  return world->first_free[shape->class_index] + shape->carved - 2u;
}

static void free_shape(const struct pp_world *world, unsigned number,
                       struct pp_shape *shape) {
  unsigned class_index = 0;
  while (number >= world->capacity[class_index] - 1) {
    number -= world->capacity[class_index++] - 1;
  }
  shape->class_index = (uint8_t)class_index;
  shape->carved = (uint8_t)(number + 2);
  shape->live = 0;
}

/* ---- reading a heap ---- */

static bool scan_pool(const struct pp_world *world, struct pp_pool *pool,
                      uint8_t place, uint8_t live, struct pp_shape_list *list) {
  uint8_t carved = pp_world_block(world, pool->szidx, pool->nextoffset);
  if (carved == PP_NOWHERE) return false;
  list->at[list->count++] =
      (struct pp_shape){place, (uint8_t)pool->szidx, carved, live, pool};
  return true;
}

static bool scan_arena(const struct pp_world *world,
                       const struct pp_arena *arena, struct pp_state *state) {
  const struct pp_profile *profile = world->profile;
  uint8_t place =
      pp_world_place(world, (void *)pp_pool_ceiling(profile, arena->address));
  if (place == PP_NOWHERE || world->base[place] != arena->address) return false;
  uintptr_t address = world->first_pool[place];
  uintptr_t end =
      address + ((uintptr_t)world->pools[place] << profile->pool_bits);
  state->fresh[place] =
      (uint8_t)((end - arena->pool_address) >> profile->pool_bits);
  for (; address < arena->pool_address; address += pp_pool_size(profile)) {
    struct pp_pool *pool = (struct pp_pool *)address;
    if (pool->szidx >= world->class_count) return false;
    if (pool->count != world->capacity[pool->szidx]) continue;
    if (state->full[place][pool->szidx]++ == 0) {
      state->full_pool[place][pool->szidx] = pool;
    }
  }
  struct pp_shape_list *list = &state->free[place];
  for (struct pp_pool *pool = arena->freepools; pool != NULL;
       pool = pool->nextpool) {
    if (list->count == world->pools[place]) return false;
    if (!scan_pool(world, pool, place, 0, list)) return false;
  }
  return true;
}

static bool scan_ring(const struct pp_world *world, uint32_t class_index,
                      struct pp_shape_list *list) {
  struct pp_pool *ring = &world->heap->usedpools[class_index];
  for (struct pp_pool *pool = ring->nextpool; pool != ring;
       pool = pool->nextpool) {
    if (list->count == PP_WORLD_POOLS_MAX) return false;
    if (!scan_pool(world, pool, pp_world_place(world, pool),
                   (uint8_t)pool->count, list)) {
      return false;
    }
  }
  return true;
}

bool pp_state_scan(const struct pp_world *world, struct pp_state *state) {
  const struct pp_heap *heap = world->heap;
  unsigned arenas = world->geometry->arenas;
  state->given = world->given;
  state->usable_count = 0;
  for (unsigned i = 0; i < arenas; i++) {
    memset(state->full[i], 0, sizeof state->full[i]);
    state->free[i].count = 0;
  }
  for (uint32_t i = 0; i < arenas && i < heap->maxarenas; i++) {
    if (heap->arenas[i].address == 0) continue;
    if (!scan_arena(world, &heap->arenas[i], state)) return false;
  }
  for (uint32_t i = 0; i < world->class_count; i++) {
    state->ring[i].count = 0;
    if (!scan_ring(world, i, &state->ring[i])) return false;
  }
  for (const struct pp_arena *arena = heap->usable_arenas; arena != NULL;
       arena = arena->nextarena) {
    if (state->usable_count == arenas) return false;
    state->usable[state->usable_count++] = pp_world_place(
        world, (void *)pp_pool_ceiling(world->profile, arena->address));
  }
  return true;
}

/* ---- bits ---- */

__extension__ typedef unsigned __int128 key_bits;

struct bits {
  key_bits all;
  unsigned at;
};

static inline void put(struct bits *bits, uint64_t value, unsigned width) {
  bits->all |= (key_bits)value << bits->at;
  bits->at += width;
}

static inline unsigned get(struct bits *bits, unsigned width) {
  unsigned value = (unsigned)(bits->all >> bits->at);
  bits->at += width;
  return value & ((1u << width) - 1);
}

enum { GIVEN_BITS = 4 };

/* The bits of the system's blocks are a count: which they are is a name. */
static unsigned system_bits(const struct pp_world *world) {
  return bits_for(world->geometry->system_blocks);
}

static bool asks_for(const struct pp_world *world, uint32_t class_index) {
  return world->geometry->classes >> class_index & 1;
}

/* What is always there of an arena that is held, and its empty pools. */
static inline void pack_arena(const struct pp_world *world,
                              const struct pp_state *state, unsigned place,
                              struct bits *bits) {
  const struct pp_shape_list *list = &state->free[place];
  uint64_t counts = state->fresh[place];
  unsigned width = world->pools_bits;
  for (uint32_t i = 0; i < world->class_count; i++) {
    if (!asks_for(world, i)) continue;
    counts |= (uint64_t)state->full[place][i] << width;
    width += world->pools_bits;
  }
  put(bits, counts | (uint64_t)list->count << width, width + world->pools_bits);
  for (unsigned i = 0; i < list->count; i++) {
    put(bits, free_number(world, &list->at[i]), world->free_bits);
  }
}

static inline void pack_ring(const struct pp_world *world,
                             const struct pp_shape_list *list,
                             uint32_t class_index, struct bits *bits) {
  unsigned width = world->place_bits + world->used_bits[class_index];
  put(bits, list->count, world->ring_bits);
  for (unsigned i = 0; i < list->count; i++) {
    const struct pp_shape *shape = &list->at[i];
    put(bits, shape->place | used_number(shape) << world->place_bits, width);
  }
}

void pp_state_pack(const struct pp_world *world, const struct pp_state *state,
                   struct pp_key *key) {
  const struct pp_given *given = &state->given;
  struct bits bits = {0, 0};
  unsigned held = given->places;
  put(&bits, given->vector, 1);
  put(&bits, given->middle, 1);
  put(&bits, given->bottoms, 2);
  put(&bits, (unsigned)__builtin_popcount(given->system), system_bits(world));
  put(&bits, held, world->geometry->arenas);
  for (unsigned i = 0; i < world->geometry->arenas; i++) {
    if (held >> i & 1) pack_arena(world, state, i, &bits);
  }
  for (uint32_t i = 0; i < world->class_count; i++) {
    if (asks_for(world, i)) pack_ring(world, &state->ring[i], i, &bits);
  }
  uint64_t usable = state->usable_count;
  unsigned width = world->place_bits + 1;
  for (unsigned i = 0; i < state->usable_count; i++) {
    usable |= (uint64_t)state->usable[i] << width;
    width += world->place_bits;
  }
  put(&bits, usable, width);
  key->word[0] = (uint64_t)bits.all;
  key->word[1] = (uint64_t)(bits.all >> 64);
}

static void unpack_arena(const struct pp_world *world, struct bits *bits,
                         unsigned place, struct pp_state *state) {
  struct pp_shape_list *list = &state->free[place];
  state->fresh[place] = (uint8_t)get(bits, world->pools_bits);
  for (uint32_t i = 0; i < world->class_count; i++) {
    if (!asks_for(world, i)) continue;
    state->full[place][i] = (uint8_t)get(bits, world->pools_bits);
  }
  list->count = get(bits, world->pools_bits);
  for (unsigned i = 0; i < list->count; i++) {
    list->at[i].place = (uint8_t)place;
    free_shape(world, get(bits, world->free_bits), &list->at[i]);
  }
}

void pp_state_unpack(const struct pp_world *world, const struct pp_key *key,
                     struct pp_state *state) {
  struct bits bits = {(key_bits)key->word[1] << 64 | key->word[0], 0};
  struct pp_given *given = &state->given;
  memset(state->full, 0, sizeof state->full);
  given->vector = get(&bits, 1);
  given->middle = get(&bits, 1);
  given->bottoms = (uint8_t)get(&bits, 2);
  given->system = (uint8_t)((1u << get(&bits, system_bits(world))) - 1);
  given->places = (uint8_t)get(&bits, world->geometry->arenas);
  for (unsigned i = 0; i < world->geometry->arenas; i++) {
    state->free[i].count = 0;
    if (given->places >> i & 1) unpack_arena(world, &bits, i, state);
  }
  for (uint32_t i = 0; i < world->class_count; i++) {
    struct pp_shape_list *list = &state->ring[i];
    list->count = asks_for(world, i) ? get(&bits, world->ring_bits) : 0;
    for (unsigned j = 0; j < list->count; j++) {
      struct pp_shape *shape = &list->at[j];
      shape->place = (uint8_t)get(&bits, world->place_bits);
      shape->class_index = (uint8_t)i;
      used_shape(get(&bits, world->used_bits[i]), shape);
    }
  }
  state->usable_count = get(&bits, world->place_bits + 1);
  for (unsigned i = 0; i < PP_EXHAUST_ARENAS_MAX; i++) {
    if (i == state->usable_count) break;
    state->usable[i] = (uint8_t)get(&bits, world->place_bits);
  }
}

unsigned pp_state_bits(struct pp_world *world) {
  const struct pp_exhaust_geometry *geometry = world->geometry;
  unsigned pools = 0, most = 0, empty = 0, widest = 0, classes = 0;
  if (world->class_count > PP_CLASS_MAX / 8) return UINT32_MAX;
  for (unsigned i = 0; i < geometry->arenas; i++) {
    pools += world->pools[i];
    if (world->pools[i] > most) most = world->pools[i];
  }
  for (uint32_t i = 0; i < world->class_count; i++) {
    unsigned capacity = pp_class_capacity(world->profile, i);
    world->capacity[i] = capacity;
    world->used_bits[i] = bits_for(capacity * (capacity - 1) / 2 - 1);
    world->first_free[i] = empty;
    empty += capacity - 1;
    if (!asks_for(world, i)) continue;
    classes++;
    if (world->used_bits[i] > widest) widest = world->used_bits[i];
  }
  world->place_bits = bits_for(geometry->arenas - 1);
  world->pools_bits = bits_for(most);
  world->ring_bits = bits_for(pools);
  world->free_bits = bits_for(empty - 1);
  unsigned pool_bits = world->place_bits + widest;
  if (pool_bits < world->free_bits) pool_bits = world->free_bits;
  if (pools > PP_WORLD_POOLS_MAX) return UINT32_MAX;
  return GIVEN_BITS + system_bits(world) +
         geometry->arenas * (1 + (2 + classes) * world->pools_bits) +
         classes * world->ring_bits + pools * pool_bits + 1 +
         (geometry->arenas + 1) * world->place_bits;
}
