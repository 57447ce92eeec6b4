/* The shapes of arenas and pools, and the size classes, on every profile:
 * SPEC.md, GEO and SC. The numbers were measured, row by row. */
#include "proptests/heaps.h"

/* Blocks of class k in a pool, and the bytes left over behind them. */
struct row {
  unsigned blocks, slack;
};

/* clang-format off */
static const struct row rows_3_7_3[64] = {
    {506,   0}, {253,   0}, {168,  16}, {126,  16}, {101,   8}, { 84,  16},
    { 72,  16}, { 63,  16}, { 56,  16}, { 50,  48}, { 46,   0}, { 42,  16},
    { 38,  96}, { 36,  16}, { 33,  88}, { 31,  80}, { 29, 104}, { 28,  16},
    { 26,  96}, { 25,  48}, { 24,  16}, { 23,   0}, { 22,   0}, { 21,  16},
    { 20,  48}, { 19,  96}, { 18, 160}, { 18,  16}, { 17, 104}, { 16, 208},
    { 16,  80}, { 15, 208}, { 15,  88}, { 14, 240}, { 14, 128}, { 14,  16},
    { 13, 200}, { 13,  96}, { 12, 304}, { 12, 208}, { 12, 112}, { 12,  16},
    { 11, 264}, { 11, 176}, { 11,  88}, { 11,   0}, { 10, 288}, { 10, 208},
    { 10, 128}, { 10,  48}, {  9, 376}, {  9, 304}, {  9, 232}, {  9, 160},
    {  9,  88}, {  9,  16}, {  8, 400}, {  8, 336}, {  8, 272}, {  8, 208},
    {  8, 144}, {  8,  80}, {  8,  16}, {  7, 464}};
static const struct row rows_4k[32] = {
    {253,   0}, {126,  16}, { 84,  16}, { 63,  16}, { 50,  48}, { 42,  16},
    { 36,  16}, { 31,  80}, { 28,  16}, { 25,  48}, { 23,   0}, { 21,  16},
    { 19,  96}, { 18,  16}, { 16, 208}, { 15, 208}, { 14, 240}, { 14,  16},
    { 13,  96}, { 12, 208}, { 12,  16}, { 11, 176}, { 11,   0}, { 10, 208},
    { 10,  48}, {  9, 304}, {  9, 160}, {  9,  16}, {  8, 336}, {  8, 208},
    {  8,  80}, {  7, 464}};
static const struct row rows_16k[32] = {
    {1021,  0}, {510,  16}, {340,  16}, {255,  16}, {204,  16}, {170,  16},
    {145,  96}, {127,  80}, {113,  64}, {102,  16}, { 92, 144}, { 85,  16},
    { 78, 112}, { 72, 208}, { 68,  16}, { 63, 208}, { 60,  16}, { 56, 208},
    { 53, 224}, { 51,  16}, { 48, 208}, { 46, 144}, { 44, 144}, { 42, 208},
    { 40, 336}, { 39, 112}, { 37, 352}, { 36, 208}, { 35,  96}, { 34,  16},
    { 32, 464}, { 31, 464}};
static const struct row rows_tiny[2] = {{5, 0}, {2, 16}};
static const struct row rows_small[4] = {{13, 0}, {6, 16}, {4, 16}, {3, 16}};

/* What each profile measures in bytes, and its pools in an arena whose base
 * is this many bytes beyond a multiple of the arena size. */
static const struct shape {
  unsigned step, classes, pool, arena;
  unsigned pools_at[4];
  const struct row *rows;
} shapes[PP_PROFILE_COUNT] = {
    [PP_PROFILE_3_6] = {16, 32, 4096, 1 << 18, {64, 63, 63, 64}, rows_4k},
    [PP_PROFILE_3_7_3] = {8, 64, 4096, 1 << 18, {64, 63, 63, 64}, rows_3_7_3},
    [PP_PROFILE_3_7] = {16, 32, 4096, 1 << 18, {64, 63, 63, 64}, rows_4k},
    [PP_PROFILE_3_8] = {16, 32, 4096, 1 << 18, {64, 63, 63, 64}, rows_4k},
    [PP_PROFILE_3_9] = {16, 32, 4096, 1 << 18, {64, 63, 63, 64}, rows_4k},
    [PP_PROFILE_3_10] = {16, 32, 16384, 1 << 20, {64, 63, 63, 63}, rows_16k},
    [PP_PROFILE_3_11] = {16, 32, 16384, 1 << 20, {64, 63, 63, 63}, rows_16k},
    [PP_PROFILE_3_12] = {16, 32, 16384, 1 << 20, {64, 63, 63, 63}, rows_16k},
    [PP_PROFILE_3_13] = {16, 32, 16384, 1 << 20, {64, 63, 63, 63}, rows_16k},
    [PP_PROFILE_TINY] = {16, 2, 128, 1 << 9, {4, 3, 3, 4}, rows_tiny},
    [PP_PROFILE_SMALL] = {16, 4, 256, 1 << 11, {8, 7, 7, 8}, rows_small}};
