/* What is true of any malloc, each clause seen broken: a malloc with one fault
 * is found, under that fault's clause and no other, and the trace that shows it
 * is short (SPEC.md, API). Mallocs that are odd and sound conform. */
#include <criterion/criterion.h>
#include <string.h>

#include "proptests/judged.h"
#include "proptests/programs.h"

enum { OPERATIONS = 22000, STATEMENTS = 8 };

/* What a macro that makes a test ends with, so that a semicolon may follow. */
#define END(clause) _Static_assert(PP_##clause != PP_HOLDS, #clause)

/* A faulty malloc breaks the clause, in generated histories. */
#define FaultTest(clause, name, file)                                       \
  Test(clause, name) {                                                      \
    pp_judged_breaks(pp_judged(file, OPERATIONS), PP_##clause, STATEMENTS); \
  }                                                                         \
  END(clause)

/* A crash that comes in code which a sanitizer watches: it ends the process
 * before a signal does. */
#define CrashTest(clause, name, file)                                       \
  Test(clause, name) {                                                      \
    if (strcmp(pp_setting("POOLPROOF_SANITIZE"), "none") != 0)              \
      cr_skip("a sanitizer is faster");                                     \
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
FaultTest(API_01, flag_in_the_size, "api-01-flag-in-the-size");
FaultTest(API_01, grows_over_the_next, "api-01-grows-over-the-next");
FaultTest(API_01, merged_with_a_live_one, "api-01-merged-with-a-live-one");
FaultTest(API_01, old_address_returned, "api-01-old-address-returned");
FaultTest(API_01, sized_free_at_the_edge, "api-01-sized-free-at-the-edge");
FaultTest(API_01, sized_free_of_zero, "api-01-sized-free-of-zero");
FaultTest(API_01, split_not_taken, "api-01-split-not-taken");
SoundTest(API_01, descending_is_sound, "odd-descending");
SoundTest(API_01, huge_slack_is_sound, "odd-huge-slack");
SoundTest(API_01, random_reuse_is_sound, "odd-random-reuse");
FaultTest(API_02, block_count_in_16_bits, "api-02-block-count-in-16-bits");
FaultTest(API_02, length_in_16_bits, "api-02-length-in-16-bits");
FaultTest(API_02, recommitted_short, "api-02-recommitted-short");
SoundTest(API_02, guarded_samples_is_sound, "odd-guarded-samples");
FaultTest(API_03, flag_in_another_block, "api-03-flag-in-another-block");
SoundTest(API_03, oldest_first_is_sound, "odd-oldest-first");
FaultTest(API_03, purged_too_late, "api-03-purged-too-late");
FaultTest(API_03, recycled_without_a_look, "api-03-recycled-without-a-look");
FaultTest(API_03, stamped_after_free, "api-03-stamped-after-free");
FaultTest(API_03, tag_behind_the_chunk, "api-03-tag-behind-the-chunk");
SoundTest(API_03, frees_in_batches_is_sound, "odd-frees-in-batches");
SoundTest(API_03, poisons_is_sound, "odd-poisons");
SoundTest(API_03, quarantine_is_sound, "odd-quarantine");
FaultTest(API_04, class_of_24, "api-04-class-of-24");
SoundTest(API_04, over_aligned_is_sound, "odd-over-aligned");
LatitudeTest(API_05, small_blocks_for_what_fits, "odd-small-alignment");
LatitudeTest(API_06, zero_bytes_may_be_null, "odd-zero-is-null");
FaultTest(API_07, free_reads_null, "api-07-free-reads-null");
FaultTest(API_08, errno_cleared, "api-08-errno-cleared");
FaultTest(API_09, zero_once, "api-09-zero-once");
FaultTest(API_09, count_in_8_bits, "api-09-count-in-8-bits");
FaultTest(API_09, end_tag_in_fresh_memory, "api-09-end-tag-in-fresh-memory");
FaultTest(API_09, flag_outlives_use, "api-09-flag-outlives-use");
FaultTest(API_09, slack_taken_for_zeros, "api-09-slack-taken-for-zeros");
FaultTest(API_10, product_wraps, "api-10-product-wraps");
FaultTest(API_10, off_by_one, "api-10-off-by-one");
FaultTest(API_10, product_below_count, "api-10-product-below-count");
FaultTest(API_11, null_to_zero, "api-11-realloc-null-zero");
FaultTest(API_11, null_is_refused, "api-11-realloc-null-refused");
FaultTest(API_12, last_word_not_copied, "api-12-last-word-not-copied");
SoundTest(API_12, always_moving_is_sound, "odd-always-moves");
FaultTest(API_12, last_page_decommitted, "api-12-last-page-decommitted");
FaultTest(API_12, size_before_the_block, "api-12-size-before-the-block");
FaultTest(API_12, whole_pieces_only, "api-12-whole-pieces-only");
SoundTest(API_12, stays_in_place_is_sound, "odd-stays-in-place");
FaultTest(API_13, unlinked_too_early, "api-13-unlinked-too-early");
LatitudeTest(API_14, to_zero_may_free, "odd-realloc-zero-frees");
FaultTest(API_15, malloc_wraps, "api-15-huge-wraps");
FaultTest(API_15, rounded_to_pages, "api-15-rounded-to-pages");
FaultTest(API_15, size_with_a_sign, "api-15-size-with-a-sign");
FaultTest(API_16, calloc_wraps, "api-16-huge-wraps");
FaultTest(API_16, product_in_32_bits, "api-16-product-in-32-bits");
FaultTest(API_17, realloc_wraps, "api-17-huge-wraps");
FaultTest(API_18, malloc_forgets, "api-18-errno-forgotten");
SoundTest(API_18, refusing_above_1_mib_is_sound, "odd-refuses-above-1-mib");
FaultTest(API_19, calloc_forgets, "api-19-errno-forgotten");
FaultTest(API_20, realloc_forgets, "api-20-errno-forgotten");
FaultTest(API_21, aligned_alloc_forgets, "api-21-errno-forgotten");
FaultTest(API_22, reallocarray_forgets, "api-22-errno-forgotten");
FaultTest(API_24, alignment_rounded_up, "api-24-alignment-rounded-up");
FaultTest(API_27, size_plus_alignment, "api-27-size-plus-alignment");
FaultTest(API_27, another_error, "api-27-another-error");
FaultTest(API_27, head_after_the_check, "api-27-head-after-the-check");
FaultTest(API_28, null_in_out_parameter, "api-28-null-in-out-parameter");
FaultTest(API_29, array_wraps, "api-29-array-wraps");
SoundTest(API_30, usable_is_the_request_is_sound, "odd-usable-is-the-request");
FaultTest(API_31, slack_given_once, "api-31-slack-given-once");
FaultTest(API_32, size_of_the_class, "api-32-size-of-the-class");
FaultTest(API_32, multiple_of_alignment, "api-32-multiple-of-alignment");
FaultTest(API_33, refuses_100_kilobytes, "api-33-refuses-100-kilobytes");
FaultTest(API_33, aligned_zero_bytes, "api-33-aligned-zero-bytes");
FaultTest(API_33, filed_too_low, "api-33-filed-too-low");
FaultTest(API_23, spans_of_the_size, "api-23-spans-of-the-size");
FaultTest(API_25, spans_of_the_size, "api-25-spans-of-the-size");
FaultTest(API_26, misfit_rounded_up, "api-26-misfit-rounded-up");
FaultTest(API_41, aligned_alloc_wraps, "api-41-huge-wraps");
FaultTest(API_42, zero_before_the_check, "api-42-zero-before-the-check");
FaultTest(API_43, overflow_without_errno, "api-43-overflow-without-errno");
FaultTest(API_44, multiples_only, "api-44-multiples-only");
FaultTest(API_45, multiples_only, "api-45-multiples-only");
FaultTest(API_46, nothing_for_nothing, "api-46-nothing-for-nothing");
FaultTest(API_47, null_is_a_block, "api-47-null-is-a-block");
FaultTest(API_48, alignment_of_0, "api-48-alignment-of-0");
FaultTest(API_49, alignment_of_4, "api-49-alignment-of-4");
FaultTest(API_50, size_is_alignment, "api-50-size-is-alignment");
FaultTest(API_51, class_of_8, "api-51-class-of-8");
FaultTest(API_52, pages_at_most, "api-52-pages-at-most");
FaultTest(API_53, naturally_aligned, "api-53-naturally-aligned");
FaultTest(API_54, alignment_above_size, "api-54-alignment-above-size");
FaultTest(API_55, spans_at_most, "api-55-spans-at-most");
FaultTest(API_56, alignment_in_32_bits, "api-56-alignment-in-32-bits");
FaultTest(API_57, alignment_wraps, "api-57-alignment-wraps");
FaultTest(API_58, zero_is_one_address, "api-58-zero-is-one-address");
LatitudeTest(API_59, success_may_change_errno, "odd-errno-of-success");
LatitudeTest(API_60, answer_may_be_in_errno, "odd-errno-and-answer");
FaultTest(API_61, large_calloc, "api-61-large-calloc");
FaultTest(API_62, moves_to_8, "api-62-moves-to-8");
FaultTest(API_63, kept_for_the_next, "api-63-kept-for-the-next");
CrashTest(API_64, class_below_zero, "api-64-class-below-zero");
CrashTest(API_64, divides_by_zero, "api-64-divides-by-zero");
FaultTest(API_30, padding_taken_off, "api-30-padding-taken-off");
FaultTest(API_65, reallocarray_wraps, "api-65-huge-wraps");
FaultTest(API_66, zero_before_the_check, "api-66-zero-before-the-check");
FaultTest(API_67, another_error, "api-67-another-error");
FaultTest(API_68, unlinked_too_early, "api-68-unlinked-too-early");
FaultTest(API_69, null_refused, "api-69-null-refused");
CrashTest(API_70, divides_by_zero, "api-70-divides-by-zero");
FaultTest(API_71, copies_from_the_chunk, "api-71-copies-from-the-chunk");
FaultTest(API_71, small_means_slab, "api-71-small-means-slab");
FaultTest(API_72, canary_when_asked, "api-72-canary-when-asked");
FaultTest(API_73, usable_up_to_the_class, "api-73-usable-up-to-the-class");
FaultTest(API_74, null_is_the_least, "api-74-null-is-the-least");
FaultTest(API_75, marked_when_asked, "api-75-marked-when-asked");
FaultTest(API_76, canary_not_asked_for, "api-76-canary-not-asked-for");
FaultTest(API_76, size_rounded_down, "api-76-size-rounded-down");
FaultTest(API_77, head_of_null, "api-77-head-of-null");
FaultTest(API_78, head_of_null, "api-78-head-of-null");
FaultTest(API_79, free_sets_errno, "api-79-free-sets-errno");
FaultTest(API_79, error_of_the_system, "api-79-error-of-the-system");
FaultTest(API_89, one_is_remembered, "api-89-one-is-remembered");
FaultTest(API_90, for_its_like_alone, "api-90-for-its-like-alone");
FaultTest(API_91, sorts_what_was_freed, "api-91-sorts-what-was-freed");

/* It takes as many blocks as six bits count, and the opening has them one by
 * one. */
Test(API_01, counter_wraps) {
  pp_judged_breaks(pp_judged("api-01-counter-wraps", OPERATIONS), PP_API_01,
                   2 * STATEMENTS);
}

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

/* Little is live at any time, and much is taken: 4 MiB, again and again. */
static void is_bounded_by_what_was_live(const char *name) {
  enum { TIMES = 32 };
  struct pp_op ops[2 * TIMES];
  for (size_t i = 0; i < TIMES; i++) {
    ops[2 * i] = (struct pp_op){PP_OP_BURST, 0, 64, 60000};
    ops[2 * i + 1] = (struct pp_op){PP_OP_DRAIN, 0, 64, 1};
  }
  pp_judged_breaks(pp_judged_trace(name, ops, 2 * TIMES), PP_API_34, 2 * TIMES);
  struct pp_judgement *sound =
      pp_judged_trace("sound-as-it-is", ops, 2 * TIMES);
  cr_assert_eq(sound->verdict, PP_VERDICT_CONFORMS, "%s",
               pp_judged_text(sound));
}

Test(API_34, head_nulled) {
  is_bounded_by_what_was_live("api-34-head-nulled");
}

Test(API_34, page_stays_full) {
  is_bounded_by_what_was_live("api-34-page-stays-full");
}

/* Three of them, and the latitude of API-06 besides. */
Test(API_18, declared_by_one_that_is_mute) {
  struct pp_judgement *judgement = pp_judged("odd-mute", OPERATIONS);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s",
               pp_judged_text(judgement));
  cr_assert(judgement->deviated[PP_API_18] > 0);
  cr_assert(judgement->deviated[PP_API_43] > 0);
  cr_assert_eq(pp_judgement_deviations(judgement), 5);
}

/* What a plug-in declares beside itself is a deviation, and no violation. */
Test(API_34, declared_by_one_that_never_frees) {
  static const enum pp_clause clauses[] = {PP_API_34, PP_API_89, PP_API_90};
  /* What it declares is asked for from the third round on. */
  struct pp_judgement *judgement =
      pp_judged("odd-never-frees", OPERATIONS + 2000);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s",
               pp_judged_text(judgement));
  for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++) {
    cr_assert(judgement->declared[clauses[i]]);
    cr_assert(judgement->deviated[clauses[i]] > 0);
  }
  cr_assert_eq(pp_judgement_deviations(judgement), 3);
}

