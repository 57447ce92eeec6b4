/* Which request goes where, and what is left at the end, on every profile:
 * SPEC.md, HEAP. */
#include "proptests/heaps.h"

#include <stdlib.h>

enum { NAMES = 64, STEPS = 600 };

/* A random program over few names, the same for each seed. Blocks are kept in
 * names; half way through, the sources refuse one request in four. Arenas lie
 * this much further on. */
static void run_at(struct pp_stand *stand, void *names[NAMES], uint64_t seed,
                   size_t further) {
  size_t largest = pp_small_max(stand->profile);
  memset(names, 0, NAMES * sizeof *names);
  for (size_t i = 0; i < STEPS; i++) {
    void **name = &names[pp_draw(&seed) % NAMES];
    size_t size = pp_draw(&seed) % (largest + largest / 8);
    stand->skew = pp_counted(stand).arenas_total % 3 == 1 ? 16 : 0;
    stand->skew += further;
    stand->refuse_one_in = i > STEPS / 2 && i < STEPS / 4 * 3 ? 4 : 0;
    switch (pp_draw(&seed) % 4) {
    case 0:
    case 1:
      if (*name == NULL) *name = pp_take(stand, size);
      break;
    case 2: {
      void *block = stand->reference->realloc(stand->heap, *name, size);
      if (block != NULL) *name = block;
      break;
    }
    default: pp_give(stand, *name); *name = NULL;
    }
  }
}

static void run(struct pp_stand *stand, void *names[NAMES], uint64_t seed) {
  run_at(stand, names, seed, 0);
}

HeapTest(HEAP_01, live_blocks_are_those_not_freed) {
  void *names[NAMES];
  run(stand, names, 1);
  size_t named = 0, owned = 0;
  for (size_t i = 0; i < NAMES; i++) {
    named += names[i] != NULL;
    owned += names[i] != NULL && pp_owns(stand, names[i]);
  }
  struct pp_counts counts = pp_counted(stand);
  SEE(named > owned);
  SEE_EQ(counts.pool_blocks, owned);
  SEE_EQ(counts.system_blocks, named - owned);
}

HeapTest(HEAP_02, small_is_served_from_its_class_or_an_arena) {
  size_t largest = pp_small_max(stand->profile);
  uint8_t *block = pp_take(stand, 1); /* an arena can be had */
  SEE_EQ(pp_where(stand, block).class_index, 0);
  pp_fill(stand, 0, pp_pools(stand) - 1);
  stand->left[PP_ASK_ARENA] = 0;
  /* There is no other arena, but there is a pool of the class. */
  SEE_EQ(pp_where(stand, pp_take(stand, 1)).pool, (uintptr_t)block - 48);
  SEE(!pp_owns(stand, pp_take(stand, largest)));
  pp_give(stand, stand->blocks[0][0]);
  SEE(pp_take(stand, largest) == stand->blocks[0][0]);
}

/* The last request to the sources was this one, and it was the only one
 * since `before` had been written down. */
static void see_only(struct pp_stand *stand, size_t before, enum pp_ask what,
                     size_t size, const void *block) {
  SEE_EQ(stand->log_count, before + 1);
  SEE_EQ(pp_last(stand)->what, what);
  SEE_EQ(pp_last(stand)->size, size);
  SEE(pp_last(stand)->block == block);
}

HeapTest(HEAP_03, over_the_small_limit_goes_to_the_system) {
  size_t small = pp_small_max(stand->profile);
  const size_t sizes[] = {small + 1, small + 8, 1000, 100000};
  for (size_t i = 0; i < 4; i++) {
    see_only(stand, 2 * i, PP_ASK_MALLOC, sizes[i], pp_take(stand, sizes[i]));
    uint8_t *block = stand->reference->calloc(stand->heap, sizes[i], 1);
    see_only(stand, 2 * i + 1, PP_ASK_CALLOC, sizes[i], block);
    SEE_EQ(block[sizes[i] - 1], 0);
  }
  SEE_EQ(pp_counted(stand).system_blocks, 8);
}

HeapTest(HEAP_04, zero_bytes_go_to_the_system_as_one) {
  void *blocks[5];
  blocks[0] = pp_take(stand, 0);
  see_only(stand, 0, PP_ASK_MALLOC, 1, blocks[0]);
  static const size_t factors[][2] = {{0, 5}, {5, 0}, {0, 0}, {0, SIZE_MAX}};
  for (size_t i = 0; i < 4; i++) {
    blocks[i + 1] =
        stand->reference->calloc(stand->heap, factors[i][0], factors[i][1]);
    see_only(stand, i + 1, PP_ASK_CALLOC, 1, blocks[i + 1]);
  }
  for (size_t i = 0; i < 5; i++) {
    SEE(blocks[i] != NULL);
    for (size_t j = 0; j < i; j++)
      SEE(blocks[i] != blocks[j]);
  }
}