static const size_t skews[4] = {0, 16, 1040, 4096};
/* clang-format on */

static const struct shape *shape_of(const struct pp_stand *stand) {
  return &shapes[stand->profile->id];
}

/* ---- GEO ---- */

enum role { NONE, LIVE, FREE, UNTOUCHED, HEADER, SLACK, FREE_POOL, GAP };

struct roles {
  struct pp_stand *stand;
  const struct pp_arena_info *arena;
  const struct pp_pool_info *pool;
  uint8_t of[1 << 20]; /* by offset in the arena */
  size_t count[GAP + 1];
};

static void give_role(struct roles *roles, enum role role, uintptr_t from,
                      size_t size) {
  struct pp_stand *stand = roles->stand;
  size_t offset = from - roles->arena->base;
  size_t taken = 0;
  SEE(offset + size <= shape_of(stand)->arena);
  for (size_t at = offset; at < offset + size; at++)
    taken += roles->of[at] != NONE;
  SEE_EQ(taken, 0);
  memset(&roles->of[offset], role, size);
  roles->count[role] += size;
}

static bool role_of_block(void *ctx, uintptr_t block, bool live) {
  struct roles *roles = ctx;
  size_t step = shape_of(roles->stand)->step;
  give_role(roles, live ? LIVE : FREE, block,
            (roles->pool->class_index + 1) * step);
  return true;
}

static bool role_of_pool(void *ctx, const struct pp_pool_info *pool) {
  struct roles *roles = ctx;
  const struct shape *shape = shape_of(roles->stand);
  if (pool->count == 0) {
    give_role(roles, FREE_POOL, pool->base, shape->pool);
    return true;
  }
  size_t slack = shape->rows[pool->class_index].slack;
  roles->pool = pool;
  give_role(roles, HEADER, pool->base, 48);
  roles->stand->reference->visit_blocks(roles->stand->heap, pool->base, roles,
                                        role_of_block);
  give_role(roles, UNTOUCHED, pool->base + pool->next_offset,
            shape->pool - pool->next_offset - slack);
  give_role(roles, SLACK, pool->base + shape->pool - slack, slack);
  return true;
}

static bool role_of_arena(void *ctx, const struct pp_arena_info *arena) {
  struct roles *roles = ctx;
  struct pp_stand *stand = roles->stand;
  const struct shape *shape = shape_of(stand);
  memset(roles->of, NONE, shape->arena);
  roles->arena = arena;
  uintptr_t end = arena->first_pool + arena->total_pools * shape->pool;
  give_role(roles, GAP, arena->base, arena->first_pool - arena->base);
  give_role(roles, GAP, end, arena->base + shape->arena - end);
  stand->reference->visit_pools(stand->heap, arena->slot, roles, role_of_pool);
  give_role(roles, FREE_POOL, arena->next_pool, end - arena->next_pool);
  SEE(memchr(roles->of, NONE, shape->arena) == NULL);
  return true;
}

HeapTest(GEO_01, every_byte_of_an_arena_has_one_role) {
  static struct roles roles;
  memset(&roles, 0, sizeof roles);
  roles.stand = stand;
  void *blocks[60];
  uint64_t state = 1;
  size_t requested = 0;
  stand->skew = 16;
  for (size_t i = 0; i < 60; i++) {
    size_t size = 1 + pp_draw(&state) % pp_small_max(stand->profile);
    blocks[i] = pp_take(stand, size);
    requested += pp_where(stand, blocks[i]).block_size;
  }
  for (size_t i = 0; i < 60; i += 2) {
    requested -= pp_where(stand, blocks[i]).block_size;
    pp_give(stand, blocks[i]);
  }
  stand->reference->visit_arenas(stand->heap, &roles, role_of_arena);
  SEE_EQ(roles.count[LIVE], requested);
  for (int role = LIVE; role <= GAP; role++)
    SEE(roles.count[role] > 0);
}

