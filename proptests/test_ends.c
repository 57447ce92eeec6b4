/* What is said of frees and of usable sizes (SPEC.md, API), with a scripted
 * subject. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "proptests/scripted.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TestSuite(API_03, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_07, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_08, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_30, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_32, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_74, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_75, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_79, .init = pp_script_open, .fini = pp_script_close);

/* ---- frees ---- */

Test(API_07, null_is_freed_as_null) {
  static const struct pp_op frees[] = {{PP_OP_FREE, 1, 0, 0},
                                       {PP_OP_FREE_SIZED, 1, 8, 0},
                                       {PP_OP_FREE_ALIGNED_SIZED, 1, 8, 8}};
  for (size_t i = 0; i < COUNT(frees); i++) {
    pp_script.block = pp_script_at(0);
    cr_assert(
        pp_script_step(frees[i].kind, frees[i].id, frees[i].a, frees[i].b));
    static const enum pp_clause clauses[] = {PP_API_07, PP_API_77, PP_API_78};
    cr_assert_eq(pp_script.call, frees[i].kind);
    cr_assert_null(pp_script.block);
    cr_assert_eq(pp_script.a, frees[i].a);
    cr_assert_eq(pp_script.b, frees[i].b);
    cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
    cr_assert_eq(pp_script.stake, clauses[i]);
    cr_assert_eq(pp_script.report.where, PP_WHERE_ENGINE);
    cr_assert_eq(pp_script.report.stake, PP_HOLDS);
    cr_assert_eq(pp_script.report.operations, i + 1);
    for (size_t j = 0; j < COUNT(clauses); j++)
      cr_assert_eq(pp_script_evaluated(clauses[j]), i == j);
    cr_assert_eq(pp_script_evaluated(PP_API_32), 0);
  }
}

/* A sized free is one where its sizes are those of the request. */
static const struct {
  struct pp_op request, end;
  enum pp_op_kind call; /* that is made */
  size_t a, b;
} frees[] = {
    {{PP_OP_MALLOC, 1, 20, 0}, {PP_OP_FREE, 1, 0, 0}, PP_OP_FREE, 0, 0},
    {{PP_OP_MALLOC, 1, 20, 0},
     {PP_OP_FREE_SIZED, 1, 20, 0},
     PP_OP_FREE_SIZED,
     20,
     0},
    {{PP_OP_MALLOC, 1, 20, 0}, {PP_OP_FREE_SIZED, 1, 21, 0}, PP_OP_FREE, 0, 0},
    {{PP_OP_MALLOC, 1, 20, 0},
     {PP_OP_FREE_ALIGNED_SIZED, 1, 1, 20},
     PP_OP_FREE,
     0,
     0},
    {{PP_OP_ALIGNED_ALLOC, 1, 64, 20}, {PP_OP_FREE, 1, 0, 0}, PP_OP_FREE, 0, 0},
    {{PP_OP_ALIGNED_ALLOC, 1, 64, 20},
     {PP_OP_FREE_SIZED, 1, 20, 0},
     PP_OP_FREE,
     0,
     0},
    {{PP_OP_ALIGNED_ALLOC, 1, 64, 20},
     {PP_OP_FREE_ALIGNED_SIZED, 1, 64, 20},
     PP_OP_FREE_ALIGNED_SIZED,
     64,
     20},
    {{PP_OP_ALIGNED_ALLOC, 1, 2, 20},
     {PP_OP_FREE_ALIGNED_SIZED, 1, 2, 20},
     PP_OP_FREE_ALIGNED_SIZED,
     2,
     20},
    {{PP_OP_ALIGNED_ALLOC, 1, 64, 20},
     {PP_OP_FREE_ALIGNED_SIZED, 1, 32, 20},
     PP_OP_FREE,
     0,
     0},
    {{PP_OP_POSIX_MEMALIGN, 1, 64, 20},
     {PP_OP_FREE_ALIGNED_SIZED, 1, 64, 19},
     PP_OP_FREE,
     0,
     0},
};

Test(API_32, sized_free_is_owed_the_sizes_of_the_request) {
  for (size_t i = 0; i < COUNT(frees); i++) {
    const struct pp_op *begin = &frees[i].request, *end = &frees[i].end;
    cr_assert(pp_script_step(begin->kind, begin->id, begin->a, begin->b));
    uint8_t *address = pp_script_block(1)->address;
    cr_assert(pp_script_step(end->kind, end->id, end->a, end->b));
    bool sized = frees[i].call != PP_OP_FREE;
    cr_assert_eq(pp_script.call, frees[i].call, "row %zu", i);
    cr_assert_eq(pp_script.block, address);
    cr_assert_eq(pp_script.a, frees[i].a);
    cr_assert_eq(pp_script.b, frees[i].b);
    cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
    cr_assert_eq(pp_script.stake, sized ? PP_API_32 : PP_HOLDS);
    cr_assert_eq(pp_script.report.where, PP_WHERE_ENGINE);
    cr_assert_eq(pp_script.report.stake, PP_HOLDS);
    cr_assert_eq(pp_script_evaluated(PP_API_32), sized);
    cr_assert_eq(pp_script_evaluated(PP_API_07), 0);
    cr_assert_eq(pp_script.report.operations, 2 * (i + 1));
    cr_assert_eq(pp_script.driver.blocks.count, 0);
    for (size_t byte = 0; byte < 20; byte++)
      cr_assert_not(pp_script_claimed(address + byte));
  }
}

