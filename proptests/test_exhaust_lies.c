/* What the model of the exhaustive search says of one operation that did what
 * it should but for its answer: each of its facts, with the smallest lie. */
#include <string.h>

#include "proptests/told.h"

#define MOST ((uint64_t)PTRDIFF_MAX)

enum { SMALL = PP_TOLD_SMALL, LARGE = PP_TOLD_LARGE };

#define world pp_told_here.world
#define before pp_told_here.before
#define small pp_told_here.small
#define large pp_told_here.large
#define foreign pp_told_here.foreign

TestSuite(exhaust_lies, .init = pp_told_open, .fini = pp_told_close);

static struct pp_pool *pool_of(const uint8_t *block) {
  return pp_pool_of(world.profile, block);
}

/* ---- what is true ---- */

static void each_is_true(unsigned wanted) {
  static struct pp_move moves[PP_MOVES_MAX];
  struct pp_state state;
  pp_world_load(&world, before);
  cr_assert(pp_state_scan(&world, &state));
  unsigned count = pp_moves_list(&world, &state, moves);
  cr_assert_gt(count, 40);
  for (unsigned i = 0; i < count; i++) {
    struct pp_told told = {moves[i], NULL, false};
    pp_world_load(&world, before);
    told.answer =
        pp_move_perform(&world, &pp_reference_none, &moves[i], wanted);
    pp_told_true(&told);
  }
}

Test(exhaust_lies, what_is_true_is_no_lie) {
  each_is_true(0);
  each_is_true(1);
  each_is_true(3);
  /* And where all pools but one are empty. */
  for (unsigned i = 0; i < 2; i++)
    pp_world_free(&world, small[i]);
  for (unsigned i = 0; i < 2; i++)
    pp_world_free(&world, large[i]);
  pp_world_malloc(&world, LARGE + 1);
  pp_world_save(&world, before);
  struct pp_told told = pp_told_malloc(SMALL);
  pp_told_true(&told);
  told = pp_told_move(PP_OP_CALLOC, 1, LARGE - 1, NULL);
  pp_told_true(&told);
  told = pp_told_realloc(large[2], SMALL);
  pp_told_true(&told);
  cr_expect(told.changed);
  told = pp_told_move(PP_OP_FREE, 0, 0, large[2]);
  pp_told_true(&told);
}

/* The last block of a pool ends where its pool does. */
Test(exhaust_lies, a_pool_is_full_to_its_end) {
  for (unsigned i = 0; i < 2; i++)
    pp_world_malloc(&world, SMALL);
  pp_world_save(&world, before);
  struct pp_told told = pp_told_malloc(SMALL);
  cr_assert_eq((uintptr_t)told.answer % 128, 128 - SMALL);
  pp_told_true(&told);
}

Test(exhaust_lies, a_block_may_lie_in_any_arena) {
  pp_world_malloc(&world, LARGE);
  pp_world_save(&world, before);
  struct pp_told told = pp_told_malloc(LARGE);
  cr_assert_eq(world.given.places, 3);
  pp_told_true(&told);
  world.given.places = 2;
  pp_told_true(&told);
  pool_of(told.answer)->count++;
  pp_told_says(&told, PP_HEAP_01, "a pool counts 2 live blocks");
}

/* What stays where it is, or is refused, has no contents to be compared. */
Test(exhaust_lies, contents_are_compared_when_a_block_moves) {
  struct pp_told told = pp_told_realloc(large[0], LARGE - 7);
  cr_assert_eq(told.answer, large[0]);
  pp_told_true(&told);
  told = pp_told_realloc(large[0], MOST + 1);
  pp_told_true(&told);
  told = pp_told_malloc(LARGE + 1);
  pp_told_true(&told);
  told = pp_told_realloc(NULL, LARGE + 1);
  pp_told_true(&told);
  cr_expect_eq(world.witness.evaluated[PP_API_12], 0);
  told = pp_told_realloc(large[0], LARGE + 1);
  pp_told_true(&told);
  cr_expect_eq(world.witness.evaluated[PP_API_12], 1);
}

/* An arena that is released takes its memory with it. */
Test(exhaust_lies, memory_of_a_released_arena_is_nobodys) {
  uint8_t *filling = pp_world_malloc(&world, LARGE);
  uint8_t *beyond = pp_world_malloc(&world, LARGE);
  cr_assert_geq((uintptr_t)beyond, world.base[1]);
  pp_world_free(&world, beyond);
  pp_world_free(&world, filling);
  for (unsigned i = 0; i < 2; i++) {
    pp_world_free(&world, small[i]);
    pp_world_free(&world, large[i]);
  }
  pp_world_save(&world, before);
  struct pp_told told = pp_told_move(PP_OP_FREE, 0, 0, large[2]);
  cr_assert_eq(world.given.places, 2);
  pp_told_true(&told);
  large[2][8] ^= 1;
  pp_told_true(&told);
  beyond[8] ^= 1;
  pp_told_says(&told, PP_BLOCK_04,
               "byte 8 of a block that is not live was written");
}

