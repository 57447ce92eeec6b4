/* Slots, and when arenas are requested, kept and released, on every profile:
 * SPEC.md, ARENA 11 to 18, 20 and 22. What the sources were asked for is
 * written down by the stand. */
#include "proptests/heaps.h"

/* Arena a has the pools from a * pp_pools on. */
static void empty_arena(struct pp_stand *stand, size_t arena) {
  pp_empty(stand, arena * pp_pools(stand), pp_pools(stand));
}

/* The base given back as number n, counted from zero; 0: there is none. */
static uintptr_t given_back(const struct pp_stand *stand, size_t n) {
  SEE(stand->log_count <= PP_STAND_LOG);
  for (size_t i = 0; i < stand->log_count; i++) {
    if (stand->log[i].what == PP_GIVE_ARENA && n-- == 0)
      return (uintptr_t)stand->log[i].block;
  }
  return 0;
}

/* Three times one block, and the only one. */
static void one_block_thrice(struct pp_stand *stand) {
  for (int i = 0; i < 3; i++) {
    void *block = pp_take(stand, 1);
    SEE(pp_owns(stand, block));
    pp_give(stand, block);
  }
}

/* Fills four arenas and empties the last, then the others from the first on;
 * answers which are given back, in order. */
static void four_arenas(struct pp_stand *stand, uintptr_t bases[4]) {
  pp_fill(stand, 0, 4 * pp_pools(stand));
  for (size_t slot = 0; slot < 4; slot++)
    bases[slot] = pp_slot(stand, slot)->address;
  empty_arena(stand, 3);
  for (size_t arena = 0; arena < 3; arena++)
    empty_arena(stand, arena);
}

HeapTest(ARENA_11, wholly_free_is_released_at_once) {
  uintptr_t bases[4];
  one_block_thrice(stand);
  SEE_EQ(stand->asked[PP_ASK_ARENA], 3);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], 3);
  if (pp_is_slow(stand)) return;
  four_arenas(stand, bases);
  SEE_EQ(given_back(stand, 3), bases[3]);
  for (size_t arena = 0; arena < 3; arena++)
    SEE_EQ(given_back(stand, 4 + arena), bases[arena]);
  SEE_EQ(pp_counted(stand).arenas, 0);
}

HeapTest(ARENA_12, wholly_free_is_kept_when_last) {
  uintptr_t bases[4];
  one_block_thrice(stand);
  SEE_EQ(stand->asked[PP_ASK_ARENA], 1);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], 0);
  if (pp_is_slow(stand)) return;
  four_arenas(stand, bases);
  for (size_t arena = 0; arena < 3; arena++)
    SEE_EQ(given_back(stand, arena), bases[arena]);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], 3);
  SEE_EQ(pp_slot(stand, 3)->address, bases[3]);
}

static bool count_free(void *ctx, const struct pp_arena_info *arena) {
  *(size_t *)ctx += arena->free_pools == arena->total_pools;
  return true;
}

HeapTest(ARENA_13, at_most_one_wholly_free_arena) {
  size_t most = 0;
  size_t pools = (pp_is_slow(stand) ? 1 : 3) * pp_pools(stand) + 3;
  for (size_t i = 0; i < pools; i++) {
    stand->skew = pp_counted(stand).arenas % 2 == 0 ? 0 : 16;
    pp_fill(stand, i, 1);
  }
  for (size_t left = pools; left > 0; left--) {
    size_t pool = pp_draw(&stand->random) % left;
    pp_empty(stand, pool, 1);
    memcpy(stand->blocks[pool], stand->blocks[left - 1],
           sizeof stand->blocks[0]);
    size_t wholly_free = 0;
    stand->reference->visit_arenas(stand->heap, &wholly_free, count_free);
    most = wholly_free > most ? wholly_free : most;
  }
  SEE_EQ(most, stand->profile->id == PP_PROFILE_SMALL ||
                       stand->profile->id < PP_PROFILE_3_9
                   ? 0
                   : 1);
}

