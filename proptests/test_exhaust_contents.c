/* What the model of the exhaustive search says of the memory after one
 * operation: free lists, headers and the bytes of blocks, each with the
 * smallest change that should not be there. */
#include <string.h>

#include "proptests/told.h"

enum { SMALL = PP_TOLD_SMALL, LARGE = PP_TOLD_LARGE };

#define world pp_told_here.world
#define before pp_told_here.before
#define small pp_told_here.small
#define large pp_told_here.large
#define foreign pp_told_here.foreign

TestSuite(exhaust_contents, .init = pp_told_open, .fini = pp_told_close);

static struct pp_pool *pool_of(const uint8_t *block) {
  return pp_pool_of(world.profile, block);
}

/* ---- free lists ---- */

Test(BLOCK_08, a_free_list_has_what_it_should_have) {
  static const char list[] =
      "the free list of a pool has not what it should have";
  pp_told_open();
  struct pp_told told = pp_told_malloc(SMALL);
  struct pp_pool *pool = pool_of(small[0]);
  pp_told_true(&told);
  pp_link_write(small[1] + 3 * SMALL, NULL);
  pp_link_write(pool->freeblock, small[1] + 3 * SMALL);
  pool->nextoffset += SMALL;
  pp_told_true(&told);
  pool->nextoffset += SMALL;
  pp_told_says(&told, PP_BLOCK_08, list);
  told = pp_told_malloc(SMALL);
  pool->freeblock = NULL;
  pp_told_says(&told, PP_BLOCK_08, list);
  told = pp_told_malloc(LARGE + 1);
  pool_of(small[0])->freeblock = NULL;
  pp_told_says(&told, PP_BLOCK_08, list);
  told = pp_told_move(PP_OP_FREE, 0, 0, small[0]);
  pp_told_true(&told);
  pool_of(small[0])->freeblock = pp_link_read(small[0]);
  pp_told_says(&told, PP_BLOCK_08, list);
  told = pp_told_move(PP_OP_FREE, 0, 0, small[1]);
  pp_told_true(&told);
  told = pp_told_move(PP_OP_FREE, 0, 0, large[1]);
  pp_told_true(&told);
  pool_of(large[1])->freeblock = NULL;
  pp_told_says(&told, PP_BLOCK_08, list);
  told = pp_told_realloc(small[1], LARGE);
  pp_told_true(&told);
  pool_of(small[1])->freeblock = pp_link_read(small[1]);
  pp_told_says(&told, PP_BLOCK_08, list);
  pp_told_close();
}

Test(HEAP_01, a_pool_counts_its_live_blocks) {
  pp_told_open();
  struct pp_told told = pp_told_malloc(SMALL);
  pool_of(small[0])->count++;
  pp_told_says(&told, PP_HEAP_01, "a pool counts 4 live blocks");
  told = pp_told_malloc(SMALL);
  pool_of(large[0])->count--;
  pp_told_says(&told, PP_HEAP_01, "a pool counts 1 live blocks");
  told = pp_told_move(PP_OP_FREE, 0, 0, small[0]);
  pool_of(small[0])->count = 2;
  pp_told_says(&told, PP_HEAP_01, "a pool counts 2 live blocks");
  pp_told_close();
}

Test(POOL_16, a_pool_is_of_a_slot) {
  pp_told_open();
  struct pp_told told = pp_told_malloc(SMALL);
  pool_of(small[0])->arenaindex = PP_ARENA_SLOTS_FIRST;
  pp_told_says(&told, PP_POOL_16, "a pool of slot 16");
  pool_of(small[0])->arenaindex = PP_ARENA_SLOTS_FIRST - 1;
  pp_told_says(&told, PP_HOLDS, "");
  pp_told_close();
}

/* What is behind the last pool that was carved has no header yet; a pool that
 * was begun anew had no live block. */
Test(exhaust_contents, a_pool_is_looked_at_when_it_is_one) {
  struct pp_told told = pp_told_malloc(SMALL);
  uint8_t *fresh = (uint8_t *)world.vector[0].pool_address;
  cr_assert_eq((uintptr_t)fresh, world.first_pool[0] + 3 * 128);
  pool_of(large[0])->szidx = 2;
  pool_of(large[0])->count = 0;
  pp_told_says(&told, PP_HOLDS, "");
  told = pp_told_malloc(SMALL);
  world.vector[0].pool_address = (uintptr_t)pool_of(large[0]);
  pool_of(large[0])->count = 0;
  pp_told_says(&told, PP_HOLDS, "");
  world.vector[0].pool_address += 128;
  pp_told_says(&told, PP_HEAP_01, "a pool counts 0 live blocks");
  told = pp_told_move(PP_OP_FREE, 0, 0, large[2]);
  pp_world_save(&world, before);
  told = pp_told_malloc(SMALL);
  struct pp_pool *pool = pool_of(large[2]);
  pool->szidx = 0;
  pool->count = 1;
  pp_told_says(&told, PP_BLOCK_08,
               "the free list of a pool has not what it should have");
}

