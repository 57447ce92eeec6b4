/* The states of the exhaustive search: what is read off a heap, what becomes of
 * it in the bits of a key. */
#include <string.h>

#include "proptests/searched.h"

/* A search of two arenas and both classes: three pools to each arena, of five
 * small or of two large blocks. */
static struct pp_exhaust_geometry geometry;
static struct pp_world world;

static void open_world(void) {
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  pp_searched_world(&world, &geometry);
}

static void close_world(void) {
  pp_world_close(&world);
}

TestSuite(exhaust_state, .init = open_world, .fini = close_world);

static void fill(uint8_t *blocks[], unsigned count, uint64_t size) {
  for (unsigned i = 0; i < count; i++)
    blocks[i] = pp_world_malloc(&world, size);
}

/* ---- read off a heap ---- */

Test(exhaust_state, pools_are_told_by_arena_class_and_blocks) {
  uint8_t *blocks[12], *small;
  pp_world_in(&world, "no vector 0+0 system 0");
  fill(blocks, 1, 32);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 2 full 0,0 | 1: 0:2/1"
                      " | use 0");
  fill(blocks + 1, 5, 32);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 0 full 0,3");
  small = pp_world_malloc(&world, 16);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 0 full 0,3"
                      " | 1: fresh 2 full 0,0 | 0: 1:2/1 | use 1");
  fill(blocks + 6, 3, 32);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 0 full 0,3"
                      " | 1: fresh 0 full 0,1 | 0: 1:2/1 | 1: 1:2/1");
  pp_world_free(&world, blocks[1]);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 0 full 0,2"
                      " | 1: fresh 0 full 0,1 | 0: 1:2/1 | 1: 0:2/1 1:2/1");
  pp_world_free(&world, blocks[0]);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 0 full 0,2 free 1/2"
                      " | 1: fresh 0 full 0,1 | 0: 1:2/1 | 1: 1:2/1 | use 0");
  pp_world_free(&world, small);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 0 full 0,2 free 1/2"
                      " | 1: fresh 0 full 0,1 free 0/2 | 1: 1:2/1 | use 1 0");
}

Test(exhaust_state, blocks_of_the_system_are_counted) {
  uint8_t *first = pp_world_malloc(&world, 33);
  struct pp_key one = pp_world_key(&world);
  pp_world_in(&world, "no vector 0+0 system 1");
  pp_world_malloc(&world, 33);
  pp_world_malloc(&world, 33);
  pp_world_in(&world, "no vector 0+0 system 3");
  pp_world_free(&world, first);
  pp_world_in(&world, "no vector 0+0 system 2");
  pp_world_free(&world, pp_world_malloc(&world, 33));
  pp_world_in(&world, "no vector 0+0 system 2");
  struct pp_key two = pp_world_key(&world);
  cr_assert_not(pp_key_equal(&one, &two));
}

/* The vector, the middle node, the bottom node and the arena; and where one is
 * refused, the small block is the system's. */
Test(exhaust_state, what_the_heap_took_for_itself_is_told) {
  pp_world_refuse(&world, 16, 1);
  pp_world_in(&world, "no vector 0+0 system 1");
  pp_world_refuse(&world, 16, 2);
  pp_world_in(&world, "vector 0+0 system 2");
  pp_world_refuse(&world, 16, 4);
  pp_world_in(&world, "vector 1+0 system 3");
}

Test(exhaust_state, a_name_is_no_part_of_a_state) {
  uint8_t *blocks[4];
  fill(blocks, 4, 32);
  pp_world_free(&world, blocks[0]);
  pp_world_free(&world, blocks[3]);
  struct pp_key one = pp_world_key(&world);
  pp_world_malloc(&world, 32);
  pp_world_malloc(&world, 32);
  struct pp_key full = pp_world_key(&world);
  cr_assert_not(pp_key_equal(&one, &full));
  pp_world_free(&world, blocks[1]);
  pp_world_free(&world, blocks[2]);
  struct pp_key other = pp_world_key(&world);
  cr_assert(pp_key_equal(&one, &other));
}

/* ---- a heap that is in no state ---- */

static bool scans(void) {
  struct pp_state state;
  return pp_state_scan(&world, &state);
}

Test(exhaust_state, an_arena_that_lies_nowhere_is_in_no_state) {
  pp_world_malloc(&world, 32);
  struct pp_arena *arena = world.heap->arenas;
  arena->address += 128;
  cr_expect_not(scans());
  arena->address -= 128 + 512;
  cr_expect_not(scans());
  arena->address += 512;
  cr_expect(scans());
}

Test(exhaust_state, a_pool_of_no_class_is_in_no_state) {
  uint8_t *block = pp_world_malloc(&world, 32);
  struct pp_pool *pool = pp_pool_of(world.profile, block);
  pool->szidx = 2;
  cr_expect_not(scans());
  pool->szidx = 1;
  cr_expect(scans());
}

