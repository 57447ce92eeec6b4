/* What is said of blocks that were asked for with an alignment (SPEC.md, API):
 * a scripted subject gives the answers, and refuses some. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>

#include "proptests/scripted.h"

#define MIB (UINT64_C(1) << 20)
#define BEYOND ((uint64_t)PTRDIFF_MAX + 1)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TestSuite(API_23, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_25, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_28, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_41, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_46, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_50, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_56, .init = pp_script_open, .fini = pp_script_close);

Test(API_23, alignment_is_honoured_and_valid_ones_alone) {
  pp_script_answer(pp_script_at(64), 0);
  cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, 64, 10));
  cr_assert_eq(pp_script_block(1)->alignment_bits, 6);
  cr_assert_eq(pp_script_evaluated(PP_API_51), 1);
  cr_assert_eq(pp_script_evaluated(PP_API_54), 0);
  cr_assert_eq(pp_script_evaluated(PP_API_24), 0);
  pp_script_answer(pp_script_at(32), 0);
  cr_assert_not(pp_script_step(PP_OP_ALIGNED_ALLOC, 2, 64, 10));
  pp_script_broke(PP_API_51, "block at %p of 10 bytes is not aligned to 64",
                  (void *)pp_script_at(32));
  pp_script_answer(pp_script_at(129), 0);
  cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 3, 1, 1));
  cr_assert_eq(pp_script_block(3)->alignment_bits, 0);
  static const uint64_t invalid[] = {0, 3, 24, 65, UINT64_MAX};
  for (size_t i = 0; i < COUNT(invalid); i++) {
    pp_script_answer(NULL, EINVAL);
    cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 4, invalid[i], 10));
    cr_assert_eq(pp_script_evaluated(PP_API_24), 1);
    cr_assert_eq(pp_script_evaluated(PP_API_21), 0);
    pp_script_answer(pp_script_at(256), 0);
    cr_assert_not(pp_script_step(PP_OP_ALIGNED_ALLOC, 4, invalid[i], 10));
    pp_script_broke(PP_API_24, "an alignment of %" PRIu64 " was served, at %p",
                    invalid[i], (void *)pp_script_at(256));
    pp_script_evaluated(PP_API_24);
  }
}

Test(API_23, refusal_of_an_alignment) {
  pp_script_answer(NULL, ENOMEM);
  cr_assert_not(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, MIB, 10));
  pp_script_broke(PP_API_44,
                  "a request of 10 bytes aligned to 1048576 is refused");
  pp_script_answer(NULL, ENOMEM);
  cr_assert_not(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, 2, 10));
  pp_script_broke(PP_API_33, "a request of 10 bytes is refused while 0 bytes "
                             "are live");
  cr_assert_eq(pp_script_evaluated(PP_API_33), 1);
  static const uint64_t allowed[][2] = {{2 * MIB, 10}, {64, 0}};
  for (size_t i = 0; i < COUNT(allowed); i++) {
    pp_script_answer(NULL, 0);
    cr_assert(
        pp_script_step(PP_OP_ALIGNED_ALLOC, 1, allowed[i][0], allowed[i][1]));
    cr_assert_eq(pp_script_evaluated(PP_API_21), 0);
    cr_assert_eq(pp_script_evaluated(PP_API_33), 0);
  }
  pp_script_answer(NULL, ENOMEM);
  cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, 64, BEYOND));
  cr_assert_eq(pp_script_evaluated(PP_API_41), 1);
}

/* What posix_memalign may answer, and has to. */
static const struct {
  uint64_t alignment, size;
  int error;             /* what it answers */
  enum pp_clause clause; /* that this breaks */
  enum pp_clause judges; /* the one that is evaluated, or PP_HOLDS */
} memaligns[] = {
    {8, 10, 0, PP_HOLDS, PP_API_25},
    {8, 8, 0, PP_HOLDS, PP_API_53},
    {4096, 10, 0, PP_HOLDS, PP_API_54},
    {8, 10, ENOMEM, PP_API_45, PP_API_45},
    {4, 10, EINVAL, PP_HOLDS, PP_API_49},
    {0, 10, EINVAL, PP_HOLDS, PP_API_48},
    {0, 10, 0, PP_API_48, PP_API_48},
    {BEYOND, 10, ENOMEM, PP_HOLDS, PP_API_57},
    {BEYOND, 10, EINVAL, PP_HOLDS, PP_API_57},
    {BEYOND, 10, 0, PP_API_57, PP_API_57},
    {BEYOND >> 16, 10, 0, PP_API_57, PP_API_57}, /* 2^47 */
    {24, 10, EINVAL, PP_HOLDS, PP_API_26},
    {4, 10, ENOMEM, PP_API_49, PP_API_49},
    {4, 10, 0, PP_API_49, PP_API_49},
    {24, BEYOND, ENOMEM, PP_API_26, PP_API_26},
    {8, BEYOND, ENOMEM, PP_HOLDS, PP_API_27},
    {8, BEYOND, EINVAL, PP_API_27, PP_API_27},
    {8, BEYOND, 0, PP_API_27, PP_API_27},
    {8, PTRDIFF_MAX, ENOMEM, PP_HOLDS, PP_HOLDS},
    {8, MIB + 1, EINVAL, PP_HOLDS, PP_HOLDS},
    {8, MIB, ENOMEM, PP_API_33, PP_API_33},
    {MIB, 1, ENOMEM, PP_API_45, PP_API_45},
    {2 * MIB, MIB, ENOMEM, PP_HOLDS, PP_API_33},
};

