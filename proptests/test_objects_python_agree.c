/* Programs in which an interpreter once differed from the reference, each
 * performed on both in lock-step; on every CPython of a release that is found,
 * and skipped where there is none (SPEC.md, GRAPH-13 to GRAPH-17). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "check/discover.h"
#include "check/pages.h"
#include "proptests/judged.h"

/* Minor releases, as bits. */
#define FROM(first, last) ((2u << (last)) - (1u << (first)))
#define ALL FROM(7, 13)

/* Codes of arrays, as SPEC.md counts them. */
enum { CODE_I = 5, CODE_L = 7, CODE_Q = 9, CODE_F = 10, CODE_D = 11 };

static void agree(const char *path, int minor, const struct pp_op *ops,
                  size_t count) {
  char subject[32], why[PP_WHY_MAX] = "";
  struct pp_ops_source source = pp_ops_read(ops, count);
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  struct pp_job job = {.source = &source.source,
                       .silence_seconds = PP_SILENCE_SECONDS};
  job.spec.against = path;
  job.spec.level = PP_LEVEL_HEAP;
  snprintf(subject, sizeof subject, "objects:3.%d", minor);
  cr_assert(pp_subject_parse(subject, &job.spec, why, sizeof why), "%s", why);
  pp_judge_trace(&job, judgement);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s: %s: %s %s", path,
               pp_verdict_names[judgement->verdict], judgement->finding.what,
               judgement->why);
  cr_assert_eq(judgement->skipped, 0);
  cr_assert_gt(judgement->agreed[PP_AGREED_VALUES], 0);
  pp_pages_free(judgement, sizeof *judgement);
}

static void agree_each(unsigned releases, const struct pp_op *ops,
                       size_t count) {
  struct pp_found_list found = pp_discover();
  unsigned met = 0;
  for (size_t i = 0; i < found.count; i++) {
    int minor;
    if (found.at[i].install != NULL ||
        sscanf(found.at[i].title, "CPython 3.%d", &minor) != 1 || minor > 30 ||
        (releases >> minor & 1) == 0)
      continue;
    agree(found.at[i].name, minor, ops, count);
    met++;
  }
  pp_found_list_free(&found);
  if (met == 0) cr_skip_test("no CPython of these releases was found");
}

#define AGREE(releases, ...)                                  \
  do {                                                        \
    static const struct pp_op ops_[] = {__VA_ARGS__};         \
    agree_each(releases, ops_, sizeof ops_ / sizeof ops_[0]); \
  } while (0)

enum { A, B, C, D };

Test(GRAPH_15, floats_are_given_back_before_tuples_since_3_13) {
  AGREE(FROM(13, 13), {PP_OP_TUPLE, A, B, 1}, {PP_OP_FLOAT, A, 0, 0},
        {PP_OP_LIST, A, 0, 0}, {PP_OP_COLLECT, 0, 2, 0});
}

Test(GRAPH_15, tuples_are_given_back_before_floats_to_3_12) {
  AGREE(FROM(7, 12), {PP_OP_TUPLE, A, B, 1}, {PP_OP_FLOAT, A, 0, 0},
        {PP_OP_LIST, A, 0, 0}, {PP_OP_COLLECT, 0, 2, 0});
}

Test(GRAPH_14, text_behind_what_has_no_hash_is_not_hashed) {
  AGREE(ALL, {PP_OP_STR, B, 2, 0}, {PP_OP_LIST, A, 0, 0}, {PP_OP_STR, C, 3, 0},
        {PP_OP_TUPLE, 10, A, 2}, {PP_OP_TUPLE, 11, B, 2}, {PP_OP_LIST, C, 0, 0},
        {PP_OP_TUPLE, 12, B, 2}, {PP_OP_DICT, D, 0, 0},
        {PP_OP_DELETE_KEY, D, 10, 0}, {PP_OP_FIND_KEY, D, 12, 0},
        {PP_OP_SET, A, 0, 0}, {PP_OP_ADD, A, 11, 0}, {PP_OP_ADD, A, 12, 0});
}

