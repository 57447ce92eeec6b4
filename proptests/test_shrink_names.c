/* Plainer IDs (SPEC.md, OPS-17): those that statements name move towards zero,
 * in their order, and who lies next to whom in a tuple stays there. */
#include <criterion/criterion.h>
#include <string.h>

#include "check/shrink.h"
#include "proptests/shrunk.h"

static struct pp_ops ops, trial;

static void renamed(const struct pp_op *at, size_t count,
                    const char *expected) {
  ops.count = trial.count = 0;
  for (size_t i = 0; i < count; i++) {
    pp_ops_push(&ops, at[i]);
    pp_ops_push(&trial, (struct pp_op){PP_OP_FORK, 0, 0, 0});
  }
  pp_shrink_names(&ops, &trial);
  cr_expect_eq(trial.count, count);
  cr_expect_str_eq(pp_shrunk_text(&trial), expected, "%s",
                   pp_shrunk_text(&trial));
  pp_ops_free(&ops);
  pp_ops_free(&trial);
}

#define RENAMED(expected, ...)                                                \
  renamed((const struct pp_op[]){__VA_ARGS__},                                \
          sizeof((const struct pp_op[]){__VA_ARGS__}) / sizeof(struct pp_op), \
          expected)

Test(shrink_names, ids_move_to_zero_in_their_order) {
  RENAMED("dict 0", {PP_OP_DICT, 7, 0, 0});
  RENAMED("dict 0; set 0", {PP_OP_DICT, 7, 0, 0}, {PP_OP_SET, 7, 0, 0});
  RENAMED("dict 2; set 0; dict 1; set 2", {PP_OP_DICT, 90, 0, 0},
          {PP_OP_SET, 3, 0, 0}, {PP_OP_DICT, 4, 0, 0}, {PP_OP_SET, 90, 0, 0});
  RENAMED("dict 0; set 1; dict 2", {PP_OP_DICT, 0, 0, 0}, {PP_OP_SET, 1, 0, 0},
          {PP_OP_DICT, 2, 0, 0});
}

/* Numbers are no IDs, however they look. */
Test(shrink_names, every_operand_that_is_an_id_moves) {
  RENAMED("append 0 1; insert 0 9 1; set-key 0 1 2; collect 9",
          {PP_OP_APPEND, 5, 9, 0}, {PP_OP_INSERT, 5, 9, 9},
          {PP_OP_SET_KEY, 5, 9, 11}, {PP_OP_COLLECT, 9, 9, 9});
}

Test(shrink_names, items_stay_where_they_lie_together) {
  RENAMED("tuple 3 0 3; dict 1; dict 4", {PP_OP_TUPLE, 50, 20, 3},
          {PP_OP_DICT, 21, 0, 0}, {PP_OP_DICT, 60, 0, 0});
  RENAMED("list 0 1 4; tuple 0 3 4; dict 7", {PP_OP_LIST, 5, 20, 4},
          {PP_OP_TUPLE, 5, 22, 4}, {PP_OP_DICT, 30, 0, 0});
  /* One inside the other, which ends first. */
  RENAMED("list 10 0 10; tuple 10 2 2; dict 9; set 11",
          {PP_OP_LIST, 60, 20, 10}, {PP_OP_TUPLE, 60, 22, 2},
          {PP_OP_DICT, 29, 0, 0}, {PP_OP_SET, 61, 0, 0});
}

Test(shrink_names, no_items_are_one_name) {
  RENAMED("tuple 1 0 0; dict 2", {PP_OP_TUPLE, 9, 8, 0},
          {PP_OP_DICT, 10, 0, 0});
}

/* As many ranges as three operands each can name. */
Test(shrink_names, all_names_of_all_statements) {
  RENAMED("set-key 0 1 2; set-key 3 4 5; set-key 6 7 8",
          {PP_OP_SET_KEY, 10, 20, 30}, {PP_OP_SET_KEY, 40, 50, 60},
          {PP_OP_SET_KEY, 70, 80, 90});
}

Test(shrink_names, objects_begin_with_their_first_kind) {
  for (int kind = 0; kind < PP_OP_KIND_COUNT; kind++) {
    struct pp_op one = {(enum pp_op_kind)kind, 1, 1, 1};
    pp_ops_push(&ops, one);
    cr_expect_eq(pp_shrink_has_objects(&ops), kind >= PP_OP_FIRST_OF_OBJECTS);
    ops.count = 0;
  }
  cr_expect_not(pp_shrink_has_objects(&ops));
  pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, 1, 1, 0});
  pp_ops_push(&ops, (struct pp_op){PP_OP_DICT, 1, 0, 0});
  pp_ops_push(&ops, (struct pp_op){PP_OP_FREE, 1, 0, 0});
  cr_expect(pp_shrink_has_objects(&ops));
  pp_ops_free(&ops);
}
