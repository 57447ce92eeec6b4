/* Telling own blocks from foreign ones, on every profile: SPEC.md, MAP. */
#include "proptests/heaps.h"

/* The nodes that the first arena needs, in the order of requests, in bytes;
 * at a border it needs more of them when it is skewed. */
static const struct {
  size_t root;
  size_t nodes[4];
  size_t count, at_border;
} trees[PP_PROFILE_COUNT] = {
    [PP_PROFILE_3_10] = {8192, {8192, 2048, 8192, 2048}, 2, 4},
    [PP_PROFILE_3_11] = {262144, {262144, 131072, 131072}, 2, 3},
    [PP_PROFILE_3_12] = {262144, {262144, 131072, 131072}, 2, 3},
    [PP_PROFILE_3_13] = {262144, {262144, 131072, 131072}, 2, 3},
    [PP_PROFILE_TINY] = {65536, {65536, 65536, 65536, 65536}, 2, 4}};

static bool is_radix(const struct pp_stand *stand) {
  return trees[stand->profile->id].root > 0;
}

#define SEE_LEAF(address, hi, lo)                          \
  do {                                                     \
    int32_t tail_hi_, tail_lo_;                            \
    SEE(pp_leaf_at(stand, address, &tail_hi_, &tail_lo_)); \
    SEE_EQ((intptr_t)tail_hi_, (intptr_t)(hi));            \
    SEE_EQ((intptr_t)tail_lo_, (intptr_t)(lo));            \
  } while (0)

HeapTest(MAP_01, in_range_exactly_in_a_held_arena) {
  static uint8_t foreign[64];
  size_t size = pp_arena_size(stand->profile);
  SEE(!pp_owns(stand, foreign));
  stand->skew = 0;
  uint8_t *block = pp_take(stand, 1);
  uint8_t *base = (uint8_t *)pp_slot(stand, 0)->address;
  void *large = pp_take(stand, pp_small_max(stand->profile) + 1);
  SEE(pp_owns(stand, block));
  SEE(!pp_owns(stand, large));
  SEE(!pp_owns(stand, foreign));
  SEE(!pp_owns(stand, &stand));
  if (is_radix(stand)) { /* which knows all addresses, and not only blocks */
    SEE(pp_owns(stand, base));
    SEE(pp_owns(stand, base + size - 1));
    SEE(!pp_owns(stand, base - 1));
    SEE(!pp_owns(stand, base + size));
    SEE(!pp_owns(stand, NULL));
    SEE(!pp_owns(stand, (void *)UINTPTR_MAX));
  }
  if (stand->profile->keeps_rightmost) return;
  pp_give(stand, block);
  SEE_EQ(pp_counted(stand).arenas, 0);
}

HeapTest(MAP_02, in_range_when_the_named_arena_holds_it) {
  static uint32_t words[2 * 4096 / sizeof(uint32_t)];
  static const uint32_t indices[] = {0, 1, 15, 16, 0x7fffffff, UINT32_MAX};
  uint8_t *block = pp_take(stand, 1);
  for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
    for (size_t j = 0; j < sizeof words / sizeof words[0]; j++)
      words[j] = indices[i];
    SEE(!pp_owns(stand, &words[1024]));
    SEE(!pp_owns(stand, &words[1500]));
  }
  /* A block whose header was overwritten is taken for a foreign one. */
  struct pp_pool *pool = pp_pool_of(stand->profile, block);
  SEE(pp_owns(stand, block));
  for (size_t i = 1; i < sizeof indices / sizeof indices[0]; i++) {
    pp_write_u32(stand, &pool->arenaindex, indices[i]);
    SEE(!pp_owns(stand, block));
    pp_mend(stand);
  }
  SEE(pp_owns(stand, block));
}

