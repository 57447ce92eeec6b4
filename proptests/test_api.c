/* What is true of any malloc, each clause seen broken: a malloc with one fault
 * is found, under that fault's clause and no other, and the trace that shows it
 * is short (SPEC.md, API). Mallocs that are odd and sound conform. */
#include <criterion/criterion.h>
#include <string.h>

#include "proptests/judged.h"

enum { OPERATIONS = 22000, STATEMENTS = 4 };

/* What a macro that makes a test ends with, so that a semicolon may follow. */
#define END(clause) _Static_assert(PP_##clause != PP_HOLDS, #clause)

/* A faulty malloc breaks the clause, in generated histories. */
#define FaultTest(clause, name, file)                                       \
  Test(clause, name) {                                                      \
    pp_judged_breaks(pp_judged(file, OPERATIONS), PP_##clause, STATEMENTS); \
  }                                                                         \
  END(clause)

/* A sound malloc does not, though it is asked. */
#define SoundTest(clause, name, file)                             \
  Test(clause, name) {                                            \
    struct pp_judgement *judgement = pp_judged(file, OPERATIONS); \
    pp_judged_conforms(judgement);                                \
    cr_assert(judgement->evaluated[PP_##clause] > 0);             \
  }                                                               \
  END(clause)

/* Either behaviour is legal: the usual one passes, the other one deviates, and
 * both conform. */
#define LatitudeTest(clause, name, file)                                  \
  Test(clause, name) {                                                    \
    struct pp_judgement *usual = pp_judged("sound-as-it-is", OPERATIONS); \
    struct pp_judgement *other = pp_judged(file, OPERATIONS);             \
    pp_judged_conforms(usual);                                            \
    pp_judged_conforms(other);                                            \
    cr_assert(usual->evaluated[PP_##clause] > 0);                         \
    cr_assert_eq(pp_judgement_deviations(usual), 0);                      \
    cr_assert(other->deviated[PP_##clause] > 0);                          \
    cr_assert_eq(pp_judgement_deviations(other), 1);                      \
  }                                                                       \
  END(clause)

FaultTest(API_01, freed_twice, "api-01-freed-twice");
FaultTest(API_02, length_in_16_bits, "api-02-length-in-16-bits");
FaultTest(API_03, flag_in_another_block, "api-03-flag-in-another-block");
SoundTest(API_03, oldest_first_is_sound, "odd-oldest-first");
FaultTest(API_04, class_of_24, "api-04-class-of-24");
SoundTest(API_04, over_aligned_is_sound, "odd-over-aligned");
LatitudeTest(API_05, small_blocks_for_what_fits, "odd-small-alignment");
LatitudeTest(API_06, zero_bytes_may_be_null, "odd-zero-is-null");
FaultTest(API_07, free_reads_null, "api-07-free-reads-null");
FaultTest(API_08, free_sets_errno, "api-08-free-sets-errno");
FaultTest(API_09, zero_once, "api-09-zero-once");
FaultTest(API_10, product_wraps, "api-10-product-wraps");
FaultTest(API_11, null_to_zero, "api-11-realloc-null-zero");
FaultTest(API_11, null_is_refused, "api-11-realloc-null-refused");
FaultTest(API_12, last_word_not_copied, "api-12-last-word-not-copied");
SoundTest(API_12, always_moving_is_sound, "odd-always-moves");
FaultTest(API_13, unlinked_too_early, "api-13-unlinked-too-early");
LatitudeTest(API_14, to_zero_may_free, "odd-realloc-zero-frees");
FaultTest(API_15, malloc_wraps, "api-15-huge-wraps");
FaultTest(API_16, calloc_wraps, "api-16-huge-wraps");
FaultTest(API_17, realloc_wraps, "api-17-huge-wraps");
FaultTest(API_18, malloc_forgets, "api-18-errno-forgotten");
FaultTest(API_19, calloc_forgets, "api-19-errno-forgotten");
FaultTest(API_20, realloc_forgets, "api-20-errno-forgotten");
FaultTest(API_21, aligned_alloc_forgets, "api-21-errno-forgotten");
FaultTest(API_22, reallocarray_forgets, "api-22-errno-forgotten");
FaultTest(API_23, size_is_alignment, "api-23-size-is-alignment");
FaultTest(API_24, alignment_rounded_up, "api-24-alignment-rounded-up");
FaultTest(API_25, alignment_above_size, "api-25-alignment-above-size");
FaultTest(API_26, alignment_of_4, "api-26-alignment-of-4");
FaultTest(API_27, size_plus_alignment, "api-27-size-plus-alignment");
FaultTest(API_28, null_in_out_parameter, "api-28-null-in-out-parameter");
FaultTest(API_29, array_wraps, "api-29-array-wraps");
FaultTest(API_30, size_rounded_down, "api-30-size-rounded-down");
FaultTest(API_31, slack_given_once, "api-31-slack-given-once");
FaultTest(API_32, size_of_the_class, "api-32-size-of-the-class");
FaultTest(API_33, refuses_100_kilobytes, "api-33-refuses-100-kilobytes");

/* A block of 1 MiB at a time; the bound is 72 MiB. */
Test(API_34, never_reuses) {
  struct pp_op ops[80];
  for (size_t i = 0; i < 80; i++)
    ops[i] = (struct pp_op){PP_OP_MALLOC, 0, 1 << 20, 0};
  pp_judged_breaks(pp_judged_trace("api-34-never-reuses", ops, 80), PP_API_34,
                   80);
  pp_judged_breaks(pp_judged_trace("api-34-never-reuses", ops, 74), PP_API_34,
                   74);
  struct pp_judgement *few = pp_judged_trace("api-34-never-reuses", ops, 48);
  cr_assert_eq(few->verdict, PP_VERDICT_CONFORMS, "%s", pp_judged_text(few));
}

Test(API_35, padding_lost) {
  struct pp_op ops[] = {{PP_OP_BURST, 0, 2000, 256}, {PP_OP_DRAIN, 0, 2000, 1}};
  struct pp_judgement *judgement =
      pp_judged_shrunk("api-35-padding-lost", ops, 2);
  pp_judged_breaks(judgement, PP_API_35, 2);
  cr_assert_eq(judgement->trace[0].kind, PP_OP_BURST);
  ops[0].a = ops[1].a = 1000;
  judgement = pp_judged_trace("api-35-padding-lost", ops, 2);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s",
               pp_judged_text(judgement));
}

Test(API_36, tries_for_ever) {
  struct pp_op ops[] = {{PP_OP_MALLOC, 0, UINT64_MAX, 0}};
  struct pp_judgement *judgement =
      pp_judged_trace("api-36-tries-for-ever", ops, 1);
  pp_judged_breaks(judgement, PP_API_36, 1);
  cr_assert_eq(judgement->finding.step, 1);
  cr_assert(judgement->seconds >= PP_SILENCE_IN_TESTS);
  cr_assert(judgement->seconds < PP_SILENCE_IN_TESTS + 2);
}

FaultTest(API_37, head_of_null, "api-37-head-of-null");
FaultTest(API_38, gives_up, "api-38-gives-up");

Test(API_39, tells_all) {
  struct pp_op ops[5];
  for (size_t i = 0; i < 5; i++)
    ops[i] = (struct pp_op){PP_OP_MALLOC, 0, UINT64_MAX, 0};
  struct pp_judgement *judgement = pp_judged_trace("api-39-tells-all", ops, 5);
  pp_judged_breaks(judgement, PP_API_39, 5);
  cr_assert_not_null(strstr(judgement->output, "....")); /* what it wrote */
  judgement = pp_judged_trace("api-39-tells-all", ops, 4);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s",
               pp_judged_text(judgement));
}

FaultTest(API_40, behind_the_answer, "api-40-behind-the-answer");

/* Stands for a subject that writes where it has nothing: the engine keeps
 * memory in sight that nobody but itself may write. */
static void scribble(void *ctx, const struct pp_driver *driver, uint64_t id,
                     const void *address) {
  (void)ctx;
  (void)address;
  if (id == 1) driver->bystander[4321] ^= 1;
}

Test(API_40, memory_of_a_bystander) {
  struct pp_op ops[] = {{PP_OP_MALLOC, 0, 1, 0}, {PP_OP_MALLOC, 1, 1, 0}};
  struct pp_drive_options options = {
      .contents = PP_CONTENTS_FULL, .shadow = true, .on_block = scribble};
  struct pp_judgement *judgement =
      pp_judged_with("sound-as-it-is", &options, ops, 2);
  pp_judged_breaks(judgement, PP_API_40, 2);
  cr_assert_not_null(strstr(judgement->finding.what, "byte 4321"), "%s",
                     pp_judged_text(judgement));
  judgement = pp_judged_with("sound-as-it-is", &options, ops, 1);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s",
               pp_judged_text(judgement));
}