HeapTest(ARENA_14, vector_begins_with_16_slots_and_doubles) {
  size_t arenas = pp_is_scaled(stand->profile) ? 33 : 17;
  size_t vectors = 0;
  if (pp_is_slow(stand)) return;
  stand->left[PP_ASK_CALLOC] = 2; /* the nodes of the map; no more of them */
  while (pp_counted(stand).arenas < arenas) {
    size_t requests = stand->asked[PP_ASK_REALLOC];
    size_t held = pp_counted(stand).arenas;
    SEE(pp_owns(stand, pp_take(stand, pp_small_max(stand->profile))));
    if (stand->asked[PP_ASK_REALLOC] == requests) continue;
    SEE_EQ(held, vectors == 0 ? 0 : 8u << vectors);
    for (size_t i = 0; i < stand->log_count; i++) {
      if (stand->log[i].what == PP_ASK_REALLOC) requests = stand->log[i].size;
    }
    SEE_EQ(requests, (size_t)768 << vectors);
    vectors++;
    SEE_EQ(pp_counted(stand).arena_slots, 8u << vectors);
  }
  SEE_EQ(vectors, arenas == 33 ? 3 : 2);
}

HeapTest(ARENA_15, slot_vacated_last_is_used_first) {
  static const uint32_t keeping[4] = {3, 2, 1, 4}, at_once[4] = {2, 1, 3, 4};
  bool keeps = stand->profile->keeps_rightmost;
  size_t pools = pp_pools(stand);
  if (pp_is_slow(stand)) return;
  pp_fill(stand, 0, 4 * pools);
  for (size_t arena = 0; arena < 4; arena++)
    SEE_EQ(pp_filled(stand, arena * pools)->arenaindex, arena);
  empty_arena(stand, 3);
  empty_arena(stand, 1);
  empty_arena(stand, 2);
  for (size_t i = 0; i < 4; i++) {
    pp_fill(stand, (i + 1) * pools, pools);
    SEE_EQ(pp_filled(stand, (i + 1) * pools)->arenaindex,
           keeps ? keeping[i] : at_once[i]);
  }
}

HeapTest(ARENA_16, slot_is_unused_exactly_without_address) {
  bool unused[16] = {false};
  size_t length = 0;
  if (pp_is_slow(stand)) return;
  pp_fill(stand, 0, 3 * pp_pools(stand));
  empty_arena(stand, 2);
  empty_arena(stand, 1);
  const struct pp_arena *arena = pp_unused(stand);
  for (; arena != NULL; arena = arena->nextarena) {
    SEE(!unused[pp_slot_of(stand, arena)]);
    unused[pp_slot_of(stand, arena)] = true;
    length++;
  }
  SEE_EQ(length + pp_counted(stand).arenas, 16);
  for (size_t slot = 0; slot < 16; slot++)
    SEE_EQ(unused[slot], pp_slot(stand, slot)->address == 0);
  SEE_EQ(pp_counted(stand).arenas, stand->profile->keeps_rightmost ? 2 : 1);
}

static bool visit_no_pool(void *ctx, const struct pp_pool_info *pool) {
  (void)ctx;
  (void)pool;
  return false;
}

static void visit_unused(struct pp_stand *stand, void *arg) {
  stand->reference->visit_pools(stand->heap, 1, arg, visit_no_pool);
}

HeapTest(ARENA_16, visit_of_an_unused_slot_is_told) {
  pp_take(stand, 1);
  if (stand->level > PP_LEVEL_NONE)
    SEE_EQ(pp_breaks(stand, visit_unused, NULL), PP_ARENA_16);
}