/* Histories of this length do not need it. */
Test(API_34, declared_by_one_of_pages) {
  struct pp_judgement *judgement = pp_judged("odd-page-each", OPERATIONS);
  pp_judged_conforms(judgement);
  cr_assert(judgement->declared[PP_API_34]);
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

FaultTest(API_35, index_in_10_bits, "api-35-index-in-10-bits");

Test(API_36, tries_for_ever) {
  struct pp_op ops[] = {{PP_OP_MALLOC, 0, UINT64_MAX, 0}};
  struct pp_judgement *judgement =
      pp_judged_trace("api-36-tries-for-ever", ops, 1);
  pp_judged_breaks(judgement, PP_API_36, 1);
  cr_assert_eq(judgement->finding.step, 1);
  cr_assert(judgement->seconds >= PP_SILENCE_IN_TESTS);
  cr_assert(judgement->seconds < PP_SILENCE_IN_TESTS + 2);
}

Test(API_36, list_in_a_circle) {
  struct pp_op ops[] = {{PP_OP_MALLOC, 0, 100000, 0},
                        {PP_OP_FREE, 0, 0, 0},
                        {PP_OP_MALLOC, 0, 200000, 0}};
  struct pp_judgement *judgement =
      pp_judged_trace("api-36-list-in-a-circle", ops, 3);
  pp_judged_breaks(judgement, PP_API_36, 3);
  cr_assert_eq(judgement->finding.step, 3);
}

/* What is optional is left out, what is not claimed is not asked: the rest is
 * judged all the same. */
static void is_judged_by(const char *name, enum pp_clause clause) {
  struct pp_judgement *judgement = pp_judged(name, OPERATIONS);
  pp_judged_conforms(judgement);
  cr_assert_eq(judgement->evaluated[clause], 0);
}

Test(API_32, four_calls_are_enough) {
  is_judged_by("odd-four-calls", PP_API_32);
}

Test(API_18, errno_may_be_unclaimed) {
  is_judged_by("odd-no-errno", PP_API_18);
}

FaultTest(API_37, head_of_null, "api-37-head-of-null");
CrashTest(API_37, copies_the_old_size, "api-37-copies-the-old-size");
FaultTest(API_37, recycled_after_unmap, "api-37-recycled-after-unmap");
CrashTest(API_37, usable_with_the_head, "api-37-usable-with-the-head");
FaultTest(API_37, words_for_a_refusal, "api-37-words-for-a-refusal");
FaultTest(API_38, gives_up, "api-38-gives-up");
FaultTest(API_38, nothing_is_fatal, "api-38-nothing-is-fatal");

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

FaultTest(API_39, map_for_each_move, "api-39-map-for-each-move");

FaultTest(API_40, behind_the_answer, "api-40-behind-the-answer");
FaultTest(API_40, two_words_of_nothing, "api-40-two-words-of-nothing");

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
