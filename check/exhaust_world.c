/* The world of the exhaustive search: memory at addresses of ours, copied to
 * and fro as an image, and the two sources beneath the heap. Each request to a
 * source is one choice, granted or refused (SPEC.md, "What exhaust means by a
 * state"). */
#include "check/exhaust_world.h"

#include <stdarg.h>
#include <stdio.h>

#include "check/pages.h"

/* The address space in which the boundary between two nodes is found. */
#define REGION ((size_t)1 << 25)

enum { KEY_BITS = 128, CONTENTS_MAX = (PP_WORLD_CHUNKS - 20) * PP_CHUNK };

static struct pp_world_call *note(struct pp_world *world,
                                  enum pp_world_call_kind kind, size_t size,
                                  const void *address) {
  static struct pp_world_call beyond;
  struct pp_world_call *call = &beyond;
  if (world->call_count < PP_WORLD_CALLS_MAX) {
    call = &world->calls[world->call_count++];
  }
  *call = (struct pp_world_call){kind, false, size, address};
  return call;
}

/* One choice. */
static bool grants(struct pp_world *world, struct pp_world_call *call,
                   bool possible) {
  unsigned bit = 1u << (world->asked & 31u);
  world->asked++;
  if (!possible) world->forced |= bit;
  call->refused = !possible || (world->wanted & bit) != 0;
  if (call->refused) world->refused |= bit;
  return !call->refused;
}

/* ---- arenas ---- */

static void *arena_alloc(void *ctx, size_t size) {
  struct pp_world *world = ctx;
  struct pp_world_call *call = note(world, PP_CALL_ARENA, size, NULL);
  PP_WORLD_FACT(world, ARENA_22, size == pp_arena_size(world->profile),
                "an arena of %zu bytes is asked for", size);
  unsigned place = 0;
  while (world->given.places >> place & 1)
    place++;
  if (!grants(world, call, place < world->geometry->arenas)) return NULL;
  world->given.places = (uint8_t)(world->given.places | 1u << place);
  call->address = (const void *)world->base[place];
  return (void *)world->base[place];
}

static void arena_free(void *ctx, void *base, size_t size) {
  struct pp_world *world = ctx;
  note(world, PP_CALL_ARENA_FREE, size, base);
  for (unsigned place = 0; place < world->geometry->arenas; place++) {
    if (world->base[place] != (uintptr_t)base) continue;
    PP_WORLD_FACT(world, ARENA_22, world->given.places >> place & 1,
                  "an arena is released that is not held");
    PP_WORLD_FACT(world, ARENA_22, size == pp_arena_size(world->profile),
                  "an arena is released with %zu bytes", size);
    world->given.places = (uint8_t)(world->given.places & ~(1u << place));
    return;
  }
  pp_world_broken(world, PP_ARENA_22, "what is released is no arena");
}

/* ---- the system ---- */

static uint8_t *system_block(const struct pp_world *world, unsigned slot) {
  return world->system + (size_t)slot * PP_SYSTEM_SLOT + PP_SYSTEM_OFFSET;
}

static void *system_malloc(void *ctx, size_t size) {
  struct pp_world *world = ctx;
  struct pp_world_call *call = note(world, PP_CALL_SYSTEM, size, NULL);
  unsigned slot = 0;
  while (world->given.system >> slot & 1)
    slot++;
  bool fits = size <= PP_SYSTEM_SLOT - PP_SYSTEM_OFFSET;
  if (!grants(world, call, fits && slot < world->geometry->system_blocks)) {
    return NULL;
  }
  world->given.system = (uint8_t)(world->given.system | 1u << slot);
  call->address = system_block(world, slot);
  return system_block(world, slot);
}

static void *node_alloc(struct pp_world *world, size_t size) {
  struct pp_world_call *call = note(world, PP_CALL_NODE, size, NULL);
  bool middle = !world->given.middle;
  if (!grants(world, call, middle || world->given.bottoms < 2)) return NULL;
  void *node =
      middle
          ? (void *)world->middle
          : (void *)((uint8_t *)world->bottoms + world->given.bottoms * size);
  if (!middle) world->given.bottoms++;
  world->given.middle = true;
  call->address = node;
  return node;
}

static void *system_calloc(void *ctx, size_t count, size_t size) {
  struct pp_world *world = ctx;
  const struct pp_profile *profile = world->profile;
  size_t bytes = count * size;
  if (profile->map == PP_MAP_RADIX &&
      bytes == sizeof(void *) << profile->map_middle_bits) {
    return node_alloc(world, bytes);
  }
  void *block = system_malloc(world, bytes);
  if (block != NULL) memset(block, 0, bytes);
  return block;
}

