/* What is said of a request's answer (SPEC.md, API): a scripted subject gives
 * it, on this and on that side of every border. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "proptests/scripted.h"

#define MIB (UINT64_C(1) << 20)
#define BEYOND ((uint64_t)PTRDIFF_MAX + 1)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TestSuite(API_01, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_04, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_06, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_09, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_15, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_18, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_33, .init = pp_script_open, .fini = pp_script_close);
TestSuite(OPS_13, .init = pp_script_open, .fini = pp_script_close);

/* ---- where blocks lie ---- */

Test(API_01, overlap_of_live_blocks_is_told) {
  pp_script_answer(pp_script_at(0), 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 100, 0));
  pp_script_answer(pp_script_at(112), 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 2, 10, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_01), 2);
  pp_script_answer(pp_script_at(96), 0);
  cr_assert_not(pp_script_step(PP_OP_MALLOC, 3, 10, 0));
  cr_assert_eq(pp_script.report.finding.op.id, 3);
  pp_script_broke(PP_API_01,
                  "block 3 at %p of 10 bytes overlaps block 1 at %p of 100 "
                  "bytes",
                  (void *)pp_script_at(96), (void *)pp_script_at(0));
  cr_assert_eq(pp_script_evaluated(PP_API_01), 1);
}

Test(API_01, block_beyond_the_address_space_is_told) {
  uint8_t *far = (uint8_t *)((UINT64_C(1) << 47) - 16);
  pp_script_answer(far, 0);
  cr_assert_not(pp_script_step(PP_OP_MALLOC, 1, 32, 0));
  pp_script_broke(PP_API_01,
                  "block 1 at %p of 32 bytes reaches beyond the address space",
                  (void *)far);
}

Test(API_01, overlap_that_is_declared_is_a_deviation) {
  static bool declared[PP_CLAUSE_COUNT] = {[PP_API_01] = true};
  pp_script.driver.options.declared = declared;
  pp_script_answer(pp_script_at(0), 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 100, 0));
  pp_script_answer(pp_script_at(32), 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 2, 16, 0));
  cr_assert_eq(pp_script.report.deviated[PP_API_01], 1);
  /* One that the twin broke is nobody's to declare. */
  pp_script.report.finding.ours = true;
  pp_script_answer(pp_script_at(64), 0);
  cr_assert_not(pp_script_step(PP_OP_MALLOC, 3, 16, 0));
}

Test(API_01, without_claims_nothing_is_said_of_them) {
  pp_script.driver.options.shadow = false;
  for (uint64_t id = 1; id < 4; id++) {
    pp_script_answer(pp_script_at(0), 0);
    cr_assert(pp_script_step(PP_OP_MALLOC, id, 16, 0));
  }
  cr_assert_eq(pp_script_evaluated(PP_API_01), 0);
}

static const struct {
  uint64_t size;
  size_t offset;
  uint64_t needed; /* 0: that will do */
} alignments[] = {
    {0, 1, 0},   {1, 1, 0},   {2, 2, 0},   {2, 1, 2},  {3, 2, 0},   {3, 1, 2},
    {4, 4, 0},   {4, 2, 4},   {8, 8, 0},   {8, 4, 8},  {15, 8, 0},  {15, 4, 8},
    {16, 16, 0}, {16, 8, 16}, {17, 8, 16}, {99, 0, 0}, {99, 8, 16}, {99, 48, 0},
};

Test(API_04, alignment_is_that_of_what_fits) {
  for (size_t i = 0; i < COUNT(alignments); i++) {
    uint64_t size = alignments[i].size;
    uint8_t *address = pp_script_at(alignments[i].offset);
    pp_script_answer(address, 0);
    bool fits = pp_script_step(PP_OP_MALLOC, 1, size, 0);
    cr_assert_eq(fits, alignments[i].needed == 0, "row %zu", i);
    cr_assert_eq(pp_script_evaluated(PP_API_04), 1);
    cr_assert_eq(pp_script_evaluated(PP_API_05), 1);
    cr_assert_eq(pp_script.report.deviated[PP_API_05],
                 alignments[i].offset % 16 != 0, "row %zu", i);
    if (!fits) {
      pp_script_broke(PP_API_04,
                      "block at %p of %" PRIu64
                      " bytes is not aligned to %" PRIu64,
                      (void *)address, size, alignments[i].needed);
    }
    pp_script_again();
  }
}