/* A block whose realloc is refused is live as before. */
Test(exhaust_contents, a_block_that_is_kept_is_on_no_free_list) {
  struct pp_told told = pp_told_realloc(small[0], UINT64_MAX / 2 + 1);
  pp_told_true(&told);
  pp_world_free(&world, small[0]);
  pp_told_says(&told, PP_BLOCK_08,
               "the free list of a pool has not what it should have");
}

/* A pool that is begun for another class has no live block from before. */
Test(exhaust_contents, another_class_is_another_pool) {
  struct pp_told told = pp_told_move(PP_OP_FREE, 0, 0, large[2]);
  struct pp_pool *pool = pool_of(large[2]);
  pp_told_true(&told);
  pool->szidx = 0;
  pp_link_write(large[2] + SMALL, NULL);
  pp_link_write(large[2], large[2] + SMALL);
  pool->freeblock = large[2];
  pool->nextoffset = PP_POOL_HEADER + 2 * SMALL;
  pool->count = 7; /* before and now: it is looked at for its list */
  pp_told_says(&told, PP_HEAP_01, "a pool counts 7 live blocks");
}

/* ---- contents ---- */

static void writes(uint8_t *byte, enum pp_clause clause, const char *what) {
  struct pp_told told = pp_told_malloc(LARGE + 1);
  *byte ^= 0x10;
  pp_told_says(&told, clause, what);
  if (clause == PP_HOLDS) cr_expect(told.changed);
  told = pp_told_move(PP_OP_FREE, 0, 0, NULL);
  pp_told_true(&told);
  cr_expect_not(told.changed);
  *byte ^= 0x10;
  pp_told_says(&told, clause, what);
}

Test(API_03, a_live_block_keeps_its_contents) {
  pp_told_open();
  writes(small[0], PP_API_03, "a live block's contents changed at byte 0");
  writes(small[1] + 15, PP_API_03, "a live block's contents changed at byte 8");
  writes(large[1] + 31, PP_API_03,
         "a live block's contents changed at byte 24");
  writes(large[2], PP_API_03, "a live block's contents changed at byte 0");
  pp_told_close();
}

Test(BLOCK_04, of_a_free_block_only_the_link_is_written) {
  pp_told_open();
  uint8_t *block = large[2] + LARGE; /* the spare of its pool */
  writes(block, PP_HOLDS, "");
  writes(block + 7, PP_HOLDS, "");
  writes(block + 8, PP_BLOCK_04,
         "byte 8 of a block that is not live was written");
  writes(block + 24, PP_BLOCK_04,
         "byte 24 of a block that is not live was written");
  writes(small[1] + 3 * SMALL + 8, PP_BLOCK_04,
         "byte 8 of a block that is not live was written");
  writes((uint8_t *)pool_of(large[2]) + PP_POOL_HEADER + 2 * LARGE + 8,
         PP_BLOCK_04, "byte 8 of a block that is not live was written");
  struct pp_told told = pp_told_malloc(LARGE);
  told.answer[8] ^= 1;
  pp_told_says(&told, PP_BLOCK_04, "malloc wrote the word at byte 8");
  told = pp_told_malloc(LARGE);
  told.answer[31] ^= 1;
  pp_told_says(&told, PP_BLOCK_04, "malloc wrote the word at byte 24");
  told = pp_told_malloc(LARGE);
  told.answer[7] ^= 1;
  pp_told_true(&told);
  pp_told_close();
}

Test(API_40, nothing_is_written_outside_of_the_arenas) {
  static const char outside[] = "memory outside of all arenas was written";
  pp_told_open();
  writes(world.low, PP_API_40, outside);
  writes((uint8_t *)world.first_pool[0] - 1, PP_API_40, outside);
  writes((uint8_t *)world.first_pool[0] + 3 * 128, PP_API_40, outside);
  writes(world.system - 1, PP_API_40, outside);
  struct pp_told told = pp_told_malloc(LARGE + 1);
  world.system[0] ^= 1;
  pp_told_true(&told);
  pp_told_close();
}