static void see_memalign(size_t i) {
  uint64_t alignment = memaligns[i].alignment, size = memaligns[i].size;
  int error = memaligns[i].error;
  pp_script_answer(pp_script_at(0), error);
  pp_script.spares_out = error != 0;
  bool sound = pp_script_step(PP_OP_POSIX_MEMALIGN, 1, alignment, size);
  cr_assert_eq(sound, memaligns[i].clause == PP_HOLDS, "row %zu: %s", i,
               pp_script.report.finding.what);
  cr_assert_eq(pp_script.a, alignment);
  cr_assert_eq(pp_script.b, size);
  cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
  static const enum pp_clause clauses[] = {PP_API_25, PP_API_26, PP_API_27,
                                           PP_API_48, PP_API_49, PP_API_53,
                                           PP_API_54, PP_API_55, PP_API_57};
  for (size_t j = 0; j < COUNT(clauses); j++) {
    enum pp_clause clause = clauses[j];
    bool judged = clause == memaligns[i].judges;
    cr_assert_eq(pp_script_evaluated(clause), judged, "row %zu", i);
  }
  cr_assert_eq(pp_script_evaluated(PP_API_33), memaligns[i].judges == PP_API_33,
               "row %zu", i);
  switch (memaligns[i].clause) {
  case PP_API_45:
    pp_script_broke(PP_API_45,
                    "a request of %" PRIu64 " bytes aligned to %" PRIu64
                    " is refused",
                    size, alignment);
    break;
  case PP_API_26:
  case PP_API_48:
  case PP_API_49:
  case PP_API_57:
    pp_script_broke(memaligns[i].clause,
                    "an alignment of %" PRIu64 " is answered by %d", alignment,
                    error);
    break;
  case PP_API_27:
    pp_script_broke(PP_API_27, "a size of %" PRIu64 " is answered by %d", size,
                    error);
    break;
  case PP_API_33:
    pp_script_broke(PP_API_33,
                    "a request of %" PRIu64 " bytes aligned to %" PRIu64
                    " is answered by %d",
                    size, alignment, error);
    break;
  default:
    cr_assert_eq(pp_script_evaluated(PP_API_28), error != 0);
    cr_assert_eq(pp_script.driver.blocks.count, error == 0);
  }
}

Test(API_25, posix_memalign_answers_what_it_has_to) {
  for (size_t i = 0; i < COUNT(memaligns); i++) {
    see_memalign(i);
    pp_script_again();
  }
  pp_script_answer(pp_script_at(8), 0);
  cr_assert_not(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 16, 8));
  pp_script_broke(PP_API_54, "block at %p of 8 bytes is not aligned to 16",
                  (void *)pp_script_at(8));
  cr_assert_eq(pp_script_evaluated(PP_API_51), 0);
  pp_script_answer(NULL, 0);
  cr_assert(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 16, 0));
  cr_assert_eq(pp_script.driver.blocks.count, 0);
}

Test(API_25, alignment_that_is_none_is_not_owed) {
  static bool declared[PP_CLAUSE_COUNT] = {
      [PP_API_24] = true, [PP_API_26] = true};
  pp_script.driver.options.declared = declared;
  pp_script_answer(pp_script_at(1), 0);
  cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, 24, 1));
  cr_assert_eq(pp_script_block(1)->alignment_bits, 0);
  pp_script_answer(pp_script_at(33), 0);
  cr_assert(pp_script_step(PP_OP_POSIX_MEMALIGN, 2, 24, 1));
  cr_assert_eq(pp_script_block(2)->alignment_bits, 0);
  cr_assert_eq(pp_script_evaluated(PP_API_23), 0);
  cr_assert_eq(pp_script_evaluated(PP_API_25), 0);
}