HeapTest(ARENA_17, refused_arena_leaves_the_heap_as_it_was) {
  stand->left[PP_ASK_ARENA] = 0;
  pp_give(stand, pp_take(stand, 1));
  SEE_EQ(pp_counted(stand).arena_slots, 16); /* grown for it */
  SEE_EQ(pp_counted(stand).arenas_total, 0);
  stand->left[PP_ASK_ARENA] = SIZE_MAX;
  pp_fill(stand, 0, pp_pools(stand));
  struct pp_counts before = pp_counted(stand);
  struct pp_arena slot = *pp_slot(stand, 0);
  const struct pp_arena *unused = pp_unused(stand);
  stand->left[PP_ASK_ARENA] = 0;
  for (int i = 0; i < 3; i++)
    SEE(!pp_owns(stand, pp_take(stand, 1)));
  SEE_EQ(stand->asked[PP_ASK_ARENA], 5);
  struct pp_counts after = pp_counted(stand);
  SEE_EQ(after.system_blocks, before.system_blocks + 3);
  after.system_blocks = before.system_blocks;
  SEE(memcmp(&before, &after, sizeof before) == 0);
  SEE(memcmp(&slot, pp_slot(stand, 0), sizeof slot) == 0);
  SEE(pp_unused(stand) == unused);
  stand->left[PP_ASK_ARENA] = SIZE_MAX;
  SEE_EQ(pp_where(stand, pp_take(stand, 1)).arena_slot, 1);
}

static void fill_and_see(struct pp_stand *stand, size_t pool) {
  size_t requests = stand->asked[PP_ASK_ARENA];
  bool none = pp_usable(stand) == NULL;
  SEE_EQ(none, pp_free_pools(stand) == 0);
  pp_fill(stand, pool, 1);
  SEE_EQ(stand->asked[PP_ASK_ARENA], requests + none);
}

HeapTest(ARENA_18, requested_only_when_none_is_usable) {
  size_t pools = (pp_is_slow(stand) ? 1 : 2) * pp_pools(stand) + 2;
  for (size_t i = 0; i < pools; i++)
    fill_and_see(stand, i);
  for (size_t i = 0; i < pools; i += 3)
    pp_empty(stand, i, 1);
  for (size_t i = 0; i < pools; i++)
    fill_and_see(stand, i);
}

HeapTest(ARENA_20, counts_agree_with_the_vector) {
  size_t most = 0;
  size_t pools = (pp_is_slow(stand) ? 1 : 3) * pp_pools(stand) + 2;
  for (size_t i = 0; i < 2 * pools; i++) {
    if (i < pools)
      pp_fill(stand, i, 1);
    else
      pp_empty(stand, i - pools, 1);
    struct pp_counts counts = pp_counted(stand);
    size_t held = 0;
    for (size_t slot = 0; slot < counts.arena_slots; slot++)
      held += pp_slot(stand, slot)->address != 0;
    most = held > most ? held : most;
    SEE_EQ(counts.arenas, held);
    SEE_EQ(counts.arenas_highwater, most);
    SEE_EQ(counts.arenas_total, stand->asked[PP_ASK_ARENA]);
    SEE_EQ(held, stand->asked[PP_ASK_ARENA] - stand->asked[PP_GIVE_ARENA]);
  }
}

HeapTest(ARENA_22, released_once_as_it_was_given) {
  uintptr_t bases[4];
  if (pp_is_slow(stand))
    one_block_thrice(stand);
  else
    four_arenas(stand, bases);
  pp_take(stand, 1);
  size_t held = pp_counted(stand).arenas;
  size_t released = stand->asked[PP_GIVE_ARENA];
  pp_stand_close(stand); /* every arena goes */
  SEE_EQ(stand->asked[PP_GIVE_ARENA], released + held);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], stand->asked[PP_ASK_ARENA]);
  for (size_t i = 0; i < stand->log_count; i++) {
    const struct pp_asked *given = &stand->log[i];
    size_t asked = 0, freed = 0;
    for (size_t j = 0; j <= i && given->what == PP_GIVE_ARENA; j++) {
      if (stand->log[j].block != given->block) continue;
      SEE_EQ(stand->log[j].size, pp_arena_size(stand->profile));
      asked += stand->log[j].what == PP_ASK_ARENA;
      freed += stand->log[j].what == PP_GIVE_ARENA;
    }
    SEE_EQ(asked, freed);
  }
  pp_stand_open(stand, stand->profile, stand->level);
}