HeapTest(HEAP_05, small_without_an_arena_falls_back_to_the_system) {
  size_t largest = pp_small_max(stand->profile);
  stand->left[PP_ASK_ARENA] = 0;
  for (size_t size = 1; size <= largest; size += 5) {
    void *block = pp_take(stand, size);
    SEE_EQ(pp_last(stand)->what, PP_ASK_MALLOC);
    SEE_EQ(pp_last(stand)->size, size);
    SEE(pp_last(stand)->block == block);
    uint8_t *zeroed = stand->reference->calloc(stand->heap, 1, size);
    SEE_EQ(pp_last(stand)->what, PP_ASK_CALLOC);
    SEE_EQ(pp_last(stand)->size, size);
    SEE_EQ(zeroed[size - 1], 0);
    pp_give(stand, block);
    SEE_EQ(pp_last(stand)->what, PP_GIVE_SYSTEM);
  }
  /* Each of them asked again, and with the system's refusal it is over. */
  SEE_EQ(stand->asked[PP_ASK_ARENA], 2 * ((largest + 4) / 5));
  stand->left[PP_ASK_MALLOC] = 0;
  SEE(pp_take(stand, 1) == NULL);
  stand->left[PP_ASK_ARENA] = 1;
  SEE(pp_owns(stand, pp_take(stand, 1)));
}

HeapTest(HEAP_06, over_ptrdiff_max_is_null) {
  SEE(pp_take(stand, (size_t)PTRDIFF_MAX + 1) == NULL);
  SEE(pp_take(stand, SIZE_MAX) == NULL);
  SEE_EQ(stand->log_count, 0);
  SEE(pp_take(stand, PTRDIFF_MAX) == NULL); /* the source says so */
  see_only(stand, 0, PP_ASK_MALLOC, PTRDIFF_MAX, NULL);
}

HeapTest(HEAP_07, calloc_over_ptrdiff_max_is_null) {
  static const size_t factors[][2] = {{(size_t)PTRDIFF_MAX + 1, 1},
                                      {1, (size_t)PTRDIFF_MAX + 1},
                                      {(size_t)1 << 32, (size_t)1 << 31},
                                      {(size_t)1 << 32, (size_t)1 << 32},
                                      {PTRDIFF_MAX, 2},
                                      {SIZE_MAX, SIZE_MAX},
                                      {SIZE_MAX / 2 + 2, 2}};
  for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++)
    SEE(stand->reference->calloc(stand->heap, factors[i][0], factors[i][1]) ==
        NULL);
  SEE_EQ(stand->log_count, 0);
  SEE_EQ(pp_counted(stand).system_blocks, 0);
  SEE(stand->reference->calloc(stand->heap, PTRDIFF_MAX / 7, 7) == NULL);
  see_only(stand, 0, PP_ASK_CALLOC, PTRDIFF_MAX / 7 * (size_t)7, NULL);
}

HeapTest(HEAP_08, calloc_zeroes_the_bytes_requested_only) {
  pp_take(stand, pp_small_max(stand->profile)); /* the arena stays */
  for (size_t size = 1; size <= pp_small_max(stand->profile); size++) {
    size_t block_size =
        (size + pp_step(stand) - 1) / pp_step(stand) * pp_step(stand);
    uint8_t *dirty = pp_take(stand, size);
    memset(dirty, 0xff, block_size);
    pp_give(stand, dirty);
    uint8_t link[8];
    memcpy(link, dirty, sizeof link);
    uint8_t *block = stand->reference->calloc(stand->heap, 1, size);
    SEE(block == dirty);
    for (size_t i = 0; i < size; i++)
      SEE_EQ(block[i], 0);
    for (size_t i = size; i < block_size; i++)
      SEE_EQ(block[i], i < 8 ? link[i] : 0xff);
    pp_give(stand, block);
  }
}

HeapTest(HEAP_09, freeing_null_does_nothing) {
  void *names[NAMES];
  pp_give(stand, NULL);
  run(stand, names, 9);
  struct pp_counts before = pp_counted(stand);
  size_t requests = stand->log_count;
  pp_give(stand, NULL);
  struct pp_counts after = pp_counted(stand);
  SEE(memcmp(&before, &after, sizeof before) == 0);
  SEE_EQ(stand->log_count, requests);
}