Test(GRAPH_13, letters_that_an_interpreter_interned_for_itself) {
  AGREE(ALL, {PP_OP_STR, A, 1, 'a'}, {PP_OP_INTERN, A, 0, 0},
        {PP_OP_STR, B, 1, '_'}, {PP_OP_INTERN, B, 0, 0}, {PP_OP_STR, C, 1, 'z'},
        {PP_OP_INTERN, C, 0, 0}, {PP_OP_STR, D, 1, 'a'},
        {PP_OP_INTERN, D, 0, 0}, {PP_OP_STR, D, 1, 0x100},
        {PP_OP_STR, A, 1, 0x100}, {PP_OP_INTERN, A, 0, 0},
        {PP_OP_INTERN, D, 0, 0});
}

static const struct pp_op items[] = {
    {PP_OP_INT, A, 1000, 0},      {PP_OP_INT, B, 1 << 30, 0},
    {PP_OP_ARRAY, 10, CODE_I, 0}, {PP_OP_ARRAY, 11, CODE_L, 0},
    {PP_OP_ARRAY, 12, CODE_Q, 0}, {PP_OP_ARRAY, 13, CODE_I - 2, 0},
    {PP_OP_APPEND, 10, A, 0},     {PP_OP_APPEND, 10, B, 0},
    {PP_OP_APPEND, 11, A, 0},     {PP_OP_APPEND, 11, B, 0},
    {PP_OP_APPEND, 12, A, 0},     {PP_OP_APPEND, 12, B, 0},
    {PP_OP_APPEND, 13, A, 0},     {PP_OP_POP, 13, 0, 0},
    {PP_OP_POP, 10, 0, 0},        {PP_OP_POP, 11, 0, 0},
    {PP_OP_POP, 12, 0, 0},        {PP_OP_POP, 10, 0, 0},
    {PP_OP_POP, 11, 0, 0},        {PP_OP_POP, 12, 0, 0}};

Test(GRAPH_15, items_of_unsigned_arrays_ask_for_their_digits_alone) {
  agree_each(ALL, items, sizeof items / sizeof items[0]);
}

/* 2^1020, 15 * 2^1020 and (2^64 - 1) * 2^960; the last is rounded to 2^1024. */
Test(GRAPH_13, arrays_of_floats_take_what_a_double_comes_near_to) {
  AGREE(ALL, {PP_OP_INT, A, 1, 68}, {PP_OP_INT, B, 15, 69},
        {PP_OP_INT, C, UINT64_MAX, 64}, {PP_OP_INT, D, UINT64_MAX << 11, 64},
        {PP_OP_ARRAY, 10, CODE_D, 0}, {PP_OP_ARRAY, 11, CODE_F, 0},
        {PP_OP_APPEND, 10, A, 0}, {PP_OP_APPEND, 10, B, 0},
        {PP_OP_APPEND, 10, C, 0}, {PP_OP_APPEND, 10, D, 0},
        {PP_OP_POP, 10, 0, 0}, {PP_OP_INT, A, UINT64_MAX, 8},
        {PP_OP_APPEND, 11, A, 0}, {PP_OP_POP, 11, 0, 0});
}

/* Weak references to what dies, in the young and in the oldest generation. */
Test(GRAPH_15, weak_references_are_given_back_in_turn) {
  AGREE(ALL, {PP_OP_INSTANCE, A, 0, 0}, {PP_OP_WEAKREF, B, A, 1},
        {PP_OP_WEAKREF, C, A, 0}, {PP_OP_WEAKREF, D, A, 1},
        {PP_OP_FLOAT, 10, 1, 0}, {PP_OP_LIST, 11, B, 3},
        {PP_OP_DECREF, B, 0, 0}, {PP_OP_DECREF, C, 0, 0},
        {PP_OP_DECREF, 10, 0, 0}, {PP_OP_SET_ATTRIBUTE, A, 0, 11},
        {PP_OP_DECREF, 11, 0, 0}, {PP_OP_DECREF, A, 0, 0},
        {PP_OP_COLLECT, 0, 2, 0}, {PP_OP_DECREF, D, 0, 0},
        {PP_OP_COLLECT, 0, 2, 0});
}