Test(API_08, errno_is_kept_by_a_free) {
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  void *address = pp_script_block(1)->address;
  pp_script.error_of_free = ENOMEM;
  cr_assert_not(pp_script_step(PP_OP_FREE, 1, 0, 0));
  pp_script_broke(PP_API_08, "freeing %p changed errno from %d to %d", address,
                  EDOM, ENOMEM);
  cr_assert_eq(pp_script_evaluated(PP_API_08), 1);
  pp_script.error_of_free = 0;
  cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_08), 1);
  pp_script.error_of_free = ENOMEM;
  pp_script.subject.calls[0].sets_errno = 0;
  cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_08), 0);
}

Test(API_03, lost_byte_is_told_when_the_block_ends) {
  static const enum pp_op_kind ends[] = {PP_OP_FREE, PP_OP_REALLOC,
                                         PP_OP_REALLOCARRAY, PP_OP_MALLOC};
  for (size_t i = 0; i < COUNT(ends); i++) {
    pp_script_step(PP_OP_MALLOC, 5, 20, 0);
    uint8_t *block = pp_script_block(5)->address;
    block[19] ^= 0x40;
    uint64_t requests = pp_script.requests, freed = pp_script.frees;
    cr_assert_not(pp_script_step(ends[i], 5, 10, 1));
    pp_script_broke(PP_API_03,
                    "byte 19 of block 5 at %p (20 bytes) is %02x and was "
                    "written %02x",
                    (void *)block, block[19], block[19] ^ 0x40u);
    cr_assert_eq(pp_script.requests, requests); /* not called any more */
    cr_assert_eq(pp_script.frees, freed);
    block[19] ^= 0x40;
    cr_assert(pp_script_step(PP_OP_FREE, 5, 0, 0));
  }
}

/* ---- usable sizes ---- */

static bool ask(size_t first, size_t second) {
  pp_script.usable_told = true;
  pp_script.usable[0] = first;
  pp_script.usable[1] = second;
  return pp_script_step(PP_OP_USABLE, 1, 0, 0);
}

Test(API_30, usable_size_is_no_less_than_the_request) {
  cr_assert(pp_script_step(PP_OP_USABLE, 1, 0, 0)); /* null is not asked for */
  cr_assert_eq(pp_script.report.operations, 0);
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  cr_assert_not(ask(19, 19));
  pp_script_broke(PP_API_30, "block 1 of 20 bytes has a usable size of 19");
  cr_assert_not(ask(20, 21));
  pp_script_broke(PP_API_31, "block 1 has a usable size of 20, then of 21");
  pp_script_evaluated(PP_API_30);
  pp_script_evaluated(PP_API_31);
  uint64_t operations = pp_script.report.operations;
  cr_assert(ask(20, 20));
  cr_assert_eq(pp_script_evaluated(PP_API_30), 1);
  cr_assert_eq(pp_script_evaluated(PP_API_31), 1);
  cr_assert_not(pp_script_claimed(pp_script_block(1)->address + 20));
  cr_assert_eq(pp_script.report.operations, operations + 1);
  cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
  cr_assert_eq(pp_script.report.where, PP_WHERE_ENGINE);
  pp_script.usable[0] = pp_script.usable[1] = 29;
  cr_assert_not(pp_script_step(PP_OP_REALLOC, 1, 30, 0));
  pp_script_broke(PP_API_76, "block 1 was reallocated to 30 bytes and has a "
                             "usable size of 29");
  pp_script.usable[0] = pp_script.usable[1] = 30;
  cr_assert(pp_script_step(PP_OP_REALLOC, 1, 30, 0));
}

Test(API_30, what_is_usable_is_claimed_and_written) {
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  uint8_t *block = pp_script_block(1)->address;
  pp_script_evaluated(PP_API_73);
  cr_assert(ask(32, 32));
  cr_assert_eq(pp_script_evaluated(PP_API_73), 1);
  cr_assert_eq(pp_script_block(1)->extent, 32);
  cr_assert(pp_script_claimed(block + 31));
  cr_assert_not(pp_script_claimed(block + 32));
  cr_assert_eq(pp_contents_check(block, 0, 32, 1), PP_CONTENTS_SOUND);
  cr_assert_eq(block[32], 0);
  cr_assert(ask(24, 24)); /* less is no less claimed */
  cr_assert_eq(pp_script_evaluated(PP_API_73), 1);
  cr_assert_eq(pp_script_block(1)->extent, 32);
  block[31] ^= 1;
  cr_assert_not(pp_script_step(PP_OP_FREE, 1, 0, 0));
  pp_script_broke(PP_API_72,
                  "byte 31 of block 1 at %p (20 bytes, 32 usable) was written "
                  "and has changed",
                  (void *)block);
  block[31] ^= 1;
  block[32] ^= 1; /* behind it */
  cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
  for (size_t i = 0; i < 33; i++)
    cr_assert_not(pp_script_claimed(block + i));
}