Test(exhaust_contents, of_a_header_only_count_and_list_are_the_models) {
  uint8_t *header = (uint8_t *)pool_of(small[0]);
  writes(header + 16, PP_HOLDS, "");
  writes(header + 24, PP_HOLDS, "");
  writes(header, PP_HEAP_01, "a pool counts 18 live blocks");
  pool_of(small[0])->count++;
  pp_world_save(&world, before);
  writes(header + 16, PP_HOLDS, "");
}

/* ---- what was asked for ---- */

static void calloc_writes(uint64_t size, size_t offset, enum pp_clause clause,
                          const char *what) {
  struct pp_told told = pp_told_move(PP_OP_CALLOC, 1, size, NULL);
  pp_told_true(&told);
  told.answer[offset] ^= 1;
  pp_told_says(&told, clause, what);
}

Test(HEAP_08, what_calloc_answers_is_zero) {
  pp_told_open();
  calloc_writes(LARGE - 1, 0, PP_HEAP_08,
                "calloc left the word at byte 0 wrong");
  calloc_writes(LARGE - 1, 9, PP_HEAP_08,
                "calloc left the word at byte 8 wrong");
  calloc_writes(LARGE - 1, 30, PP_HEAP_08,
                "calloc left the word at byte 24 wrong");
  calloc_writes(LARGE - 1, 31, PP_HEAP_08,
                "calloc left the word at byte 24 wrong");
  calloc_writes(20, 24, PP_HEAP_08, "calloc left the word at byte 24 wrong");
  calloc_writes(SMALL, 15, PP_HEAP_08, "calloc left the word at byte 8 wrong");
  calloc_writes(SMALL - 9, 0, PP_HOLDS, "");
  calloc_writes(SMALL - 8, 0, PP_HEAP_08,
                "calloc left the word at byte 0 wrong");
  pp_told_close();
}

static void realloc_writes(uint8_t *block, uint64_t size, size_t offset,
                           enum pp_clause clause, const char *what) {
  struct pp_told told = pp_told_realloc(block, size);
  pp_told_true(&told);
  cr_expect_neq(told.answer, block);
  told.answer[offset] ^= 1;
  pp_told_says(&told, clause, what);
}

Test(API_12, what_realloc_moves_keeps_its_contents) {
  pp_told_open();
  realloc_writes(small[0], LARGE, 0, PP_API_12,
                 "realloc left the word at byte 0 wrong");
  realloc_writes(small[0], LARGE, 15, PP_API_12,
                 "realloc left the word at byte 8 wrong");
  realloc_writes(small[0], LARGE, 16, PP_API_12,
                 "realloc left the word at byte 16 wrong");
  realloc_writes(large[0], SMALL, 15, PP_API_12,
                 "realloc left the word at byte 8 wrong");
  realloc_writes(large[0], 4, 0, PP_HOLDS, "");
  realloc_writes(large[0], 12, 12, PP_API_12,
                 "realloc left the word at byte 8 wrong");
  realloc_writes(NULL, LARGE, 0, PP_HOLDS, "");
  realloc_writes(NULL, LARGE, 8, PP_API_12,
                 "realloc left the word at byte 8 wrong");
  realloc_writes(small[0], LARGE + 1, 15, PP_API_12,
                 "realloc to the system lost contents");
  realloc_writes(small[0], LARGE + 1, 0, PP_API_12,
                 "realloc to the system lost contents");
  realloc_writes(small[0], LARGE + 1, 16, PP_HOLDS, "");
  realloc_writes(large[0], LARGE + 1, 31, PP_API_12,
                 "realloc to the system lost contents");
  realloc_writes(large[0], 0, 0, PP_HOLDS, "");
  realloc_writes(NULL, LARGE + 1, 0, PP_HOLDS, "");
  pp_told_close();
}

/* A block of the system that comes to a pool, too: one byte of it is known. */
Test(API_12, what_comes_from_the_system_keeps_a_byte) {
  pp_told_open();
  struct pp_told told = pp_told_realloc(foreign, 1);
  pp_told_true(&told);
  told = pp_told_realloc(foreign, LARGE + 2);
  pp_told_true(&told);
  pp_told_close();
}

Test(HEAP_09, freeing_null_does_nothing) {
  pp_told_open();
  struct pp_told told = pp_told_move(PP_OP_FREE, 0, 0, NULL);
  pp_told_true(&told);
  pp_told_call(PP_CALL_SYSTEM_FREE, 0, NULL, false);
  pp_told_says(&told, PP_HEAP_09, "freeing null reaches a source");
  told = pp_told_move(PP_OP_FREE, 0, 0, foreign);
  pp_told_true(&told);
  cr_expect_eq(world.call_count, 1);
  pp_told_close();
}