Test(API_28, out_parameter_alone_is_written_and_on_success_alone) {
  pp_script_answer(pp_script_at(0), ENOMEM);
  cr_assert_not(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 8, 2 * MIB));
  pp_script_broke(PP_API_28, "a failed call wrote %p to the out-parameter",
                  (void *)pp_script_at(0));
  pp_script.before = pp_script_at(1);
  cr_assert_not(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 8, 8));
  pp_script_broke(PP_API_40, "the word before the out-parameter is now %p",
                  (void *)pp_script_at(1));
  pp_script.before = NULL;
  pp_script.after = pp_script_at(2);
  cr_assert_not(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 8, 8));
  pp_script_broke(PP_API_40, "the word behind the out-parameter is now %p",
                  (void *)pp_script_at(2));
  pp_script.after = NULL;
  pp_script_evaluated(PP_API_40);
  cr_assert(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 8, 8));
  cr_assert_eq(pp_script_evaluated(PP_API_40), 2);
}

Test(API_46, success_writes_the_out_parameter) {
  pp_script_answer(pp_script_at(0), 0);
  pp_script.spares_out = true;
  cr_assert_not(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 64, 0));
  pp_script_broke(PP_API_46,
                  "a call that succeeded left the out-parameter alone");
  pp_script.spares_out = false;
  pp_script_answer(NULL, 0);
  cr_assert_not(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 64, 1));
  pp_script_broke(PP_API_47, "a request of 1 bytes succeeded, and is null");
  pp_script_evaluated(PP_API_46);
  pp_script_evaluated(PP_API_47);
  cr_assert(pp_script_step(PP_OP_POSIX_MEMALIGN, 1, 64, 1));
  cr_assert_eq(pp_script_evaluated(PP_API_46), 1);
  cr_assert_eq(pp_script_evaluated(PP_API_47), 1);
}

/* Of each kind of size and alignment, one that is honoured and one that is
 * half of what was asked for. */
Test(API_50, kinds_of_alignments_are_told_apart) {
  static const struct {
    uint64_t alignment, size;
    enum pp_clause aligned, posix;
  } kinds[] = {{64, 65, PP_API_23, PP_API_25},
               {64, 64, PP_API_50, PP_API_53},
               {64, 63, PP_API_51, PP_API_54},
               {32768, 32768, PP_API_50, PP_API_53},
               {65536, 65536, PP_API_52, PP_API_55},
               {65536, 1, PP_API_52, PP_API_55},
               {65536, 65537, PP_API_52, PP_API_55}};
  for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
    uint64_t alignment = kinds[i / 2].alignment, size = kinds[i / 2].size;
    enum pp_clause clause =
        i % 2 == 0 ? kinds[i / 2].aligned : kinds[i / 2].posix;
    enum pp_op_kind kind =
        i % 2 == 0 ? PP_OP_ALIGNED_ALLOC : PP_OP_POSIX_MEMALIGN;
    uint8_t *whole = pp_script_at(0);
    whole += -(uintptr_t)whole % 65536;
    pp_script_answer(whole, 0);
    cr_assert(pp_script_step(kind, 1, alignment, size), "row %zu", i / 2);
    cr_assert_eq(pp_script_evaluated(clause), 1, "row %zu", i / 2);
    cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
    pp_script_answer(whole + alignment / 2, 0);
    cr_assert_not(pp_script_step(kind, 1, alignment, size), "row %zu", i / 2);
    pp_script_broke(
        clause, "block at %p of %" PRIu64 " bytes is not aligned to %" PRIu64,
        (void *)(whole + alignment / 2), size, alignment);
    pp_script_again();
  }
}

Test(API_56, what_no_address_is_a_multiple_of_is_refused) {
  for (unsigned bits = 47; bits < 64; bits++) {
    uint64_t alignment = UINT64_C(1) << bits;
    pp_script_answer(NULL, ENOMEM);
    cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, alignment, 10));
    pp_script_answer(pp_script_at(0), 0);
    cr_assert_not(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, alignment, 10));
    pp_script_broke(PP_API_56, "an alignment of %" PRIu64 " was served, at %p",
                    alignment, (void *)pp_script_at(0));
    cr_assert_eq(pp_script_evaluated(PP_API_56), 2);
  }
  pp_script_answer(NULL, ENOMEM);
  cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, UINT64_C(1) << 46, 10));
  cr_assert_eq(pp_script_evaluated(PP_API_56), 0);
}

Test(API_41, aligned_size_that_cannot_be_is_null) {
  static const uint64_t sizes[] = {BEYOND, UINT64_MAX - 63, UINT64_MAX};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    pp_script_answer(pp_script_at(0), 0);
    cr_assert_not(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, 64, sizes[i]));
    pp_script_broke(PP_API_41,
                    "a request of 1 times %" PRIu64 " bytes answered %p",
                    sizes[i], (void *)pp_script_at(0));
    cr_assert_eq(pp_script_evaluated(PP_API_41), 1);
  }
}
