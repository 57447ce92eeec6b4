/* Pools in arenas and the order of arenas, on every profile: SPEC.md, ARENA
 * 01 to 10, 19 and 21. An arena is named by its slot: "102" is the order of
 * usable_arenas. How long arenas are held is in test_arenas_held.c. */
#include "proptests/heaps.h"

/* Fills this many arenas, wholly: arena a has the pools from a * pp_pools. */
static void fill_arenas(struct pp_stand *stand, size_t arenas) {
  pp_fill(stand, 0, arenas * pp_pools(stand));
  cr_assert_str_empty(pp_order(stand));
}

/* Empties this many pools of the arena, from pool number first of it on. */
static void empty_in(struct pp_stand *stand, size_t arena, size_t first,
                     size_t count) {
  pp_empty(stand, arena * pp_pools(stand) + first, count);
}

#define SEE_ORDER(expected)                                               \
  cr_assert_str_eq(pp_order(stand), expected, "%s, level %s: %s, not %s", \
                   stand->profile->name, stand->reference->level,         \
                   pp_order(stand), expected)

struct tally {
  struct pp_stand *stand;
  size_t in_use, empty, usable;
};

static bool tally_pool(void *ctx, const struct pp_pool_info *pool) {
  struct tally *tally = ctx;
  tally->in_use += pool->count > 0;
  tally->empty += pool->count == 0;
  return true;
}

static bool tally_arena(void *ctx, const struct pp_arena_info *arena) {
  struct tally *tally = ctx;
  struct pp_stand *stand = tally->stand;
  size_t pool_size = pp_pool_size(stand->profile);
  tally->in_use = 0;
  tally->empty = 0;
  stand->reference->visit_pools(stand->heap, arena->slot, tally, tally_pool);
  size_t carved = (arena->next_pool - arena->first_pool) / pool_size;
  SEE_EQ(tally->in_use + tally->empty, carved);
  /* ARENA-02: freepools, walked, and the pools never carved. */
  size_t length = 0;
  const struct pp_pool *pool = pp_slot(stand, arena->slot)->freepools;
  for (; pool != NULL; pool = pool->nextpool) {
    length++;
    SEE_EQ(pool->count, 0);
  }
  SEE_EQ(length, tally->empty);
  SEE_EQ(arena->free_pools, length + arena->total_pools - carved);
  /* ARENA-01 */
  SEE_EQ(tally->in_use + arena->free_pools, arena->total_pools);
  SEE_EQ(arena->usable, arena->free_pools > 0);
  tally->usable += arena->usable;
  return true;
}

/* Empties and fills pools of three arenas at random, and looks after each. */
static void stir(struct pp_stand *stand, void (*look)(struct pp_stand *stand)) {
  size_t pools = 3 * pp_pools(stand) - 1;
  bool filled[PP_STAND_POOLS] = {false};
  size_t rounds = pp_is_slow(stand) ? 20 : 200;
  if (pp_is_slow(stand)) pools = pp_pools(stand) + 5;
  for (size_t round = 0; round < pools + rounds; round++) {
    size_t pool = round < pools ? round : pp_draw(&stand->random) % pools;
    if (filled[pool])
      pp_empty(stand, pool, 1);
    else
      pp_fill(stand, pool, 1);
    filled[pool] = !filled[pool];
    look(stand);
  }
}

static void look_at_sums(struct pp_stand *stand) {
  struct tally tally = {stand, 0, 0, 0};
  stand->reference->visit_arenas(stand->heap, &tally, tally_arena);
  SEE_EQ(tally.usable, strlen(pp_order(stand)));
}

HeapTest(ARENA_01, pools_in_use_free_and_never_carved_make_the_total) {
  stir(stand, look_at_sums);
}

HeapTest(ARENA_02, nfreepools_is_freepools_and_never_carved) {
  stand->skew = 16;
  stir(stand, look_at_sums);
}