/* ---- too much ---- */

Test(HEAP_06, a_request_over_the_most_is_null_and_calls_nobody) {
  pp_told_open();
  struct pp_told told = pp_told_malloc(MOST + 1);
  pp_told_true(&told);
  cr_expect_not(told.changed);
  told.answer = foreign;
  pp_told_says(&told, PP_HEAP_06, "a request over PTRDIFF_MAX is not null");
  told = pp_told_malloc(MOST + 1);
  pp_told_call(PP_CALL_SYSTEM, 1, NULL, true);
  pp_told_says(&told, PP_HEAP_06, "it reaches a source");
  cr_expect_eq(world.witness.evaluated[PP_HEAP_06], 5);
  cr_expect_eq(world.witness.evaluated[PP_HEAP_07], 0);
  told = pp_told_malloc(MOST);
  pp_told_true(&told);
  world.call_count = 0;
  pp_told_says(&told, PP_HEAP_03, "null, and the system did not refuse");
  pp_told_close();
}

/* Whether the product is too much is told by what a null without a call is. */
static void is_product(uint64_t count, uint64_t size, enum pp_clause null,
                       const char *what) {
  struct pp_told told = pp_told_move(PP_OP_CALLOC, count, size, NULL);
  pp_world_load(&world, before);
  told.answer = NULL;
  world.call_count = 0;
  pp_told_says(&told, null, what);
}

Test(HEAP_07, a_product_over_the_most_is_null_and_calls_nobody) {
  static const char kept[] = "null, and the system did not refuse";
  pp_told_open();
  struct pp_told told = pp_told_move(PP_OP_CALLOC, 1, MOST + 1, NULL);
  pp_told_true(&told);
  told.answer = foreign;
  pp_told_says(&told, PP_HEAP_07, "a product over PTRDIFF_MAX is not null");
  told = pp_told_move(PP_OP_CALLOC, 1, MOST + 1, NULL);
  pp_told_call(PP_CALL_SYSTEM, 1, NULL, true);
  pp_told_says(&told, PP_HEAP_07, "it reaches a source");
  cr_expect_eq(world.witness.evaluated[PP_REALLOC_07], 0);
  is_product(2, MOST / 2 + 1, PP_HOLDS, "");
  is_product(2, MOST / 2, PP_HEAP_03, kept);
  is_product(1, MOST, PP_HEAP_03, kept);
  is_product(MOST, 1, PP_HEAP_03, kept);
  is_product(MOST + 1, 1, PP_HOLDS, "");
  is_product(0, MOST + 1, PP_HEAP_03, kept);
  is_product(MOST + 2, 2, PP_HOLDS, "");
  is_product(4, 8, PP_HEAP_05, "null, and the system was not asked");
  pp_told_close();
}

Test(REALLOC_07, a_new_size_over_the_most_is_null_and_calls_nobody) {
  pp_told_open();
  struct pp_told told = pp_told_realloc(large[0], MOST + 1);
  pp_told_true(&told);
  told.answer = large[0];
  pp_told_says(&told, PP_REALLOC_07, "a new size over PTRDIFF_MAX is not null");
  told = pp_told_realloc(large[0], MOST + 1);
  pp_told_call(PP_CALL_SYSTEM, 1, NULL, true);
  pp_told_says(&told, PP_REALLOC_07, "it reaches a source");
  told = pp_told_realloc(NULL, MOST);
  world.call_count = 0;
  pp_told_says(&told, PP_HEAP_03, "null, and the system did not refuse");
  pp_told_close();
}

/* ---- null ---- */

static void null_after(uint64_t size, enum pp_world_call_kind kind,
                       bool refused, enum pp_clause clause, const char *what) {
  struct pp_told told = pp_told_malloc(size);
  pp_world_load(&world, before);
  told.answer = NULL;
  world.call_count = 0;
  if (size > 0 || kind != PP_CALL_ARENA)
    pp_told_call(kind, size, NULL, refused);
  pp_told_says(&told, clause, what);
}

