/* Lock-step in the exhaustive search (SPEC.md, HEAP-12 to HEAP-14): another
 * build of the reference and our own perform the same operation on the same
 * heap. Answers, calls of the sources and what the heap is then must agree,
 * to the address: here even the places are the same. */
#include <inttypes.h>
#include <stdio.h>

#include "check/exhaust_world.h"

/* ---- a heap as a list of numbers ---- */

enum { NUMBERS_MAX = 1024 };

struct outline {
  unsigned count;
  uint64_t at[NUMBERS_MAX];
};

static void say(struct outline *outline, uint64_t number) {
  if (outline->count < NUMBERS_MAX) outline->at[outline->count++] = number;
}

/* A wild link is a number as good as any. */
static void say_link(struct outline *outline, const void *address) {
  say(outline, (uintptr_t)address);
}

static bool is_pool(const struct pp_world *world, const struct pp_pool *pool) {
  if ((const uint8_t *)pool < world->low) return false;
  if ((const uint8_t *)pool >= world->system) return false;
  return pp_pool_of(world->profile, pool) == pool;
}

static bool is_slot(const struct pp_world *world,
                    const struct pp_arena *arena) {
  uintptr_t distance = (uintptr_t)arena - (uintptr_t)world->vector;
  if (distance % sizeof *arena != 0) return false;
  return distance / sizeof *arena < PP_ARENA_SLOTS_FIRST;
}

static void say_pool(const struct pp_world *world, const struct pp_pool *pool,
                     struct outline *outline) {
  const uint8_t *block = pool->freeblock;
  say(outline, pool->count);
  say(outline, pool->szidx);
  say(outline, pool->nextoffset);
  say(outline, pool->arenaindex);
  for (unsigned i = 0; i < 32 && block != NULL; i++) {
    say_link(outline, block);
    if (pp_pool_of(world->profile, block) != pool) break;
    block = pp_link_read(block);
  }
  say_link(outline, NULL);
}

static void say_pools(const struct pp_world *world, const struct pp_pool *pool,
                      const struct pp_pool *end, struct outline *outline) {
  for (unsigned i = 0; i < PP_WORLD_POOLS_MAX && pool != end; i++) {
    say_link(outline, pool);
    if (!is_pool(world, pool)) break;
    pool = pool->nextpool;
  }
  say_link(outline, NULL);
}

static void say_arena(const struct pp_world *world,
                      const struct pp_arena *arena, struct outline *outline) {
  size_t size = pp_pool_size(world->profile);
  uintptr_t pool = pp_pool_ceiling(world->profile, arena->address);
  say(outline, arena->address);
  if (arena->address == 0) return;
  say(outline, arena->pool_address);
  say(outline, arena->nfreepools);
  for (; pool < arena->pool_address; pool += size) {
    if (!is_pool(world, (struct pp_pool *)pool)) break;
    say_pool(world, (struct pp_pool *)pool, outline);
  }
  say_pools(world, arena->freepools, NULL, outline);
}

static void say_arenas(const struct pp_world *world,
                       const struct pp_arena *arena, struct outline *outline) {
  for (unsigned i = 0; i <= PP_ARENA_SLOTS_FIRST && arena != NULL; i++) {
    say_link(outline, arena);
    if (!is_slot(world, arena)) break;
    arena = arena->nextarena;
  }
  say_link(outline, NULL);
}

/* All that decides how the heap goes on, names included. */
static void take_outline(const struct pp_world *world, bool table,
                         struct outline *outline) {
  const struct pp_heap *heap = world->heap;
  outline->count = 0;
  for (unsigned i = 0; i < PP_ARENA_SLOTS_FIRST && heap->arenas != NULL; i++) {
    say_arena(world, &world->vector[i], outline);
  }
  for (uint32_t i = 0; i < world->class_count; i++) {
    const struct pp_pool *ring = &heap->usedpools[i];
    say_pools(world, ring->nextpool, ring, outline);
  }
  say_arenas(world, heap->usable_arenas, outline);
  say_arenas(world, heap->unused_arena_objects, outline);
  for (unsigned i = 0; table && i <= PP_ARENA_POOLS_MAX; i++) {
    say_link(outline, heap->nfp2lasta[i]);
  }
  say(outline, heap->narenas_currently_allocated);
  say(outline, heap->system_blocks);
  say(outline, heap->live_blocks);
  say(outline, world->given.places);
  say(outline, world->given.system);
}