HeapTest(ARENA_03, front_of_freepools_before_a_new_pool) {
  size_t emptied = pp_pools(stand) > 6 ? 5 : 2;
  pp_fill(stand, 0, emptied + 1);
  uintptr_t fresh = pp_slot(stand, 0)->pool_address;
  struct pp_pool *pools[5];
  for (size_t i = 0; i < emptied; i++) {
    pools[i] = pp_filled(stand, i);
    pp_empty(stand, i, 1);
  }
  for (size_t i = emptied; i-- > 0;) {
    pp_fill(stand, i, 1);
    SEE(pp_filled(stand, i) == pools[i]);
    SEE_EQ(pp_slot(stand, 0)->pool_address, fresh);
  }
  pp_fill(stand, emptied + 1, 1);
  SEE_EQ((uintptr_t)pp_filled(stand, emptied + 1), fresh);
}

HeapTest(ARENA_04, pools_are_carved_in_ascending_order) {
  size_t pool_size = pp_pool_size(stand->profile);
  stand->skew = 1040;
  size_t pools = pp_pools(stand) - 1;
  pp_fill(stand, 0, pools + 1);
  struct pp_place first = pp_where(stand, stand->blocks[0][0]);
  SEE_EQ(first.pool, (first.arena / pool_size + 1) * pool_size);
  for (size_t i = 0; i < pools; i++)
    SEE_EQ((uintptr_t)pp_filled(stand, i), first.pool + i * pool_size);
  SEE(first.pool + pools * pool_size <=
      first.arena + pp_arena_size(stand->profile));
  SEE_EQ(pp_filled(stand, pools)->arenaindex, 1);
}

HeapTest(ARENA_05, usable_exactly_with_a_free_pool) {
  fill_arenas(stand, 1);
  pp_fill(stand, pp_pools(stand), 1);
  SEE_ORDER("1");
  empty_in(stand, 0, 0, 1);
  SEE_ORDER("01");
  pp_fill(stand, 0, 1);
  SEE_EQ(pp_filled(stand, 0)->arenaindex, 0);
  SEE_ORDER("1");
}

static void look_at_order(struct pp_stand *stand) {
  const struct pp_arena *arena = pp_usable(stand);
  for (; arena != NULL; arena = arena->nextarena) {
    if (arena->nextarena != NULL)
      SEE(arena->nfreepools <= arena->nextarena->nfreepools);
  }
}

HeapTest(ARENA_06, usable_arenas_is_sorted) {
  stir(stand, look_at_order);
}

/* Three arenas with ten, five and seven free pools, or a few less. */
HeapTest(ARENA_07, pools_are_taken_from_the_head) {
  static const size_t many[3] = {10, 5, 7}, few[3] = {3, 1, 2};
  const size_t *frees = pp_is_scaled(stand->profile) ? few : many;
  if (pp_is_slow(stand)) return;
  fill_arenas(stand, 3);
  for (size_t arena = 0; arena < 3; arena++)
    empty_in(stand, arena, 0, frees[arena]);
  SEE_ORDER("120");
  static const size_t expected[3] = {1, 2, 0};
  size_t pool = 3 * pp_pools(stand);
  for (size_t i = 0; i < 3; i++) {
    for (size_t taken = 0; taken < frees[expected[i]]; taken++) {
      pp_fill(stand, pool, 1);
      SEE_EQ(pp_filled(stand, pool)->arenaindex, expected[i]);
      pool++;
    }
  }
  SEE_EQ(stand->asked[PP_ASK_ARENA], 3);
  pp_fill(stand, pool, 1);
  SEE_EQ(pp_filled(stand, pool)->arenaindex, 3);
  SEE_EQ(stand->asked[PP_ASK_ARENA], 4);
}

HeapTest(ARENA_08, first_free_pool_enters_at_the_head) {
  if (pp_is_slow(stand)) return;
  fill_arenas(stand, 3);
  empty_in(stand, 2, 0, 2);
  SEE_ORDER("2");
  empty_in(stand, 0, 0, 1);
  SEE_ORDER("02");
  empty_in(stand, 1, 0, 1); /* as many as arena 0, and before it */
  SEE_ORDER("102");
  pp_fill(stand, 3 * pp_pools(stand), 1);
  SEE_EQ(pp_filled(stand, 3 * pp_pools(stand))->arenaindex, 1);
}

