/* The heap that is written from a key of the exhaustive search goes on like the
 * one that the key was read off: on walks, the one beside the other. */
#include <string.h>

#include "proptests/searched.h"

/* ---- geometries of our own ---- */

/* Levels of the map that differ, and leaves that arenas own whole. */
static const struct pp_profile uneven = {.name = "tiny",
                                         .id = PP_PROFILE_TINY,
                                         .alignment_shift = 4,
                                         .class_count = 2,
                                         .pool_bits = 7,
                                         .arena_bits = 9,
                                         .map = PP_MAP_RADIX,
                                         .map_top_bits = 15,
                                         .map_middle_bits = 12,
                                         .map_bottom_bits = 12,
                                         .rightmost_table = true,
                                         .keeps_rightmost = true};

/* As many pools as there may be; of the second class, two blocks in each. */
static const struct pp_profile many_pools = {.name = "small",
                                             .id = PP_PROFILE_SMALL,
                                             .alignment_shift = 4,
                                             .class_count = 2,
                                             .pool_bits = 7,
                                             .arena_bits = 12,
                                             .map = PP_MAP_ARENA_INDEX};

static const struct pp_exhaust_geometry own[] = {
    {"uneven, 3 whole arenas", &uneven, 1, 3, 1, {0}},
    {"uneven, 3 arenas", &uneven, 1, 3, 1, {32, 160, 288}},
    {"many pools", &many_pools, 2, 1, 1, {0}},
};

static struct pp_exhaust_geometry geometry_of(const char *name) {
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
    if (strcmp(own[i].name, name) == 0) return own[i];
  return pp_searched_geometry(name, 0);
}

/* ---- the same heap from its key ---- */

/* A walk over one heap; beside it, in another world, the heap that is built
 * from its key. */
struct walk {
  struct pp_world here, there;
  uint64_t random;
  unsigned arenas, bottoms, system, empty; /* most that were met */
};

static unsigned next(struct walk *walk, unsigned most) {
  walk->random = walk->random * UINT64_C(6364136223846793005) + 1;
  return (unsigned)(walk->random >> 33) % most;
}

static void note_most(struct walk *walk) {
  const struct pp_given *given = &walk->here.given;
  unsigned arenas = (unsigned)__builtin_popcount(given->places);
  unsigned system = (unsigned)__builtin_popcount(given->system);
  unsigned empty = 0;
  for (unsigned i = 0; i < PP_ARENA_SLOTS_FIRST && given->vector; i++) {
    const struct pp_arena *arena = &walk->here.vector[i];
    if (arena->address == 0) continue;
    for (struct pp_pool *pool = arena->freepools; pool; pool = pool->nextpool)
      empty++;
  }
  if (arenas > walk->arenas) walk->arenas = arenas;
  if (system > walk->system) walk->system = system;
  if (empty > walk->empty) walk->empty = empty;
  if (given->bottoms > walk->bottoms) walk->bottoms = given->bottoms;
}

/* Their totals; what the lists and the map hold, pp_reference_heap.check has
 * seen. */
static void same_accounts(const struct pp_heap *here,
                          const struct pp_heap *there) {
  cr_assert_eq(there->live_blocks, here->live_blocks);
  cr_assert_eq(there->system_blocks, here->system_blocks);
  cr_assert_eq(there->arenas_out, here->arenas_out);
  cr_assert_eq(there->narenas_currently_allocated,
               here->narenas_currently_allocated);
  cr_assert_eq(there->narenas_highwater, there->arenas_out);
  cr_assert_eq(there->ntimes_arena_allocated, there->arenas_out);
  cr_assert_eq(there->maxarenas, here->maxarenas);
  cr_assert_eq(there->map.middle_count, here->map.middle_count);
  cr_assert_eq(there->map.bottom_count, here->map.bottom_count);
}

/* What no pool was carved from is as it was before the first. */
static void same_untouched(const struct pp_world *there) {
  for (unsigned i = 0; i < there->geometry->arenas; i++) {
    for (unsigned j = 0; j < there->pools[i]; j++) {
      uintptr_t at = there->first_pool[i] + j * pp_pool_size(there->profile);
      const struct pp_pool *pool = (const struct pp_pool *)at;
      const uint8_t *was = pp_image_at(there, there->blank, pool);
      size_t from = 0, end = pp_pool_size(there->profile);
      if (memcmp(was, pool, PP_POOL_HEADER) != 0) from = pool->nextoffset;
      cr_assert_eq(memcmp(was + from, (const uint8_t *)pool + from, end - from),
                   0);
    }
  }
}

static void same_map(const struct pp_world *here,
                     const struct pp_world *there) {
  for (unsigned i = 0; i < here->given.bottoms; i++) {
    const uint8_t *left = here->middle_entries[i];
    const uint8_t *right = there->middle_entries[i];
    cr_assert_eq(right - (const uint8_t *)there->bottoms,
                 left - (const uint8_t *)here->bottoms);
  }
}

static void build_there(struct walk *walk, struct pp_state *built) {
  char was[PP_STATE_TEXT], is[PP_STATE_TEXT];
  struct pp_state state;
  cr_assert(pp_state_scan(&walk->here, &state));
  pp_state_text(&walk->here, &state, was);
  struct pp_key key = pp_world_key(&walk->here);
  memset(built, 0xff, sizeof *built);
  pp_state_unpack(&walk->there, &key, built);
  pp_state_text(&walk->there, built, is);
  cr_assert_str_eq(is, was);
  pp_state_build(&walk->there, built);
  cr_assert_eq(pp_reference_heap.check(walk->there.heap), PP_HOLDS, "%s", is);
  same_accounts(walk->here.heap, walk->there.heap);
  same_untouched(&walk->there);
  same_map(&walk->here, &walk->there);
  cr_assert(pp_state_scan(&walk->there, &state));
  pp_state_text(&walk->there, &state, is);
  cr_assert_str_eq(is, was);
  for (unsigned bit = pp_state_bits(&walk->there); bit < 128; bit++)
    cr_assert_eq(key.word[bit / 64] >> bit % 64 & 1, 0, "bit %u", bit);
}

