/* What the driver makes of statements (SPEC.md, OPS), with a scripted subject:
 * which calls, in which order, and what it reports of where it is. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "check/places.h"
#include "proptests/held.h"
#include "proptests/scripted.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TestSuite(OPS_03, .init = pp_script_open, .fini = pp_script_close);
TestSuite(OPS_09, .init = pp_script_open, .fini = pp_script_close);
TestSuite(OPS_10, .init = pp_script_open, .fini = pp_script_close);
TestSuite(OPS_11, .init = pp_script_open, .fini = pp_script_close);
TestSuite(OPS_18, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_33, .init = pp_script_open, .fini = pp_script_close);

/* ---- statements that there is no call for ---- */

static void without_calls(void) {
  struct pp_subject *calls = &pp_script.subject.calls[0];
  calls->reallocarray = NULL;
  calls->aligned_alloc = NULL;
  calls->posix_memalign = NULL;
  calls->free_sized = NULL;
  calls->free_aligned_sized = NULL;
  calls->usable_size = NULL;
  pp_driver_domain(&pp_script.driver, PP_DOMAIN_OBJ);
}

/* Of a whole subject, and of one with the four calls that it needs. */
static const struct {
  enum pp_op_kind kind;
  bool always, never; /* called */
} kinds[] = {
    {PP_OP_MALLOC, true, false},
    {PP_OP_FREE, true, false},
    {PP_OP_CALLOC, true, false},
    {PP_OP_REALLOC, true, false},
    {PP_OP_REALLOCARRAY, false, false},
    {PP_OP_ALIGNED_ALLOC, false, false},
    {PP_OP_POSIX_MEMALIGN, false, false},
    {PP_OP_FREE_SIZED, false, false},
    {PP_OP_FREE_ALIGNED_SIZED, false, false},
    {PP_OP_USABLE, false, false},
    {PP_OP_BURST, true, false},
    {PP_OP_DRAIN, true, false},
    {PP_OP_DOMAIN, false, true},
    {PP_OP_THREAD, false, true},
    {PP_OP_FORK, false, true},
    {PP_OP_ARENA_SKEW, false, true},
    {PP_OP_ARENA_FAIL, false, true},
    {PP_OP_SYSTEM_FAIL, false, true},
};

Test(OPS_09, statement_without_its_call_is_skipped) {
  for (int whole = 1; whole >= 0; whole--) {
    if (!whole) without_calls();
    for (size_t i = 0; i < COUNT(kinds); i++) {
      uint64_t skipped = pp_script.report.skipped;
      uint64_t operations = pp_script.report.operations;
      bool called = kinds[i].always || (whole && !kinds[i].never);
      pp_script_step(PP_OP_MALLOC, 1, 16, 0);
      cr_assert(pp_script_step(kinds[i].kind, 1, 16, 1), "%s",
                pp_op_keywords[kinds[i].kind]);
      cr_assert_eq(pp_script.report.skipped, skipped + !called, "%s",
                   pp_op_keywords[kinds[i].kind]);
      cr_assert_eq(pp_script.report.operations > operations + 1, called, "%s",
                   pp_op_keywords[kinds[i].kind]);
      pp_script_step(PP_OP_FREE, 1, 0, 0);
    }
  }
  uint64_t skipped = pp_script.report.skipped;
  cr_assert(pp_script_step(PP_OP_EXPECT, 0, 1, 0));
  cr_assert_eq(pp_script.report.skipped, skipped);
}

/* ---- many at once ---- */

Test(OPS_10, burst_says_which_of_its_blocks_it_was) {
  cr_assert(pp_script_step(PP_OP_BURST, 10, 4, 24));
  cr_assert_eq(pp_script.requests, 4);
  cr_assert_eq(pp_script.asked, 4 * 24);
  cr_assert_eq(pp_script.report.ticks, 1 + 4);
  cr_assert_eq(pp_script.report.step, 1);
  cr_assert_eq(pp_script.driver.part, 0);
  for (uint64_t id = 10; id < 14; id++)
    cr_assert_eq(pp_script_block(id)->serial, id - 9);
  pp_script_block(12)->address[0] ^= 1; /* freed first, and found to be lost */
  cr_assert_not(pp_script_step(PP_OP_BURST, 10, 4, 24));
  cr_assert_eq(pp_script.report.finding.part, 2);
  cr_assert_eq(pp_script.report.finding.op.kind, PP_OP_BURST);
  cr_assert_eq(pp_script.requests, 6);
  cr_assert_eq(pp_script.frees, 2);
}