Test(exhaust_state, freepools_without_an_end_are_in_no_state) {
  uint8_t *blocks[5];
  fill(blocks, 5, 32);
  pp_world_free(&world, blocks[0]);
  pp_world_free(&world, blocks[1]);
  cr_expect(scans());
  struct pp_pool *pool = world.heap->arenas[0].freepools;
  pool->nextpool = pool;
  cr_expect_not(scans());
}

Test(exhaust_state, a_ring_without_an_end_is_in_no_state) {
  uint8_t *block = pp_world_malloc(&world, 32);
  struct pp_pool *pool = pp_pool_of(world.profile, block);
  pool->nextpool = pool;
  cr_expect_not(scans());
}

Test(exhaust_state, arenas_without_an_end_are_in_no_state) {
  pp_world_malloc(&world, 32);
  world.heap->usable_arenas->nextarena = world.heap->usable_arenas;
  cr_expect_not(scans());
}

/* ---- bits ---- */

/* A state takes no more bits than it must, by the pools of the arenas and the
 * blocks of the classes. */
Test(exhaust_state, a_key_has_as_many_bits_as_its_geometry_takes) {
  static const struct {
    const char *name;
    unsigned place, pools, ring, free, used[2], all;
  } keys[] = {
      {"tiny, 1 arena, 2 classes", 0, 2, 2, 3, {4, 0}, 31},
      {"tiny, 1 whole arena", 0, 3, 3, 3, {4, 0}, 41},
      {"tiny, 3 arenas, 1 class", 2, 2, 4, 3, {4, 0}, 66},
      {"tiny, 2 whole arenas, 1 class", 1, 3, 4, 3, {4, 0}, 57},
      {"tiny, 2 arenas, 2 classes", 1, 2, 3, 3, {4, 0}, 64},
      {"small-table, 1 arena", 0, 2, 2, 3, {4, 0}, 31},
      {"small-classes, 1 arena", 0, 2, 2, 5, {7, 4}, 29},
  };
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    static struct pp_world one;
    struct pp_exhaust_geometry its = pp_searched_geometry(keys[i].name, 0);
    pp_searched_world(&one, &its);
    cr_expect_eq(pp_state_bits(&one), keys[i].all, "%s", keys[i].name);
    cr_expect_eq(one.place_bits, keys[i].place, "%s", keys[i].name);
    cr_expect_eq(one.pools_bits, keys[i].pools, "%s", keys[i].name);
    cr_expect_eq(one.ring_bits, keys[i].ring, "%s", keys[i].name);
    cr_expect_eq(one.free_bits, keys[i].free, "%s", keys[i].name);
    for (unsigned j = 0; j < 2 && j < one.class_count; j++)
      cr_expect_eq(one.used_bits[j], keys[i].used[j], "%s", keys[i].name);
    pp_world_close(&one);
  }
}

/* Bits of a key for so many classes, of which the first is asked for, and
 * arenas with so many pools each. */
static unsigned bits_of(unsigned classes, unsigned arenas, unsigned pools) {
  static struct pp_world one;
  struct pp_profile profile = *geometry.profile;
  struct pp_exhaust_geometry its = {"bits", &profile, 1, arenas, 1, {0}};
  profile.class_count = classes;
  profile.pool_bits = 9;
  one.profile = &profile;
  one.geometry = &its;
  one.class_count = classes;
  memset(one.pools, (int)pools, sizeof one.pools);
  return pp_state_bits(&one);
}

Test(exhaust_state, no_number_of_bits_is_enough_for_too_many_pools) {
  cr_expect_lt(bits_of(1, 1, 32), 512);
  cr_expect_eq(bits_of(1, 1, 33), UINT32_MAX);
  cr_expect_lt(bits_of(1, 2, 16), 512);
  cr_expect_eq(bits_of(1, 2, 17), UINT32_MAX);
  cr_expect_lt(bits_of(8, 1, 2), 512);
  cr_expect_eq(bits_of(9, 1, 2), UINT32_MAX);
}

Test(exhaust_state, a_geometry_with_too_large_a_key_is_refused) {
  const struct pp_exhaust_geometry refused[] = {
      {"six arenas", geometry.profile, 3, 6, 1, {0}},
      {"64 classes", pp_profile_find("3.7.3"), 1, 1, 1, {0}},
  };
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    static struct pp_world one;
    char why[256] = "";
    cr_expect_not(pp_world_open(&one, &refused[i], why, sizeof why), "%s",
                  refused[i].name);
    cr_expect_str_eq(why, "a state of this geometry takes more than 128 bits");
  }
}