HeapTest(GEO_02, header_takes_48_bytes) {
  cr_assert_eq(sizeof(struct pp_pool), 48);
  for (size_t size = 1; size <= pp_small_max(stand->profile); size += 8) {
    void *block = pp_take(stand, size);
    struct pp_place place = pp_where(stand, block);
    if (pp_pool_of(stand->profile, block)->count == 1)
      SEE_EQ(place.pool_offset, 48);
    SEE(place.pool_offset >= 48);
  }
}

HeapTest(GEO_03, pool_is_found_by_clearing_low_bits) {
  const struct shape *shape = shape_of(stand);
  stand->skew = 1040;
  for (size_t i = 0; i < 200; i++) {
    size_t size = 1 + i * 37 % pp_small_max(stand->profile);
    void *block = pp_take(stand, size);
    struct pp_place place = pp_where(stand, block);
    uintptr_t pool = (uintptr_t)block / shape->pool * shape->pool;
    SEE_EQ(place.pool, pool);
    SEE_EQ(((struct pp_pool *)pool)->szidx, (size - 1) / shape->step);
    SEE_EQ(((struct pp_pool *)pool)->arenaindex, place.arena_slot);
  }
}

/* Fills arenas at each skew until one more is requested; answers the pools
 * that the arena at this skew gave. */
static size_t pools_at(struct pp_stand *stand, size_t skew) {
  static struct pp_stand other;
  pp_stand_open(&other, stand->profile, stand->level);
  other.skew = skew;
  size_t pools = 0;
  pp_fill(&other, 0, 1);
  struct pp_place first = pp_where(&other, other.blocks[0][0]);
  while (other.asked[PP_ASK_ARENA] == 1) {
    struct pp_pool *pool = pp_filled(&other, pools);
    SEE((uintptr_t)pool >= first.arena);
    SEE((uintptr_t)pool + shape_of(stand)->pool <=
        first.arena + shape_of(stand)->arena);
    pools++;
    pp_fill(&other, pools, 1);
  }
  SEE_EQ(pp_slot(&other, 0)->ntotalpools, pools);
  SEE_EQ(pp_slot(&other, 0)->address, first.arena);
  SEE_EQ(first.arena % shape_of(stand)->arena, skew % shape_of(stand)->arena);
  pp_stand_close(&other);
  return pools;
}

HeapTest(GEO_04, as_many_pools_as_fit) {
  if (pp_is_slow(stand)) return;
  for (size_t i = 0; i < 4; i++)
    SEE_EQ(pools_at(stand, skews[i]), shape_of(stand)->pools_at[i]);
}

HeapTest(GEO_05, misaligned_arena_loses_one_pool) {
  if (pp_is_slow(stand)) return;
  const struct shape *shape = shape_of(stand);
  size_t aligned = shape->arena / shape->pool;
  SEE_EQ(pools_at(stand, 16), aligned - 1);
  SEE_EQ(pools_at(stand, shape->pool - 16), aligned - 1);
  SEE_EQ(pools_at(stand, shape->pool), aligned);
  SEE_EQ(pools_at(stand, shape->arena - 16), aligned - 1);
}

HeapTest(GEO_06, aligned_arena_holds_64_pools) {
  if (pp_is_slow(stand)) return;
  SEE_EQ(pools_at(stand, 0), 64);
  SEE_EQ(pools_at(stand, shape_of(stand)->pool), 64);
}

HeapTest(GEO_07, up_to_512_bytes_are_small) {
  for (size_t size = 1; size <= 512; size++)
    SEE(pp_owns(stand, pp_take(stand, size)));
  SEE_EQ(stand->asked[PP_ASK_MALLOC], 0);
  SEE(!pp_owns(stand, pp_take(stand, 513)));
  SEE_EQ(stand->asked[PP_ASK_MALLOC], 1);
  SEE_EQ(pp_small_max(stand->profile), 512);
}

/* A profile with other numbers is no profile of CPython's. */
HeapTest(GEO_06, arena_of_128_pools_is_told) {
  stand->altered = *stand->profile;
  stand->altered.arena_bits++;
  if (stand->level > PP_LEVEL_NONE) SEE_EQ(pp_create_breaks(stand), PP_GEO_06);
}

