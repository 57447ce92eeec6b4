/* The walk over pools (SPEC.md, BLOCK, POOL and ARENA): headers of one heap are
 * changed, and the walk tells where it is unlike its twin. */
#include <criterion/criterion.h>

#include "proptests/pair.h"
#include "reference/alloc/geometry.h"

static struct pp_pool *pool_of(const void *block) {
  uintptr_t mask = ~(((uintptr_t)1 << pp_pair.subject.profile->pool_bits) - 1);
  return (struct pp_pool *)((uintptr_t)block & mask);
}

/* Two pools, each with blocks live, dead and untouched; 1 and 101 are live. */
static void begin_walk(void) {
  pp_pair_begin("3.9", 0);
  for (uint64_t i = 1; i <= 4; i++) {
    cr_assert(pp_pair_step(PP_OP_MALLOC, i, 100, 0));
    cr_assert(pp_pair_step(PP_OP_MALLOC, 100 + i, 200, 0));
  }
  cr_assert(pp_pair_step(PP_OP_FREE, 2, 0, 0));
  cr_assert(pp_pair_step(PP_OP_FREE, 102, 0, 0));
  cr_assert(pp_pair_walk());
  cr_assert_eq(pp_pair_evaluated(PP_ARENA_01), 2);
  cr_assert_eq(pp_pair_evaluated(PP_POOL_16), 2);
  cr_assert_eq(pp_pair_evaluated(PP_BLOCK_08), 2);
  cr_assert_eq(pp_pair_evaluated(PP_HEAP_13), 10 + 1);
}

Test(ARENA_01, live_blocks_of_a_pool_are_as_many_as_the_twin_has) {
  begin_walk();
  pool_of(pp_pair_block(101).address)->count++;
  cr_assert_not(pp_pair_walk());
  pp_pair_broke(PP_ARENA_01,
                "the pool at arena 0 + 0x1000 has 4 live blocks; the "
                "reference's 3");
  cr_assert_eq(pp_pair.report.where, PP_WHERE_ENGINE);
}

Test(POOL_16, pools_of_an_arena_name_one_slot) {
  begin_walk();
  pool_of(pp_pair_block(101).address)->arenaindex = 3;
  cr_assert_not(pp_pair_walk());
  pp_pair_broke(PP_POOL_16,
                "the pool at arena 0 + 0x1000 names slot 3, its neighbours 0");
  pool_of(pp_pair_block(1).address)->arenaindex = 3; /* which one is its own */
  cr_assert(pp_pair_walk());
}

Test(POOL_16, empty_pools_are_looked_at_no_further) {
  begin_walk();
  struct pp_pool *pool = pool_of(pp_pair_block(101).address);
  for (uint64_t i = 101; i <= 104; i++)
    cr_assert(pp_pair_step(PP_OP_FREE, i, 0, 0));
  pool->nextoffset = 1;
  pool->freeblock = NULL;
  pp_pair_evaluated(PP_HEAP_12);
  cr_assert(pp_pair_walk());
  cr_assert_eq(pp_pair_evaluated(PP_POOL_16), 2);
  cr_assert_eq(pp_pair_evaluated(PP_BLOCK_08), 1);
  cr_assert_eq(pp_pair_evaluated(PP_HEAP_12), 1);
}

Test(HEAP_12, pool_that_does_not_hold_together_is_told) {
  begin_walk();
  pool_of(pp_pair_block(1).address)->maxnextoffset++;
  cr_assert_not(pp_pair_walk());
  cr_assert_neq(pp_pair.report.finding.clause, PP_HEAP_12);
  pp_pair_broke(pp_pair.report.finding.clause,
                "the pool at arena 0 + 0x0 does not hold together");
  cr_assert_eq(pp_pair.report.where, PP_WHERE_ENGINE);
}

Test(BLOCK_08, live_block_on_a_free_list_is_told) {
  begin_walk();
  const uint8_t *dead = pool_of(pp_pair_block(101).address)->freeblock;
  cr_assert(pp_shadow_claim(&pp_pair.driver.shadow, dead, 1));
  cr_assert_not(pp_pair_walk());
  pp_pair_broke(PP_BLOCK_08,
                "a live block is on the free list of the pool at arena 0 "
                "+ 0x1000");
  pp_pair.driver.options.shadow = false;
  cr_assert(pp_pair_walk());
}

Test(HEAP_12, header_unlike_the_twins_is_told) {
  for (int field = 0; field < 4; field++) {
    begin_walk();
    struct pp_pool *theirs = pool_of(pp_pair_block(101).twin);
    if (field == 0) theirs->szidx--;
    if (field == 1) theirs->nextoffset--;
    if (field == 2) theirs->freeblock++;
    if (field == 3) theirs->freeblock = NULL;
    cr_assert_not(pp_pair_walk());
    pp_pair_broke(PP_HEAP_12,
                  "the pool at arena 0 + 0x1000 differs from the "
                  "reference's in class, free list or untouched blocks");
  }
}

Test(HEAP_13, arena_that_the_twin_alone_holds_is_told) {
  begin_walk();
  pp_pair.places.slots[0].ordinal = 7;
  cr_assert_not(pp_pair_walk());
  pp_pair_broke(PP_HEAP_13, "arena 0 is held by the reference alone");
}

Test(HEAP_12, twin_that_does_not_hold_is_our_own_fault) {
  begin_walk();
  struct pp_pool *theirs = pool_of(pp_pair_block(101).twin);
  struct pp_pool *next = theirs->nextpool;
  theirs->nextpool = theirs;
  cr_assert(pp_pair_walk()); /* a build of others is none of ours */
  pp_pair.twin.ours = true;
  cr_assert_not(pp_pair_walk());
  cr_assert(pp_pair.report.finding.ours);
  pp_pair_broke(pp_pair.report.finding.clause,
                "the reference itself does not hold");
  theirs->nextpool = next;
  cr_assert(pp_pair_walk());
}

Test(HEAP_12, pools_are_walked_as_often_as_is_said) {
  pp_pair_begin("3.9", 0);
  cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 100, 0));
  pp_pair.driver.options.walk_interval = pp_pair.driver.until_walk = 3;
  for (unsigned i = 1; i <= 10; i++) {
    cr_assert(pp_pair_step(PP_OP_FREE, 9, 0, 0));
    cr_assert_eq(pp_pair_evaluated(PP_ARENA_01), i % 3 == 0);
  }
  struct pp_ops_source none = pp_ops_read(NULL, 0);
  cr_assert(pp_drive(&pp_pair.driver, &none.source));
  cr_assert_eq(pp_pair_evaluated(PP_ARENA_01), 1);
}
