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

Test(API_23, alignment_is_honoured_and_valid_ones_alone) {
  pp_script_answer(pp_script_at(64), 0);
  cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, 64, 10));
  cr_assert_eq(pp_script_block(1)->alignment_bits, 6);
  cr_assert_eq(pp_script_evaluated(PP_API_23), 1);
  cr_assert_eq(pp_script_evaluated(PP_API_25), 0);
  cr_assert_eq(pp_script_evaluated(PP_API_24), 0);
  pp_script_answer(pp_script_at(32), 0);
  cr_assert_not(pp_script_step(PP_OP_ALIGNED_ALLOC, 2, 64, 10));
  pp_script_broke(PP_API_23, "block at %p is not aligned to 64",
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
  cr_assert_eq(pp_script_evaluated(PP_API_23), 1);
}

/* What posix_memalign may answer, and has to. */
static const struct {
  uint64_t alignment, size;
  int error;             /* what it answers */
  enum pp_clause clause; /* that this breaks */
  enum pp_clause judges; /* the one that is evaluated, or PP_HOLDS */
} memaligns[] = {
    {8, 10, 0, PP_HOLDS, PP_API_25},
    {4096, 10, 0, PP_HOLDS, PP_API_25},
    {4, 10, EINVAL, PP_HOLDS, PP_API_26},
    {0, 10, EINVAL, PP_HOLDS, PP_API_26},
    {24, 10, EINVAL, PP_HOLDS, PP_API_26},
    {4, 10, ENOMEM, PP_API_26, PP_API_26},
    {4, 10, 0, PP_API_26, PP_API_26},
    {24, BEYOND, ENOMEM, PP_API_26, PP_API_26},
    {8, BEYOND, ENOMEM, PP_HOLDS, PP_API_27},
    {8, BEYOND, EINVAL, PP_API_27, PP_API_27},
    {8, BEYOND, 0, PP_API_27, PP_API_27},
    {8, PTRDIFF_MAX, ENOMEM, PP_HOLDS, PP_HOLDS},
    {8, MIB + 1, EINVAL, PP_HOLDS, PP_HOLDS},
    {8, MIB, ENOMEM, PP_API_33, PP_API_33},
    {MIB, 1, ENOMEM, PP_API_33, PP_API_33},
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
  for (int clause = PP_API_25; clause <= PP_API_27; clause++) {
    bool judged = clause == (int)memaligns[i].judges;
    cr_assert_eq(pp_script_evaluated(clause), judged, "row %zu", i);
  }
  cr_assert_eq(pp_script_evaluated(PP_API_33), memaligns[i].judges == PP_API_33,
               "row %zu", i);
  switch (memaligns[i].clause) {
  case PP_API_26:
    pp_script_broke(PP_API_26, "an alignment of %" PRIu64 " is answered by %d",
                    alignment, error);
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
  pp_script_broke(PP_API_25, "block at %p is not aligned to 16",
                  (void *)pp_script_at(8));
  cr_assert_eq(pp_script_evaluated(PP_API_23), 0);
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