HeapTest(MAP_03, skewed_arena_marks_two_leaves) {
  static const size_t skews[] = {16, 400, 496};
  size_t size = pp_arena_size(stand->profile);
  for (size_t i = 0; i < 3; i++) {
    pp_stand_close(stand);
    pp_stand_open(stand, stand->profile, stand->level);
    stand->skew = skews[i];
    uintptr_t base = pp_where(stand, pp_take(stand, 1)).arena;
    SEE_LEAF(base, skews[i], 0);
    SEE_LEAF(base - skews[i], skews[i], 0);
    SEE_LEAF(base + size, 0, skews[i]);
    SEE(!pp_owns(stand, (void *)(base - 1)));
    SEE(pp_owns(stand, (void *)base));
    SEE(pp_owns(stand, (void *)(base + size - 1)));
    SEE(!pp_owns(stand, (void *)(base + size)));
  }
  /* Where one ends and the next begins, they share a leaf. */
  pp_stand_close(stand);
  pp_stand_open(stand, stand->profile, stand->level);
  stand->skew = 16;
  stand->adjacent = true;
  pp_fill(stand, 0, pp_pools(stand)); /* one more than the first one has */
  uintptr_t base = pp_slot(stand, 0)->address;
  SEE_EQ(pp_slot(stand, 1)->address, base + size);
  SEE_LEAF(base, 16, 0);
  SEE_LEAF(base + size, 16, 16);
  SEE_LEAF(base + 2 * size, 0, 16);
  SEE(pp_owns(stand, (void *)(base + size - 1)));
  SEE(pp_owns(stand, (void *)(base + size)));
  SEE(!pp_owns(stand, (void *)(base + 2 * size)));
}

HeapTest(MAP_04, aligned_arena_marks_one_leaf_wholly) {
  size_t size = pp_arena_size(stand->profile);
  stand->adjacent = true;
  uintptr_t base = pp_where(stand, pp_take(stand, 1)).arena;
  SEE_LEAF(base, -1, 0);
  SEE_LEAF(base + size, 0, 0);
  SEE(!pp_owns(stand, (void *)(base - 1)));
  SEE(pp_owns(stand, (void *)(base + size - 1)));
  SEE(!pp_owns(stand, (void *)(base + size)));
}

HeapTest(MAP_05, marks_of_a_released_arena_are_taken_back) {
  size_t size = pp_arena_size(stand->profile);
  if (pp_is_slow(stand)) return;
  for (size_t skew = 0; skew <= 16; skew += 16) {
    size_t pools = pp_pools(stand) - (skew > 0);
    pp_stand_close(stand);
    pp_stand_open(stand, stand->profile, stand->level);
    stand->skew = skew;
    stand->adjacent = true;
    pp_fill(stand, 0, 3 * pools);
    uintptr_t base = pp_slot(stand, 1)->address;
    pp_empty(stand, 2 * pools, pools); /* is kept */
    pp_empty(stand, pools, pools);
    SEE_EQ(pp_slot(stand, 1)->address, 0);
    /* Those of its neighbours stay. */
    SEE_LEAF(base, 0, skew);
    SEE_LEAF(base + size, skew == 0 ? -1 : (int)skew, 0);
    SEE(!pp_owns(stand, (void *)base));
    SEE(!pp_owns(stand, (void *)(base + size - 1)));
    SEE(pp_owns(stand, (void *)(base - 1)));
    SEE(pp_owns(stand, (void *)(base + size)));
  }
}

/* Nodes requested from request number first on, in order. */
static void see_nodes(struct pp_stand *stand, size_t first, size_t count) {
  const size_t *nodes = trees[stand->profile->id].nodes;
  size_t met = first;
  SEE(stand->log_count <= PP_STAND_LOG);
  for (size_t i = 0; i < stand->log_count; i++) {
    if (stand->log[i].what != PP_ASK_CALLOC || stand->log[i].block == NULL)
      continue;
    SEE_EQ(stand->log[i].size, nodes[met]);
    met++;
  }
  SEE_EQ(met, first + count);
}