/* Blocks of pools are asked for and freed most often. */
static unsigned choose(struct walk *walk, const struct pp_move *moves,
                       unsigned count) {
  unsigned index = next(walk, count), how = next(walk, 8);
  unsigned requests = 4 * pp_exhaust_classes(walk->here.geometry);
  if (how < 3) return next(walk, requests);
  for (unsigned i = 0; i < count && how < 6; i++) {
    const struct pp_move *move = &moves[(index + i) % count];
    if (move->kind == PP_OP_FREE && move->block != NULL)
      return (index + i) % count;
  }
  return index;
}

/* The same move, by its place in the list, leads to the same state. */
static void step(struct walk *walk) {
  struct pp_move here[PP_MOVES_MAX], there[PP_MOVES_MAX];
  struct pp_state state, built;
  build_there(walk, &built);
  cr_assert(pp_state_scan(&walk->here, &state));
  unsigned count = pp_moves_list(&walk->here, &state, here);
  cr_assert_eq(pp_moves_list(&walk->there, &built, there), count);
  unsigned index = choose(walk, here, count);
  unsigned wanted = next(walk, 8) == 0 ? 1u << next(walk, 3) : 0;
  cr_assert_eq(there[index].kind, here[index].kind);
  cr_assert_eq(there[index].a, here[index].a);
  cr_assert_eq(there[index].b, here[index].b);
  cr_assert_eq(there[index].block_size, here[index].block_size);
  const uint8_t *left =
      pp_move_perform(&walk->here, &pp_reference_cheap, &here[index], wanted);
  const uint8_t *right =
      pp_move_perform(&walk->there, &pp_reference_cheap, &there[index], wanted);
  cr_assert_eq(left == NULL, right == NULL);
  cr_assert_eq(walk->there.call_count, walk->here.call_count);
  struct pp_key one = pp_world_key(&walk->here);
  struct pp_key other = pp_world_key(&walk->there);
  cr_assert(pp_key_equal(&one, &other));
  note_most(walk);
}

/* All arenas full of blocks of the first class, and then each pool lacks one.
 */
static void begin(struct pp_world *here) {
  uint8_t *blocks[64];
  unsigned asked = (unsigned)__builtin_ctz(here->geometry->classes);
  unsigned count = 0, each = here->capacity[asked];
  for (unsigned i = 0; i < here->geometry->arenas; i++)
    for (unsigned j = 0; j < here->pools[i] * each; j++)
      blocks[count++] =
          pp_world_malloc(here, pp_class_size(here->profile, asked));
  for (unsigned i = 0; i < count; i += each)
    pp_world_free(here, blocks[i]);
}

static struct walk walk_on(const char *name, bool from_full) {
  static struct walk walk;
  struct pp_exhaust_geometry walked = geometry_of(name);
  memset(&walk, 0, sizeof walk);
  walk.random = 1;
  pp_searched_world(&walk.here, &walked);
  pp_searched_world(&walk.there, &walked);
  if (from_full) begin(&walk.here);
  for (unsigned i = 0; i < 150; i++)
    step(&walk);
  pp_world_close(&walk.here);
  pp_world_close(&walk.there);
  return walk;
}

Test(exhaust_build, a_heap_from_a_key_goes_on_like_the_one_it_is_of) {
  static const struct {
    const char *name;
    bool from_full;
    unsigned arenas, bottoms, system, empty;
  } walks[] = {
      {"tiny, 1 arena, 2 classes", false, 1, 1, 1, 3},
      {"tiny, 3 arenas, 1 class", true, 3, 2, 1, 5},
      {"tiny, 2 arenas, 2 classes", false, 2, 1, 3, 4},
      {"small-classes, 1 arena", false, 1, 0, 1, 1},
      {"small-table, 3 arenas", true, 3, 0, 1, 3},
      {"small-walk, 3 arenas", false, 2, 0, 1, 3},
      {"uneven, 3 whole arenas", true, 3, 1, 1, 2},
      {"uneven, 3 arenas", true, 3, 2, 1, 1},
      {"many pools", true, 1, 0, 1, 16},
  };
  for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
    struct walk walk = walk_on(walks[i].name, walks[i].from_full);
    cr_expect_eq(walk.arenas, walks[i].arenas, "%s: %u, %u, %u, %u",
                 walks[i].name, walk.arenas, walk.bottoms, walk.system,
                 walk.empty);
    cr_expect_eq(walk.bottoms, walks[i].bottoms, "%s: %u, %u, %u, %u",
                 walks[i].name, walk.arenas, walk.bottoms, walk.system,
                 walk.empty);
    cr_expect_eq(walk.system, walks[i].system, "%s: %u, %u, %u, %u",
                 walks[i].name, walk.arenas, walk.bottoms, walk.system,
                 walk.empty);
    cr_expect_eq(walk.empty, walks[i].empty, "%s: %u, %u, %u, %u",
                 walks[i].name, walk.arenas, walk.bottoms, walk.system,
                 walk.empty);
  }
}