Test(API_30, usable_size_that_reaches_into_another_block_is_told) {
  pp_script_answer(pp_script_at(0), 0);
  pp_script_step(PP_OP_MALLOC, 1, 0, 0);
  pp_script_answer(pp_script_at(64), 0);
  pp_script_step(PP_OP_MALLOC, 2, 8, 0);
  cr_assert(ask(64, 64));
  cr_assert_not(ask(65, 65));
  pp_script_broke(PP_API_73,
                  "block 1 at %p is usable over 65 bytes and reaches into "
                  "block 2 at %p",
                  (void *)pp_script_at(0), (void *)pp_script_at(64));
  static bool declared[PP_CLAUSE_COUNT] = {[PP_API_73] = true};
  pp_script.driver.options.declared = declared;
  cr_assert(ask(65, 65));
  cr_assert_eq(pp_script_block(1)->extent, 64);
  pp_script.driver.options.declared = NULL;
  pp_script.driver.options.shadow = false;
  pp_script_evaluated(PP_API_73);
  cr_assert(ask(65, 65));
  cr_assert_eq(pp_script_evaluated(PP_API_73), 0);
}

Test(API_30, of_a_large_slack_the_end_is_written) {
  pp_script_answer(pp_script_at(0), 0);
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  cr_assert(ask(10000, 10000));
  const uint8_t *block = pp_script_at(0);
  cr_assert_eq(pp_contents_check(block, 0, 20, 1), PP_CONTENTS_SOUND);
  for (size_t i = 20; i < 10000 - 4096; i++)
    cr_assert_eq(block[i], 0);
  cr_assert_eq(pp_contents_check(block, 10000 - 4096, 10000, 1),
               PP_CONTENTS_SOUND);
  *pp_script_at(10000 - 4097) = 1; /* that is not looked at */
  *pp_script_at(10000 - 4096) ^= 1;
  cr_assert_not(pp_script_step(PP_OP_FREE, 1, 0, 0));
  pp_script_broke(PP_API_72,
                  "byte 5904 of block 1 at %p (20 bytes, 10000 usable) was "
                  "written and has changed",
                  (const void *)block);
  *pp_script_at(10000 - 4096) ^= 1;
  cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
  pp_script_answer(pp_script_at(0), 0);
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  memset(pp_script_at(20), 0, 10000);
  cr_assert(ask(20 + 4096, 20 + 4096));
  cr_assert_eq(pp_contents_check(block, 0, 20 + 4096, 2), PP_CONTENTS_SOUND);
}

Test(API_74, null_has_no_usable_bytes) {
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  pp_script.usable_of_null = 1;
  cr_assert_not(ask(20, 20));
  pp_script_broke(PP_API_74, "null has a usable size of 1");
  cr_assert_null(pp_script.block);
  cr_assert_eq(pp_script.stake, PP_API_74);
  pp_script.usable_of_null = 0;
  pp_script_evaluated(PP_API_74);
  cr_assert(ask(20, 20));
  cr_assert_eq(pp_script_evaluated(PP_API_74), 1);
  cr_assert_eq(pp_script.stake, PP_HOLDS);
  cr_assert_eq(pp_script.report.stake, PP_HOLDS);
}

Test(API_75, asking_changes_no_byte) {
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  uint8_t *block = pp_script_block(1)->address;
  pp_script.spoils = block + 19;
  cr_assert_not(ask(20, 20));
  pp_script_broke(PP_API_75,
                  "byte 19 of block 1 at %p (20 bytes) is %02x and was written "
                  "%02x",
                  (void *)block, block[19], block[19] ^ 1u);
  block[19] ^= 1;
  pp_script_evaluated(PP_API_75);
  cr_assert(ask(20, 20));
  cr_assert_eq(pp_script_evaluated(PP_API_75), 1);
}

Test(API_79, errno_is_kept_by_a_free_of_a_large_block) {
  static const uint64_t sizes[] = {131071, 131072, 1 << 20};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    enum pp_clause clause = i == 0 ? PP_API_08 : PP_API_79;
    pp_script_step(PP_OP_MALLOC, 1, sizes[i], 0);
    void *address = pp_script_block(1)->address;
    pp_script.error_of_free = ENOMEM;
    cr_assert_not(pp_script_step(PP_OP_FREE, 1, 0, 0));
    pp_script_broke(clause, "freeing %p changed errno from %d to %d", address,
                    EDOM, ENOMEM);
    cr_assert_eq(pp_script_evaluated(clause), 1);
    pp_script.error_of_free = 0;
  }
}