static bool same_outline(struct pp_world *world, struct pp_image other,
                         bool table) {
  static struct outline here, there;
  struct pp_image now = pp_image_open(world);
  take_outline(world, table, &here);
  pp_world_save(world, now);
  pp_world_load(world, other);
  take_outline(world, table, &there);
  pp_world_load(world, now);
  pp_image_close(world, now);
  return here.count == there.count &&
         memcmp(here.at, there.at, here.count * sizeof here.at[0]) == 0;
}

/* ---- one move, twice ---- */

static bool is_arena_call(const struct pp_world_call *call) {
  return call->kind == PP_CALL_ARENA || call->kind == PP_CALL_ARENA_FREE;
}

/* The calls of arenas alone, or those of the system alone. */
static bool same_calls(const struct pp_world *world,
                       const struct pp_exhaust_twin *twin, bool arenas) {
  unsigned i = 0, j = 0;
  for (;;) {
    while (i < twin->call_count && is_arena_call(&twin->calls[i]) != arenas)
      i++;
    while (j < world->call_count && is_arena_call(&world->calls[j]) != arenas)
      j++;
    if (i == twin->call_count || j == world->call_count) break;
    const struct pp_world_call *left = &twin->calls[i++];
    const struct pp_world_call *right = &world->calls[j++];
    if (left->kind != right->kind || left->size != right->size) return false;
    if (left->refused != right->refused) return false;
    if (left->address != right->address) return false;
  }
  return i == twin->call_count && j == world->call_count;
}

struct description {
  char text[64];
};

static struct description describe(const struct pp_world *world,
                                   const uint8_t *answer) {
  struct description it;
  uint8_t place = pp_world_place(world, answer);
  if (answer == NULL) {
    snprintf(it.text, sizeof it.text, "null");
  } else if (place == PP_NOWHERE) {
    snprintf(it.text, sizeof it.text, "a block from the system");
  } else {
    snprintf(it.text, sizeof it.text, "arena %u + 0x%zx", place,
             (size_t)((uintptr_t)answer - world->base[place]));
  }
  return it;
}

bool pp_twin_compare(struct pp_world *world, struct pp_exhaust_twin *twin,
                     struct pp_image before, const struct pp_move *move,
                     uint8_t *answer) {
  unsigned refused = world->refused & ~world->forced;
  pp_world_save(world, twin->after);
  twin->call_count = world->call_count;
  memcpy(twin->calls, world->calls, sizeof twin->calls);
  pp_world_load(world, before);
  uint8_t *ours = pp_move_perform(world, &pp_reference_none, move, refused);
  PP_WORLD_FACT(world, HEAP_12, answer == ours,
                "placed at %s; the reference: %s", describe(world, answer).text,
                describe(world, ours).text);
  PP_WORLD_FACT(world, HEAP_13, same_calls(world, twin, true),
                "the arena source is called otherwise than by the reference");
  PP_WORLD_FACT(world, HEAP_14, same_calls(world, twin, false),
                "the system is called otherwise than by the reference");
  bool same = pp_world_is(world, twin->after);
  PP_WORLD_FACT(world, HEAP_12, same || same_outline(world, twin->after, false),
                "the heap is in another state than the reference's");
  if (!world->profile->rightmost_table) return true;
  return same || same_outline(world, twin->after, true);
}

/* ---- a walk ---- */

static bool same_header(const struct pp_pool *left,
                        const struct pp_pool *right) {
  if (left->count != right->count) return false;
  if (left->count == 0) return true;
  return left->szidx == right->szidx && left->freeblock == right->freeblock &&
         left->nextoffset == right->nextoffset;
}

bool pp_twin_walk_differs(struct pp_world *world, struct pp_image left,
                          struct pp_image right) {
  pp_world_load(world, right);
  for (unsigned i = 0; i < world->geometry->arenas; i++) {
    if (!(world->given.places >> i & 1)) continue;
    for (unsigned j = 0; j < PP_ARENA_SLOTS_FIRST; j++) {
      const struct pp_arena *arena = &world->vector[j];
      if (arena->address != world->base[i]) continue;
      uintptr_t pool = world->first_pool[i];
      for (; pool < arena->pool_address; pool += pp_pool_size(world->profile)) {
        struct pp_pool was, is;
        memcpy(&is, (void *)pool, sizeof is);
        memcpy(&was, pp_image_at(world, left, (void *)pool), sizeof was);
        if (!same_header(&was, &is)) return true;
      }
    }
  }
  return false;
}