HeapTest(GEO_07, other_small_limit_is_told) {
  stand->altered = *stand->profile;
  stand->altered.class_count--;
  if (stand->level > PP_LEVEL_NONE) SEE_EQ(pp_create_breaks(stand), PP_GEO_07);
}

/* ---- SC ---- */

HeapTest(SC_01, class_of_a_request) {
  const struct shape *shape = shape_of(stand);
  for (size_t size = 1; size <= shape->classes * shape->step; size++) {
    struct pp_place place = pp_where(stand, pp_take(stand, size));
    SEE_EQ(place.class_index, (size - 1) / shape->step);
  }
}

HeapTest(SC_02, block_size_of_a_class) {
  const struct shape *shape = shape_of(stand);
  for (unsigned k = 0; k < shape->classes; k++) {
    uint8_t *first = pp_take(stand, k * shape->step + 1);
    uint8_t *second = pp_take(stand, k * shape->step + shape->step);
    SEE_EQ(pp_where(stand, first).block_size, (k + 1) * shape->step);
    SEE_EQ(second - first, (k + 1) * shape->step);
  }
}

HeapTest(SC_03, block_is_less_than_one_step_larger) {
  const struct shape *shape = shape_of(stand);
  for (size_t size = 1; size <= shape->classes * shape->step; size++) {
    struct pp_place place = pp_where(stand, pp_take(stand, size));
    SEE(place.block_size >= size);
    SEE(place.block_size < size + shape->step);
  }
}

static bool capacity_of_pool(void *ctx, const struct pp_pool_info *pool) {
  struct pp_stand *stand = ctx;
  SEE_EQ(pool->capacity, shape_of(stand)->rows[pool->class_index].blocks);
  return true;
}

HeapTest(SC_04, capacity_is_what_fits) {
  const struct shape *shape = shape_of(stand);
  for (unsigned k = 0; k < shape->classes; k++) {
    const struct row *row = &shape->rows[k];
    size_t size = (k + 1) * shape->step;
    uint8_t *first = pp_take(stand, size);
    uint8_t *last = first;
    unsigned blocks = 0;
    struct pp_pool *pool = pp_pool_of(stand->profile, first);
    for (uint8_t *block = first; pp_pool_of(stand->profile, block) == pool;
         block = pp_take(stand, size)) {
      SEE_EQ(block - first, blocks * size);
      last = block;
      blocks++;
    }
    SEE_EQ(blocks, row->blocks);
    SEE_EQ((uint8_t *)pool + shape->pool - (last + size), row->slack);
  }
  for (size_t slot = 0; slot < pp_counted(stand).arenas; slot++)
    stand->reference->visit_pools(stand->heap, (uint32_t)slot, stand,
                                  capacity_of_pool);
}

HeapTest(SC_05, every_class_has_two_blocks) {
  const struct shape *shape = shape_of(stand);
  for (unsigned k = 0; k < shape->classes; k++) {
    SEE(shape->rows[k].blocks >= 2);
    struct pp_place first =
        pp_where(stand, pp_take(stand, (k + 1) * shape->step));
    struct pp_place second =
        pp_where(stand, pp_take(stand, (k + 1) * shape->step));
    SEE_EQ(first.pool, second.pool);
  }
  if (stand->level == PP_LEVEL_NONE) return;
  /* Pools too small for two blocks of the largest class. */
  stand->altered = *stand->profile;
  stand->altered.pool_bits = shape->classes > 4 ? 10 : 6;
  stand->altered.arena_bits = stand->altered.pool_bits + 2;
  SEE_EQ(pp_create_breaks(stand), PP_SC_05);
}

HeapTest(SC_06, classes_of_8_or_16_bytes) {
  bool eight = stand->profile->id == PP_PROFILE_3_7_3;
  size_t classes = 0;
  uint32_t last = UINT32_MAX;
  for (size_t size = 1; size <= 512; size++) {
    struct pp_place place = pp_where(stand, pp_take(stand, size));
    if (place.class_index == last) continue;
    last = place.class_index;
    SEE_EQ(place.class_index, classes);
    classes++;
    SEE_EQ(place.block_size, classes * (eight ? 8 : 16));
  }
  SEE_EQ(classes, eight ? 64 : 32);
}

HeapTest(SC_06, more_than_64_classes_are_told) {
  stand->altered = *stand->profile;
  stand->altered.class_count = 65;
  if (stand->level > PP_LEVEL_NONE) SEE_EQ(pp_create_breaks(stand), PP_SC_06);
}