Test(HEAP_05, null_is_what_the_system_refused) {
  static const char unasked[] = "null, and the system was not asked";
  static const char granted[] = "null, and the system did not refuse";
  pp_told_open();
  null_after(1, PP_CALL_ARENA, true, PP_HEAP_05, unasked);
  null_after(LARGE, PP_CALL_VECTOR, true, PP_HEAP_05, unasked);
  null_after(LARGE, PP_CALL_NODE, true, PP_HEAP_05, unasked);
  null_after(LARGE, PP_CALL_SYSTEM_FREE, true, PP_HEAP_05, unasked);
  null_after(LARGE, PP_CALL_SYSTEM, true, PP_HOLDS, "");
  null_after(LARGE, PP_CALL_RESIZE, true, PP_HOLDS, "");
  null_after(LARGE, PP_CALL_SYSTEM, false, PP_HEAP_03, granted);
  null_after(LARGE + 1, PP_CALL_ARENA, true, PP_HEAP_03, granted);
  null_after(0, PP_CALL_ARENA, true, PP_HEAP_03, granted);
  null_after(0, PP_CALL_SYSTEM, true, PP_HOLDS, "");
  struct pp_told told = pp_told_malloc(LARGE + 1);
  pp_world_load(&world, before);
  told.answer = NULL;
  pp_told_call(PP_CALL_SYSTEM, 33, NULL, true);
  pp_told_says(&told, PP_HOLDS, "");
  pp_told_call(PP_CALL_SYSTEM, 33, foreign, false);
  pp_told_says(&told, PP_HEAP_03, granted);
  pp_told_call(PP_CALL_ARENA, 512, NULL, true);
  pp_told_says(&told, PP_HEAP_03, granted);
  pp_told_close();
}

/* ---- of the system ---- */

Test(HEAP_03, a_large_block_is_what_the_system_gave) {
  pp_told_open();
  struct pp_told told = pp_told_malloc(LARGE + 1);
  pp_told_true(&told);
  cr_expect(told.changed);
  world.calls[0].size = 34;
  pp_told_says(&told, PP_HEAP_03, "the system is asked for 34 bytes");
  told = pp_told_malloc(LARGE + 1);
  told.answer++;
  pp_told_says(&told, PP_HEAP_03, "not the block that the system gave");
  told = pp_told_malloc(LARGE + 1);
  world.call_count = 0;
  pp_told_says(&told, PP_HEAP_03, "not a block of any source");
  told = pp_told_malloc(SMALL);
  told.answer = (uint8_t *)world.first_pool[1] + PP_POOL_HEADER;
  pp_told_says(&told, PP_HEAP_03, "not a block of any source");
  told.answer = world.low + 8;
  pp_told_says(&told, PP_HEAP_03, "not a block of any source");
  told.answer = world.high;
  pp_told_says(&told, PP_HEAP_03, "not a block of any source");
  told.answer = world.low - 128;
  pp_told_says(&told, PP_HEAP_03, "not a block of any source");
  pp_told_close();
}

Test(HEAP_04, no_bytes_are_one_of_the_system) {
  pp_told_open();
  struct pp_told told = pp_told_malloc(0);
  pp_told_true(&told);
  world.calls[0].size = 2;
  pp_told_says(&told, PP_HEAP_04, "2 bytes are asked of the system for none");
  told = pp_told_malloc(SMALL);
  told.move.a = 0;
  pp_told_says(&told, PP_HEAP_04, "a request of no bytes is in a pool");
  told = pp_told_malloc(1);
  pp_told_true(&told);
  told = pp_told_move(PP_OP_CALLOC, 0, 5, NULL);
  pp_told_true(&told);
  pp_told_close();
}

/* ---- of a pool ---- */

static void lies_at(size_t offset, enum pp_clause clause, const char *what) {
  struct pp_told told = pp_told_malloc(SMALL);
  told.answer = (uint8_t *)pool_of(small[0]) + offset;
  pp_told_says(&told, clause, what);
}

Test(exhaust_lies, a_small_block_is_one_of_its_pool) {
  struct pp_told told = pp_told_malloc(SMALL);
  pp_told_true(&told);
  cr_assert_eq(told.answer, small[1] + SMALL);
  pool_of(small[0])->szidx = 2;
  pp_told_says(&told, PP_POOL_15, "in a pool of no class");
  told = pp_told_malloc(SMALL);
  told.move.a = SMALL + 1;
  pp_told_says(&told, PP_SC_03, "a block of 16 bytes is too small");
  told = pp_told_malloc(LARGE);
  told.move.a = LARGE + 1;
  pp_told_says(&told, PP_SC_03, "a block of 32 bytes is too small");
  lies_at(PP_POOL_HEADER - 1, PP_BLOCK_02, "in a header");
  lies_at(0, PP_BLOCK_02, "in a header");
  lies_at(PP_POOL_HEADER + 8, PP_BLOCK_02, "between two blocks");
  lies_at(PP_POOL_HEADER + 3 * SMALL, PP_BLOCK_08,
          "the block is on a free list");
  told = pp_told_malloc(LARGE);
  cr_assert_eq(pool_of(told.answer), pool_of(large[2]));
  told.answer = (uint8_t *)pool_of(large[2]) + PP_POOL_HEADER + 2 * LARGE;
  pp_told_says(&told, PP_BLOCK_03, "beyond its pool");
}