HeapTest(ARENA_09, outgrown_moves_to_the_front_of_its_equals) {
  if (pp_is_slow(stand)) return;
  fill_arenas(stand, 4);
  empty_in(stand, 3, 0, 3);
  empty_in(stand, 2, 0, 2);
  empty_in(stand, 1, 0, 2);
  empty_in(stand, 0, 0, 2);
  SEE_ORDER("0123"); /* 2, 2, 2 and 3 free pools: none outgrew another */
  empty_in(stand, 0, 2, 1);
  SEE_ORDER("1203");
  empty_in(stand, 1, 2, 1);
  SEE_ORDER("2103");
  empty_in(stand, 2, 2, 1); /* outgrew nobody */
  SEE_ORDER("2103");
}

static void look_at_rightmost(struct pp_stand *stand) {
  const struct pp_arena *expected[PP_ARENA_POOLS_MAX + 1] = {NULL};
  const struct pp_arena *arena = pp_usable(stand);
  for (; arena != NULL; arena = arena->nextarena)
    expected[arena->nfreepools] = arena;
  for (size_t n = 0; n <= PP_ARENA_POOLS_MAX; n++)
    SEE(pp_rightmost(stand, n) == expected[n]);
}

HeapTest(ARENA_10, nfp2lasta_is_the_rightmost_with_n) {
  stir(stand, look_at_rightmost);
  if (pp_is_slow(stand)) return;
  pp_stand_close(stand);
  pp_stand_open(stand, stand->profile, stand->level);
  fill_arenas(stand, 3);
  empty_in(stand, 2, 0, 1);
  empty_in(stand, 0, 0, 1);
  empty_in(stand, 1, 0, 1);
  SEE_ORDER("102");
  SEE_EQ(pp_slot_of(stand, pp_rightmost(stand, 1)), 2);
  SEE(pp_rightmost(stand, 2) == NULL);
  empty_in(stand, 2, 1, 1);
  SEE_EQ(pp_slot_of(stand, pp_rightmost(stand, 1)), 0);
  SEE_EQ(pp_slot_of(stand, pp_rightmost(stand, 2)), 2);
}

static void look_at_links(struct pp_stand *stand) {
  const struct pp_arena *arena = pp_usable(stand);
  if (arena != NULL) SEE(arena->prevarena == NULL);
  for (; arena != NULL; arena = arena->nextarena) {
    if (arena->nextarena != NULL) SEE(arena->nextarena->prevarena == arena);
  }
}

HeapTest(ARENA_19, neighbours_in_usable_arenas_agree) {
  stir(stand, look_at_links);
}

static bool look_at_freepools(void *ctx, const struct pp_arena_info *arena) {
  struct pp_stand *stand = ctx;
  size_t pool_size = pp_pool_size(stand->profile);
  bool met[PP_ARENA_POOLS_MAX] = {false};
  const struct pp_pool *pool = pp_slot(stand, arena->slot)->freepools;
  for (; pool != NULL; pool = pool->nextpool) {
    SEE((uintptr_t)pool >= arena->first_pool);
    SEE((uintptr_t)pool < arena->next_pool);
    size_t offset = (uintptr_t)pool - arena->first_pool;
    SEE_EQ(offset % pool_size, 0);
    SEE(!met[offset / pool_size]);
    met[offset / pool_size] = true;
    SEE_EQ(pool->arenaindex, arena->slot);
  }
  return true;
}

static void look_at_all_freepools(struct pp_stand *stand) {
  stand->reference->visit_arenas(stand->heap, stand, look_at_freepools);
}

HeapTest(ARENA_21, freepools_has_carved_pools_of_the_arena_once) {
  stir(stand, look_at_all_freepools);
}