/* ---- what may be null ---- */

Test(API_06, a_request_for_nothing_may_be_null) {
  pp_script_answer(NULL, 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 0, 0));
  cr_assert_eq(pp_script.report.deviated[PP_API_06], 1);
  cr_assert(pp_script_step(PP_OP_MALLOC, 2, 0, 0));
  cr_assert_eq(pp_script.report.deviated[PP_API_06], 1);
  cr_assert_eq(pp_script_evaluated(PP_API_06), 2);
  cr_assert(pp_script_step(PP_OP_MALLOC, 3, 1, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_06), 0);
  pp_script_answer(NULL, 0);
  cr_assert(pp_script_step(PP_OP_CALLOC, 4, 0, 9));
  cr_assert_eq(pp_script_evaluated(PP_API_33), 0);
  cr_assert_eq(pp_script_evaluated(PP_API_18), 0);
  cr_assert_eq(pp_script_evaluated(PP_API_19), 0);
  cr_assert_eq(pp_script.driver.blocks.count, 2);
}

/* Sizes that no block may have, by the call, and the clause that says so. */
static const struct {
  enum pp_op_kind kind;
  uint64_t a, b;
  enum pp_clause clause; /* PP_HOLDS: this one may be granted */
  uint64_t count, size;  /* in the words */
} impossible[] = {
    {PP_OP_MALLOC, BEYOND, 0, PP_API_15, 1, BEYOND},
    {PP_OP_MALLOC, UINT64_MAX, 0, PP_API_15, 1, UINT64_MAX},
    {PP_OP_CALLOC, 1, BEYOND, PP_API_16, 1, BEYOND},
    {PP_OP_CALLOC, UINT64_MAX, 1, PP_API_16, UINT64_MAX, 1},
    {PP_OP_CALLOC, UINT64_MAX, 2, PP_API_10, UINT64_MAX, 2},
    {PP_OP_CALLOC, BEYOND, 2, PP_API_42, BEYOND, 2},
    {PP_OP_CALLOC, BEYOND / 2 + 1, 4, PP_API_10, BEYOND / 2 + 1, 4},
    {PP_OP_CALLOC, 0x100000001, 0xffffffff, PP_API_16, 0x100000001, 0xffffffff},
    {PP_OP_CALLOC, 0x100000001, 0x100000000, PP_API_10, 0x100000001,
     0x100000000},
};

Test(API_15, what_cannot_be_is_null) {
  for (size_t i = 0; i < COUNT(impossible); i++) {
    uint64_t a = impossible[i].a, b = impossible[i].b;
    cr_assert(pp_script_step(impossible[i].kind, 1, a, b), "row %zu", i);
    cr_assert_eq(pp_script_evaluated(impossible[i].clause), 1, "row %zu", i);
    cr_assert_eq(pp_script_evaluated(PP_API_33), 0);
    pp_script_answer(pp_script_at(0), 0);
    cr_assert_not(pp_script_step(impossible[i].kind, 1, a, b), "row %zu", i);
    cr_assert_eq(pp_script_evaluated(impossible[i].clause), 1, "row %zu", i);
    pp_script_broke(
        impossible[i].clause,
        "a request of %" PRIu64 " times %" PRIu64 " bytes answered %p",
        impossible[i].count, impossible[i].size, (void *)pp_script_at(0));
    pp_script_again();
  }
}

Test(API_15, what_can_be_is_a_block) {
  uint8_t *large = mmap(NULL, 1 << 26, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  cr_assert_neq(large, MAP_FAILED);
  pp_script_answer(large, 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, PTRDIFF_MAX, 0));
  cr_assert_eq(pp_script_block(1)->size, PTRDIFF_MAX);
  cr_assert_eq(pp_script_evaluated(PP_API_15), 0);
  pp_script_answer(large + (1 << 25), 0);
  cr_assert(pp_script_step(PP_OP_CALLOC, 2, 1, PTRDIFF_MAX));
  cr_assert_eq(pp_script_block(2)->size, PTRDIFF_MAX);
  cr_assert_eq(pp_script_evaluated(PP_API_16), 0);
  /* A product that wraps is of no bytes, if it is answered at all. */
  static bool declared[PP_CLAUSE_COUNT] = {[PP_API_42] = true};
  pp_script.driver.options.declared = declared;
  pp_script_answer(pp_script_at(0), 0);
  *pp_script_at(0) = 1;
  cr_assert(pp_script_step(PP_OP_CALLOC, 3, BEYOND, 2));
  cr_assert_eq(pp_script_block(3)->size, 0);
  munmap(large, 1 << 26);
}