Test(OPS_11, drain_says_which_of_its_blocks_it_was) {
  pp_script_step(PP_OP_BURST, 10, 9, 24);
  uint64_t ticks = pp_script.report.ticks;
  cr_assert(pp_script_step(PP_OP_DRAIN, 10, 3, 2)); /* 10, 12, 14 */
  cr_assert_eq(pp_script.report.ticks, ticks + 1 + 3);
  cr_assert_eq(pp_script.driver.part, 0);
  cr_assert_eq(pp_script.frees, 3);
  cr_assert_eq(pp_script.driver.blocks.count, 6);
  for (uint64_t id = 10; id < 16; id += 2)
    cr_assert_null(pp_blocks_find(&pp_script.driver.blocks, id));
  pp_script_block(17)->address[0] ^= 1;
  cr_assert_not(pp_script_step(PP_OP_DRAIN, 11, 4, 2)); /* 11, 13, 15, 17 */
  cr_assert_eq(pp_script.report.finding.part, 3);
  cr_assert_eq(pp_script.frees, 6);
}

Test(OPS_18, request_for_a_live_id_frees_first) {
  static const struct pp_op requests[] = {{PP_OP_MALLOC, 1, 16, 0},
                                          {PP_OP_CALLOC, 1, 4, 4},
                                          {PP_OP_ALIGNED_ALLOC, 1, 16, 16},
                                          {PP_OP_POSIX_MEMALIGN, 1, 16, 16},
                                          {PP_OP_BURST, 1, 1, 16}};
  for (size_t i = 0; i < COUNT(requests); i++) {
    pp_script_step(PP_OP_MALLOC, 1, 99, 0);
    uint64_t freed = pp_script.frees;
    cr_assert(
        pp_script_step(requests[i].kind, 1, requests[i].a, requests[i].b));
    cr_assert_eq(pp_script.frees, freed + 1);
    cr_assert_eq(pp_script.driver.blocks.count, 1);
    cr_assert_eq(pp_script_block(1)->size, 16);
    pp_script_step(PP_OP_FREE, 1, 0, 0);
  }
}

/* ---- whole traces ---- */

static bool drive(const struct pp_op *ops, size_t count) {
  struct pp_ops_source source = pp_ops_read(ops, count);
  return pp_drive(&pp_script.driver, &source.source);
}

/* Larger than the caches: what comes is fetched ahead, and must not matter. */
Test(OPS_03, heap_that_is_large_is_driven_like_any_other) {
  enum { LIVE = 40000, FREES = 3000 };
  static struct pp_op ops[1 + FREES];
  static const uint64_t sizes[] = {0, 24, 700};
  static const enum pp_contents all[] = {PP_CONTENTS_NONE, PP_CONTENTS_HEADER,
                                         PP_CONTENTS_FULL};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    pp_script_again();
    pp_script.driver.options.contents = all[i];
    pp_script.driver.options.shadow = i != 0;
    ops[0] = (struct pp_op){PP_OP_BURST, 0, LIVE, sizes[i]};
    for (uint64_t n = 1; n <= FREES; n++) /* every other one is null */
      ops[n] = (struct pp_op){PP_OP_FREE, n % 2 == 0 ? n : LIVE + n, 0, 0};
    cr_assert(drive(ops, 1 + FREES), "%s", pp_script.report.finding.what);
    cr_assert_eq(pp_script.report.step, 1 + FREES);
    cr_assert_eq(pp_script.report.operations, LIVE + FREES);
    cr_assert_eq(pp_script.frees, FREES);
    cr_assert_eq(pp_script.driver.blocks.count, LIVE - FREES / 2);
    cr_assert_eq(pp_script.report.live_peak, LIVE * sizes[i]);
    cr_assert_eq(pp_script.driver.shadow.many, i != 0);
  }
}

Test(OPS_03, trace_is_performed_in_its_order) {
  static struct pp_op ops[600];
  for (uint64_t n = 0; n < COUNT(ops); n++)
    ops[n] = (struct pp_op){PP_OP_MALLOC, n, n % 50, 0};
  cr_assert(drive(ops, COUNT(ops)));
  cr_assert_eq(pp_script.report.step, COUNT(ops));
  cr_assert_eq(pp_script.requests, COUNT(ops));
  for (uint64_t n = 0; n < COUNT(ops); n++)
    cr_assert_eq(pp_script_block(n)->serial, n + 1);
  cr_assert_eq(pp_script_evaluated(PP_API_40), 1); /* by its end */
}

Test(API_33, host_without_memory_gives_no_verdict) {
  static struct pp_places places;
  static const struct pp_op one = {PP_OP_MALLOC, 1, 16, 0};
  pp_script.driver.places = &places;
  cr_assert(drive(&one, 1));
  cr_assert_not(pp_script.report.exhausted);
  cr_assert_eq(pp_script_evaluated(PP_API_40), 1);
  places.exhausted = true;
  cr_assert(drive(&one, 1));
  cr_assert(pp_script.report.exhausted);
  cr_assert_eq(pp_script_evaluated(PP_API_40), 0);
}

Test(OPS_03, driver_gives_back_what_it_took) {
  int statm = pp_script.driver.statm;
  pp_script_again();
  size_t before = pp_held_pages();
  pp_script_step(PP_OP_MALLOC, 1, 16, 0);
  pp_script_again();
  cr_assert_eq(pp_script.driver.statm, statm);
  cr_assert_eq(pp_held_pages(), before);
}