HeapTest(HEAP_10, block_outside_every_arena_is_freed_to_the_system) {
  void *small = pp_take(stand, 1);
  const size_t sizes[] = {0, pp_small_max(stand->profile) + 1, 5000};
  for (size_t i = 0; i < 3; i++) {
    void *block = pp_take(stand, sizes[i]);
    size_t requests = stand->log_count;
    pp_give(stand, block);
    see_only(stand, requests, PP_GIVE_SYSTEM, 0, block);
  }
  SEE_EQ(pp_counted(stand).system_blocks, 0);
  SEE(pp_owns(stand, small));
}

HeapTest(HEAP_10, free_of_what_nobody_was_given_is_told) {
  static uint8_t foreign[8192];
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_free_breaks(stand, &foreign[4500]), PP_HEAP_10);
}

HeapTest(HEAP_11, arenas_left_when_no_block_is_live) {
  void *names[NAMES];
  bool keeps = stand->profile->id >= PP_PROFILE_3_9 &&
               stand->profile->id != PP_PROFILE_SMALL;
  pp_give(stand, pp_take(stand, 0));
  SEE_EQ(pp_counted(stand).arenas, 0); /* there never was one */
  for (uint64_t seed = 1; seed <= 3; seed++) {
    run(stand, names, seed);
    for (size_t i = 0; i < NAMES; i++)
      pp_give(stand, names[(i * 37 + seed) % NAMES]);
    SEE_EQ(pp_counted(stand).pool_blocks, 0);
    SEE_EQ(pp_counted(stand).system_blocks, 0);
    SEE_EQ(pp_counted(stand).arenas, keeps ? 1 : 0);
  }
}

/* Runs the same program on a stand of its own, at another level or place. */
static struct pp_stand *run_other(const struct pp_stand *stand,
                                  enum pp_level level, void *names[NAMES],
                                  size_t further) {
  static struct pp_stand other;
  pp_stand_open(&other, stand->profile, level);
  run_at(&other, names, 12, further);
  return &other;
}

HeapTest(HEAP_12, same_requests_are_placed_alike) {
  void *names[NAMES], *others[NAMES];
  run(stand, names, 12);
  struct pp_stand *other =
      run_other(stand, stand->level, others, pp_pool_size(stand->profile));
  for (size_t i = 0; i < NAMES; i++) {
    SEE_EQ(names[i] == NULL, others[i] == NULL);
    if (names[i] == NULL) continue;
    SEE(names[i] != others[i]);
    SEE_EQ(pp_owns(stand, names[i]), pp_owns(other, others[i]));
    if (!pp_owns(stand, names[i])) continue;
    struct pp_place place = pp_where(stand, names[i]);
    struct pp_place alike = pp_where(other, others[i]);
    SEE_EQ(place.arena_slot, alike.arena_slot);
    SEE_EQ(place.arena_offset, alike.arena_offset);
    SEE_EQ(place.pool_offset, alike.pool_offset);
    SEE_EQ(place.class_index, alike.class_index);
  }
  pp_stand_close(other);
}

/* Checking makes no difference to the requests of one of two kinds. */
static void see_same_requests(struct pp_stand *stand, bool arenas) {
  void *names[NAMES];
  run(stand, names, 12);
  struct pp_stand *other = run_other(stand, PP_LEVEL_NONE, names, 0);
  size_t met = 0;
  SEE_EQ(stand->log_count, other->log_count);
  for (size_t i = 0; i < stand->log_count; i++) {
    const struct pp_asked *asked = &stand->log[i], *alike = &other->log[i];
    bool of_arena = asked->what == PP_ASK_ARENA || asked->what == PP_GIVE_ARENA;
    if (of_arena != arenas) continue;
    SEE_EQ(asked->what, alike->what);
    SEE_EQ(asked->size, alike->size);
    SEE_EQ(asked->block == NULL, alike->block == NULL);
    met++;
  }
  SEE(met > 0);
  pp_stand_close(other);
}

HeapTest(HEAP_13, arenas_are_requested_alike_at_every_level) {
  see_same_requests(stand, true);
}

HeapTest(HEAP_14, system_is_asked_alike_at_every_level) {
  see_same_requests(stand, false);
}

HeapTest(HEAP_15, ended_heap_has_given_back_every_arena) {
  size_t pools = (pp_is_slow(stand) ? 1 : 2) * pp_pools(stand) + 1;
  pp_fill(stand, 0, pools);
  pp_empty(stand, 0, pools / 4);
  size_t held = pp_counted(stand).arenas;
  SEE_EQ(held, pp_is_slow(stand) ? 2 : 3);
  size_t system = stand->owned_count;
  size_t given = stand->asked[PP_GIVE_ARENA];
  pp_stand_close(stand);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], given + held);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], stand->asked[PP_ASK_ARENA]);
  SEE_EQ(stand->asked[PP_GIVE_SYSTEM], system); /* the heap's own */
  pp_stand_open(stand, stand->profile, stand->level);
}