static bool is_live_block(const struct pp_world *world, const void *block) {
  for (unsigned slot = 0; slot < world->geometry->system_blocks; slot++) {
    if (block != system_block(world, slot)) continue;
    return world->given.system >> slot & 1;
  }
  return false;
}

static void *system_realloc(void *ctx, void *block, size_t size) {
  struct pp_world *world = ctx;
  if (block == NULL) {
    size_t first = PP_ARENA_SLOTS_FIRST * sizeof(struct pp_arena);
    struct pp_world_call *call = note(world, PP_CALL_VECTOR, size, NULL);
    PP_WORLD_FACT(world, ARENA_14, size == first,
                  "the first vector of arenas has %zu bytes", size);
    if (!grants(world, call, !world->given.vector)) return NULL;
    world->given.vector = true;
    call->address = world->vector;
    return world->vector;
  }
  struct pp_world_call *call = note(world, PP_CALL_RESIZE, size, block);
  PP_WORLD_FACT(world, REALLOC_02, is_live_block(world, block),
                "the system is to resize what is not its block");
  bool fits = size <= PP_SYSTEM_SLOT - PP_SYSTEM_OFFSET;
  return grants(world, call, fits) ? block : NULL;
}

/* A node of the map, which the heap takes for itself. */
static bool take_back_node(struct pp_world *world, const void *block) {
  struct pp_given *given = &world->given;
  if (world->profile->map != PP_MAP_RADIX) return false;
  size_t bottom = sizeof(struct pp_leaf) << world->profile->map_bottom_bits;
  size_t offset = (uintptr_t)block - (uintptr_t)world->bottoms;
  bool middle = block == world->middle && given->middle;
  bool lower = offset % bottom == 0 && offset / bottom < 2;
  if (!middle && !lower) return false;
  PP_WORLD_FACT(world, MAP_06, world->ending,
                "a node of the map is freed, and the heap goes on");
  if (middle) given->middle = false;
  if (lower && given->bottoms > 0) given->bottoms--;
  return true;
}

static void system_free(void *ctx, void *block) {
  struct pp_world *world = ctx;
  note(world, PP_CALL_SYSTEM_FREE, 0, block);
  if (block == world->vector && world->given.vector) {
    world->given.vector = false;
    return;
  }
  if (take_back_node(world, block)) return;
  PP_WORLD_FACT(world, HEAP_10, is_live_block(world, block),
                "the system is to free what is not its block");
  size_t slot = (size_t)((uint8_t *)block - world->system) / PP_SYSTEM_SLOT;
  world->given.system = (uint8_t)(world->given.system & ~(1u << slot));
}

/* ---- what is broken ---- */

void pp_world_broken(struct pp_world *world, enum pp_clause clause,
                     const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(world->finding.what, sizeof world->finding.what, format, arguments);
  va_end(arguments);
  world->finding.clause = clause;
  longjmp(world->stop, 1);
}

static void reference_broken(struct pp_witness *witness, enum pp_clause clause,
                             const char *where) {
  const char *file = strrchr(where, '/');
  pp_world_broken((struct pp_world *)witness, clause, "%s",
                  file == NULL ? where : file + 1);
}

/* ---- the layout ---- */

/* Where one bottom node of the map ends and the next begins, and no middle
 * node does. Without a map, any boundary is as good. */
static uintptr_t find_boundary(const struct pp_profile *profile,
                               uintptr_t region) {
  enum { ANY_BITS = 20 };
  uintptr_t node = (uintptr_t)1 << ANY_BITS;
  uintptr_t above = 0;
  if (profile->map == PP_MAP_RADIX) {
    node = pp_arena_size(profile) << profile->map_bottom_bits;
    above = node << profile->map_middle_bits;
  }
  uintptr_t boundary = (region + 2 * node - 1) & ~(node - 1);
  if (above != 0 && boundary % above == 0) boundary += node;
  return boundary;
}

static bool lay_out(struct pp_world *world) {
  const struct pp_exhaust_geometry *geometry = world->geometry;
  const struct pp_profile *profile = world->profile;
  size_t size = pp_arena_size(profile);
  size_t pool = pp_pool_size(profile);
  uintptr_t end = 0;
  world->region = pp_pages(REGION);
  uintptr_t boundary = find_boundary(profile, (uintptr_t)world->region);
  world->low = (uint8_t *)(boundary - 3 * size);
  memset(world->place_of_unit, PP_NOWHERE, sizeof world->place_of_unit);
  for (unsigned i = 0; i < geometry->arenas; i++) {
    uintptr_t base = (uintptr_t)world->low + i * size + geometry->skews[i];
    world->base[i] = base;
    world->first_pool[i] = pp_pool_ceiling(profile, base);
    world->pools[i] = (uint8_t)pp_arena_pools(profile, base);
    end = base + size;
    for (unsigned j = 0; j < world->pools[i]; j++) {
      size_t unit =
          (world->first_pool[i] + j * pool - (uintptr_t)world->low) / pool;
      if (unit >= sizeof world->place_of_unit) return false;
      world->place_of_unit[unit] = (uint8_t)i;
    }
  }
  uintptr_t mask = PP_SYSTEM_SLOT - 1;
  world->system = (uint8_t *)((end + mask) & ~mask);
  world->high =
      world->system + (size_t)geometry->system_blocks * PP_SYSTEM_SLOT;
  if (pool > PP_WORLD_POOL_MAX) return false;
  return world->high - world->low <= CONTENTS_MAX;
}