/* ---- refusals ---- */

static const struct {
  enum pp_op_kind kind;
  uint64_t a, b;
  enum pp_clause errno_clause;
} refusals[] = {
    {PP_OP_MALLOC, 2 * MIB, 0, PP_API_18},
    {PP_OP_CALLOC, 2, MIB, PP_API_19},
    {PP_OP_REALLOC, 2 * MIB, 0, PP_API_20},
    {PP_OP_ALIGNED_ALLOC, 64, 2 * MIB, PP_API_21},
    {PP_OP_REALLOCARRAY, 2, MIB, PP_API_22},
};

Test(API_18, refusal_says_enomem) {
  for (size_t i = 0; i < COUNT(refusals); i++) {
    enum pp_clause clause = refusals[i].errno_clause;
    uint64_t a = refusals[i].a, b = refusals[i].b;
    pp_script_step(PP_OP_MALLOC, 1, 8, 0);
    uint64_t id = refusals[i].kind == PP_OP_REALLOC ||
                  refusals[i].kind == PP_OP_REALLOCARRAY;
    pp_script_answer(NULL, ENOMEM);
    cr_assert(pp_script_step(refusals[i].kind, id, a, b), "row %zu", i);
    cr_assert_eq(pp_script_evaluated(clause), 1, "row %zu", i);
    cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
    cr_assert_eq(pp_script.report.where, PP_WHERE_ENGINE);
    pp_script_answer(NULL, 0); /* that of before does not count */
    cr_assert_not(pp_script_step(refusals[i].kind, id, a, b), "row %zu", i);
    pp_script_broke(clause, "a request of 2097152 bytes failed with errno 0");
    pp_script_answer(NULL, EINVAL);
    cr_assert_not(pp_script_step(refusals[i].kind, id, a, b), "row %zu", i);
    pp_script_broke(clause, "a request of 2097152 bytes failed with errno %d",
                    EINVAL);
    pp_script_evaluated(clause);
    pp_script.subject.calls[0].sets_errno = 0;
    pp_script_answer(NULL, 0);
    cr_assert(pp_script_step(refusals[i].kind, id, a, b), "row %zu", i);
    cr_assert_eq(pp_script_evaluated(clause), 0, "row %zu", i);
    pp_script_again();
  }
}

Test(API_18, refusal_of_a_product_that_wraps) {
  static const enum pp_op_kind kinds[] = {PP_OP_CALLOC, PP_OP_REALLOCARRAY};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    pp_script_answer(NULL, 0);
    cr_assert_not(pp_script_step(kinds[i], 1, BEYOND, 2));
    pp_script_broke(i == 0 ? PP_API_43 : PP_API_67,
                    "a request of 18446744073709551615 bytes failed with errno "
                    "0");
  }
  pp_script_answer(NULL, 0);
  cr_assert_not(pp_script_step(PP_OP_CALLOC, 1, 1, 1));
  pp_script_broke(PP_API_33,
                  "a request of 1 bytes is refused while 0 bytes are "
                  "live");
}

static void refused(uint64_t size, uint64_t live) {
  pp_script_answer(NULL, ENOMEM);
  cr_assert_not(pp_script_step(PP_OP_MALLOC, 9, size, 0));
  pp_script_broke(PP_API_33,
                  "a request of %" PRIu64 " bytes is refused while %" PRIu64
                  " bytes are live",
                  size, live);
}