HeapTest(MAP_06, nodes_come_with_the_first_mark_and_stay) {
  SEE_EQ(stand->asked[PP_ASK_CALLOC], 0);
  void *block = pp_take(stand, 1);
  see_nodes(stand, 0, trees[stand->profile->id].count);
  size_t pools = (pp_is_slow(stand) ? 1 : 3) * pp_pools(stand);
  pp_fill(stand, 0, pools); /* near ones need no more */
  pp_empty(stand, 0, pools);
  pp_give(stand, block);
  SEE_EQ(pp_counted(stand).arenas, 1);
  see_nodes(stand, 0, trees[stand->profile->id].count);
  SEE_EQ(stand->asked[PP_GIVE_SYSTEM], 0);
  size_t arenas = stand->asked[PP_GIVE_ARENA];
  pp_stand_close(stand);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], arenas + 1);
  SEE_EQ(stand->asked[PP_GIVE_SYSTEM],
         trees[stand->profile->id].count + 1); /* and the vector */
  pp_stand_open(stand, stand->profile, stand->level);
  stand->at_border = true;
  stand->skew = 16;
  pp_take(stand, 1);
  see_nodes(stand, 0, trees[stand->profile->id].at_border);
}

HeapTest(MAP_07, refused_node_takes_back_marks_and_arena) {
  size_t nodes = trees[stand->profile->id].at_border;
  for (size_t granted = 0; granted < nodes; granted++) {
    pp_stand_close(stand);
    pp_stand_open(stand, stand->profile, stand->level);
    stand->at_border = true;
    stand->skew = 16;
    stand->left[PP_ASK_CALLOC] = granted;
    uint8_t *block = pp_take(stand, 1);
    SEE(block != NULL);
    SEE(!pp_owns(stand, block));
    see_nodes(stand, 0, granted);
    SEE_EQ(stand->asked[PP_ASK_ARENA], 1);
    SEE_EQ(stand->asked[PP_GIVE_ARENA], 1);
    SEE_EQ(pp_counted(stand).arenas, 0);
    SEE_EQ(pp_counted(stand).arenas_total, 0);
    uintptr_t base = ((uintptr_t)1 << 45) - pp_arena_size(stand->profile) + 16;
    SEE(!pp_owns(stand, (void *)base));
    int32_t tail_hi, tail_lo;
    pp_leaf_at(stand, base, &tail_hi, &tail_lo);
    SEE_EQ(tail_hi, 0);
    pp_give(stand, block);
    /* What was granted is not asked for again. */
    stand->left[PP_ASK_CALLOC] = SIZE_MAX;
    SEE_EQ(pp_where(stand, pp_take(stand, 1)).arena, base);
    SEE_EQ(pp_where(stand, pp_take(stand, 1)).arena_slot, 0);
    see_nodes(stand, 0, nodes);
  }
}

HeapTest(MAP_08, levels_and_arena_size_make_up_the_address) {
  const struct pp_profile *profile = stand->profile;
  bool narrow =
      profile->id == PP_PROFILE_3_10 || profile->id == PP_PROFILE_TINY;
  SEE_EQ(profile->map_top_bits + profile->map_middle_bits +
             profile->map_bottom_bits + profile->arena_bits,
         narrow ? 48 : 64);
  /* The root lies in the heap's own memory. */
  SEE_EQ(stand->reference->heap_size(profile) -
             stand->reference->heap_size(&pp_profiles[PP_PROFILE_3_9]),
         trees[profile->id].root);
  if (stand->level == PP_LEVEL_NONE) return;
  stand->altered = *profile;
  /* 47 bits */
  stand->altered.map_bottom_bits = narrow ? profile->map_bottom_bits - 1 : 0;
  stand->altered.map_middle_bits = narrow ? profile->map_middle_bits : 12;
  SEE_EQ(pp_create_breaks(stand), PP_MAP_08);
}