/* Each word holds its address, scrambled: whatever is written over it shows.
 * What lies where a pool of a block of the system would have its header claims
 * to belong to the first slot. */
static void fill(struct pp_world *world) {
  for (uint8_t *at = world->low; at < world->high; at += sizeof(uint64_t)) {
    uint64_t word = (uintptr_t)at * UINT64_C(0x9e3779b97f4a7c15);
    memcpy(at, &word, sizeof word);
  }
  for (unsigned i = 0; i < world->geometry->system_blocks; i++) {
    struct pp_pool *presumed =
        pp_pool_of(world->profile, system_block(world, i));
    presumed->arenaindex = 0;
  }
}

static void count_blocks(struct pp_world *world) {
  for (uint32_t i = 0; i < world->class_count; i++) {
    uint32_t size = pp_class_size(world->profile, i);
    for (uint32_t offset = 0; offset <= PP_WORLD_POOL_MAX; offset += 8) {
      uint32_t before = (offset - PP_POOL_HEADER) / size;
      world->blocks_before[i][offset / 8] =
          offset < PP_POOL_HEADER ? PP_NOWHERE : (uint8_t)before;
    }
  }
}

static void make_nodes(struct pp_world *world) {
  const struct pp_profile *profile = world->profile;
  uintptr_t node =
      (uintptr_t)world->low >> (profile->arena_bits + profile->map_bottom_bits);
  uintptr_t branch = node >> profile->map_middle_bits;
  uintptr_t nodes = ((uintptr_t)1 << profile->map_middle_bits) - 1;
  uintptr_t branches = ((uintptr_t)1 << profile->map_top_bits) - 1;
  world->middle = pp_pages(sizeof(void *) << profile->map_middle_bits);
  world->bottoms =
      pp_pages(2 * sizeof(struct pp_leaf) << profile->map_bottom_bits);
  world->root_entry = &world->heap->map.root[branch & branches];
  world->middle_entries = &world->middle[node & nodes];
}

bool pp_world_open(struct pp_world *world,
                   const struct pp_exhaust_geometry *geometry, char *why,
                   size_t why_size) {
  memset(world, 0, sizeof *world);
  world->geometry = geometry;
  world->profile = geometry->profile;
  world->class_count = geometry->profile->class_count;
  world->witness.broken = reference_broken;
  world->arena_source =
      (struct pp_arena_source){world, arena_alloc, arena_free};
  world->system_source = (struct pp_system_source){
      world, system_malloc, system_calloc, system_realloc, system_free};
  if (!lay_out(world) || pp_state_bits(world) > KEY_BITS) {
    snprintf(why, why_size, "a state of this geometry takes more than %d bits",
             KEY_BITS);
    return false;
  }
  const struct pp_reference *reference = &pp_reference_none;
  world->heap = reference->create(
      pp_pages(reference->heap_size(world->profile)), world->profile,
      &world->arena_source, &world->system_source, &world->witness);
  world->vector = pp_pages(PP_ARENA_SLOTS_FIRST * sizeof *world->vector);
  if (world->profile->map == PP_MAP_RADIX) make_nodes(world);
  fill(world);
  count_blocks(world);
  pp_image_lay(world);
  pp_moves_open(world);
  world->blank = pp_image_open(world);
  pp_world_save(world, world->blank);
  return true;
}

void pp_world_close(struct pp_world *world) {
  const struct pp_profile *profile = world->profile;
  size_t nodes = sizeof(void *) << profile->map_middle_bits;
  if (world->blank.bytes != NULL) pp_image_close(world, world->blank);
  if (world->middle != NULL) {
    pp_pages_free(world->middle, nodes);
    pp_pages_free(world->bottoms, 2 * sizeof(struct pp_leaf)
                                      << profile->map_bottom_bits);
  }
  pp_pages_free(world->heap, pp_reference_none.heap_size(profile));
  pp_pages_free(world->vector, PP_ARENA_SLOTS_FIRST * sizeof *world->vector);
  pp_pages_free(world->region, REGION);
}