Test(API_33, what_is_small_is_granted_while_little_is_live) {
  refused(1, 0);
  refused(MIB, 0);
  pp_script_answer(NULL, ENOMEM);
  cr_assert(pp_script_step(PP_OP_MALLOC, 9, MIB + 1, 0));
  size_t half = (size_t)512 << 20;
  uint8_t *large = mmap(NULL, half, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  cr_assert_neq(large, MAP_FAILED);
  pp_script_answer(large, 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, half - 1, 0));
  refused(100, half - 1);
  pp_script_answer(pp_script_at(0), 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 2, 1, 0));
  pp_script_evaluated(PP_API_33);
  pp_script_answer(NULL, ENOMEM);
  cr_assert(pp_script_step(PP_OP_MALLOC, 9, 100, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_33), 1);
  munmap(large, half);
}

/* ---- zeroed ---- */

Test(API_09, byte_that_is_not_zero_is_told) {
  for (size_t byte = 0; byte < 30; byte++) {
    memset(pp_script_at(0), 0, 64);
    *pp_script_at(byte) = 0x2a;
    pp_script_answer(pp_script_at(0), 0);
    cr_assert_not(pp_script_step(PP_OP_CALLOC, 7, 3, 10));
    pp_script_broke(PP_API_09, "byte %zu of block 7 from calloc is 2a", byte);
  }
  memset(pp_script_at(0), 0, 64);
  *pp_script_at(30) = 1; /* behind it */
  pp_script_answer(pp_script_at(0), 0);
  cr_assert(pp_script_step(PP_OP_CALLOC, 7, 3, 10));
  cr_assert_eq(pp_script_evaluated(PP_API_09), 31);
  pp_script.driver.options.contents = PP_CONTENTS_NONE;
  *pp_script_at(64) = 1;
  pp_script_answer(pp_script_at(64), 0);
  cr_assert(pp_script_step(PP_OP_CALLOC, 8, 3, 10));
  cr_assert_eq(pp_script_evaluated(PP_API_09), 0);
}

/* ---- every answer ---- */

struct told {
  unsigned count;
  uint64_t id;
  const void *address;
};

static void on_block(void *ctx, const struct pp_driver *driver, uint64_t id,
                     const void *address) {
  struct told *told = ctx;
  cr_assert_eq(driver, &pp_script.driver);
  *told = (struct told){told->count + 1, id, address};
}

Test(OPS_13, whoever_asks_is_told_of_every_answer) {
  static const struct pp_op requests[] = {
      {PP_OP_MALLOC, 3, 10, 0},
      {PP_OP_CALLOC, 4, 10, 3},
      {PP_OP_REALLOC, 5, 10, 0},
      {PP_OP_REALLOCARRAY, 6, 10, 3},
      {PP_OP_ALIGNED_ALLOC, 7, 64, 10},
      {PP_OP_POSIX_MEMALIGN, 8, 64, 10},
      {PP_OP_MALLOC, 9, UINT64_MAX, 0},
      {PP_OP_CALLOC, 9, UINT64_MAX, 9},
      {PP_OP_REALLOC, 9, UINT64_MAX, 0},
      {PP_OP_POSIX_MEMALIGN, 9, 64, UINT64_MAX},
  };
  struct told told = {0};
  pp_script.driver.options.on_block = on_block;
  pp_script.driver.options.on_block_ctx = &told;
  for (size_t i = 0; i < COUNT(requests); i++) {
    const struct pp_op *op = &requests[i];
    cr_assert(pp_script_step(op->kind, op->id, op->a, op->b), "row %zu: %s", i,
              pp_script.report.finding.what);
    const struct pp_block *block =
        pp_blocks_find(&pp_script.driver.blocks, op->id);
    cr_assert_eq(told.count, i + 1);
    cr_assert_eq(told.id, op->id);
    cr_assert_eq(told.address, block == NULL ? NULL : block->address);
    cr_assert_eq(pp_script.report.operations, i + 1);
    cr_assert_eq(pp_script.report.step, i + 1);
    if (block == NULL) continue;
    cr_assert_eq(block->serial, i + 1);
    cr_assert_eq(block->domain, PP_DOMAIN_OBJ);
    cr_assert_eq(block->extent, block->size);
    bool aligned =
        op->kind == PP_OP_ALIGNED_ALLOC || op->kind == PP_OP_POSIX_MEMALIGN;
    cr_assert_eq(block->alignment_bits, aligned ? 6 : 0);
    cr_assert_eq(pp_contents_check(block->address, 0, block->size, i + 1),
                 PP_CONTENTS_SOUND);
  }
}
