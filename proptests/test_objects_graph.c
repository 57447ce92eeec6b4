/* What a host relies on, one clause a test: the objects of the reference with
 * one function that is wrong, and a program of a few statements in which the
 * graph, or a second interpreter beside the first, must see it (SPEC.md,
 * GRAPH).
 */
#include <criterion/criterion.h>
#include <string.h>

#include "check/objects/driver.h"

static struct pp_objects_driver driver;
static struct pp_report report;

/* The reference, to be changed in one place. */
static struct pp_objects wrong;
static const struct pp_objects *const right = &pp_objects_none;

static void begin(void) {
  wrong = pp_objects_none;
}

static void broken(struct pp_witness *witness, enum pp_clause clause,
                   const char *where) {
  (void)witness;
  cr_assert_fail("the reference broke %s: %s", pp_clause_texts[clause].id,
                 where);
}

/* The clause that the program shows broken; with a twin where two are to be
 * compared. */
static enum pp_clause found(const struct pp_objects *subject, bool twin,
                            const struct pp_op *ops, size_t count) {
  const struct pp_profile *profile = pp_profile_find("3.10");
  struct pp_objects_options options = {.profile = profile, .ends = true};
  struct pp_ops_source source = pp_ops_read(ops, count);
  memset(&driver, 0, sizeof driver);
  memset(&report, 0, sizeof report);
  driver.side_count = twin ? 2 : 1;
  driver.sides[0].tells = true;
  driver.sides[1].number = 1;
  cr_assert(
      pp_side_open(&driver.sides[0], subject, profile, NULL, NULL, broken));
  if (twin) {
    cr_assert(
        pp_side_open(&driver.sides[1], right, profile, NULL, NULL, broken));
  }
  pp_objects_open(&driver, &options, &report);
  pp_objects_drive(&driver, &source.source);
  return report.finding.clause;
}

/* The wrong objects show it, and the right ones do not. */
#define SHOWS(clause, twin, ...)                                          \
  do {                                                                    \
    static const struct pp_op ops_[] = {__VA_ARGS__};                     \
    size_t count_ = sizeof ops_ / sizeof ops_[0];                         \
    enum pp_clause seen_ = found(right, twin, ops_, count_);              \
    cr_assert_eq(seen_, PP_HOLDS, "the right ones: %s: %s",               \
                 pp_clause_texts[seen_].id, report.finding.what);         \
    cr_assert_gt(report.evaluated[PP_##clause], 0);                       \
    seen_ = found(&wrong, twin, ops_, count_);                            \
    cr_assert_eq(seen_, PP_##clause, "%s: %s", pp_clause_texts[seen_].id, \
                 report.finding.what);                                    \
  } while (0)

static void nothing_counted(struct pp_interpreter *interpreter,
                            struct pp_object *object) {
  (void)interpreter;
  (void)object;
}

Test(GRAPH_01, a_reference_that_is_not_counted, .init = begin) {
  wrong.incref = nothing_counted;
  SHOWS(GRAPH_01, false, {PP_OP_LIST, 0, 0, 0}, {PP_OP_INCREF, 0, 0, 0});
}

static void given_back_twice(struct pp_interpreter *interpreter,
                             struct pp_object *object) {
  if (right->refcount(interpreter, object) == 2)
    right->decref(interpreter, object);
  right->decref(interpreter, object);
}

Test(GRAPH_02, gone_and_still_named, .init = begin) {
  wrong.decref = given_back_twice;
  SHOWS(GRAPH_02, false, {PP_OP_LIST, 0, 0, 0}, {PP_OP_INCREF, 0, 0, 0},
        {PP_OP_DECREF, 0, 0, 0}, {PP_OP_APPEND, 0, 0, 0},
        {PP_OP_DECREF, 0, 0, 0}, {PP_OP_COLLECT, 0, 2, 0});
}

Test(GRAPH_03, nothing_refers_to_it, .init = begin) {
  wrong.decref = nothing_counted;
  SHOWS(GRAPH_03, false, {PP_OP_LIST, 0, 0, 0}, {PP_OP_DECREF, 0, 0, 0});
}

static int64_t nothing_collected(struct pp_interpreter *interpreter,
                                 unsigned generation) {
  (void)interpreter;
  (void)generation;
  return 0;
}

Test(GRAPH_04, a_cycle_that_stays, .init = begin) {
  wrong.collect = nothing_collected;
  SHOWS(GRAPH_04, false, {PP_OP_LIST, 0, 0, 0}, {PP_OP_APPEND, 0, 0, 0},
        {PP_OP_DECREF, 0, 0, 0}, {PP_OP_COLLECT, 0, 2, 0});
}

static struct pp_object *finalized(struct pp_interpreter *interpreter,
                                   bool finalizer) {
  (void)finalizer;
  return right->instance(interpreter, true);
}

static struct pp_object *not_finalized(struct pp_interpreter *interpreter,
                                       bool finalizer) {
  (void)finalizer;
  return right->instance(interpreter, false);
}

Test(GRAPH_05, a_finalizer_that_nobody_has, .init = begin) {
  wrong.instance = finalized;
  SHOWS(GRAPH_05, false, {PP_OP_INSTANCE, 0, 1, 0}, {PP_OP_INSTANCE, 1, 0, 0},
        {PP_OP_DECREF, 0, 0, 0}, {PP_OP_DECREF, 1, 0, 0});
}

Test(GRAPH_05, a_finalizer_that_does_not_run, .init = begin) {
  wrong.instance = not_finalized;
  SHOWS(GRAPH_05, false, {PP_OP_INSTANCE, 0, 1, 0}, {PP_OP_DECREF, 0, 0, 0});
}

static struct pp_object *never_called(struct pp_interpreter *interpreter,
                                      struct pp_object *referent,
                                      bool callback) {
  (void)callback;
  return right->weakref(interpreter, referent, false);
}

Test(GRAPH_06, not_called_back, .init = begin) {
  wrong.weakref = never_called;
  SHOWS(GRAPH_06, false, {PP_OP_SET, 0, 0, 0}, {PP_OP_WEAKREF, 1, 0, 1},
        {PP_OP_DECREF, 0, 0, 0});
}

static bool appended(struct pp_interpreter *interpreter, struct pp_object *list,
                     size_t index, struct pp_object *item) {
  (void)index;
  return right->append(interpreter, list, item);
}

Test(GRAPH_07, an_item_elsewhere, .init = begin) {
  wrong.insert = appended;
  SHOWS(GRAPH_07, false, {PP_OP_INT, 0, 300, 0}, {PP_OP_INT, 1, 301, 0},
        {PP_OP_LIST, 2, 0, 1}, {PP_OP_INSERT, 2, 0, 1});
}

static struct pp_object *a_set(struct pp_interpreter *interpreter) {
  return right->set(interpreter);
}

Test(GRAPH_08, another_type, .init = begin) {
  wrong.dict = a_set;
  SHOWS(GRAPH_08, false, {PP_OP_DICT, 0, 0, 0});
}

static bool said_no(struct pp_interpreter *interpreter,
                    struct pp_object *container) {
  right->clear(interpreter, container);
  return false;
}

Test(GRAPH_09, done_and_denied, .init = begin) {
  wrong.clear = said_no;
  SHOWS(GRAPH_09, false, {PP_OP_LIST, 0, 0, 0}, {PP_OP_CLEAR, 0, 0, 0});
}

static bool larger_piece(const struct pp_interpreter *interpreter,
                         const struct pp_object *object, unsigned index,
                         struct pp_piece_info *piece) {
  if (!right->piece(interpreter, object, index, piece)) return false;
  piece->size++;
  return true;
}

Test(GRAPH_10, more_than_was_asked_for, .init = begin) {
  wrong.piece = larger_piece;
  SHOWS(GRAPH_10, false, {PP_OP_LIST, 0, 0, 0});
}

static void not_ended(struct pp_interpreter *interpreter) {
  (void)interpreter;
}

Test(GRAPH_11, kept_to_the_end, .init = begin) {
  wrong.destroy = not_ended;
  SHOWS(GRAPH_11, false, {PP_OP_LIST, 0, 0, 0});
}

static bool counted_all_the_same(struct pp_interpreter *interpreter,
                                 struct pp_object *list,
                                 struct pp_object *item) {
  if (right->append(interpreter, list, item)) return true;
  right->incref(interpreter, item);
  return false;
}

Test(GRAPH_12, refused_and_changed, .init = begin) {
  wrong.append = counted_all_the_same;
  SHOWS(GRAPH_12, false, {PP_OP_LIST, 0, 0, 0}, {PP_OP_SET, 1, 0, 0},
        {PP_OP_MEMORY_FAIL, 0, 0, 1}, {PP_OP_APPEND, 0, 1, 0});
}

static size_t larger(const struct pp_interpreter *interpreter,
                     const struct pp_object *object) {
  return right->getsizeof(interpreter, object) - 8;
}

Test(GRAPH_13, another_size, .init = begin) {
  wrong.getsizeof = larger;
  SHOWS(GRAPH_13, true, {PP_OP_LIST, 0, 0, 0});
}

static struct pp_object *another_value(struct pp_interpreter *interpreter,
                                       double value) {
  return right->floating(interpreter, value + 1);
}

Test(GRAPH_14, other_bytes, .init = begin) {
  wrong.floating = another_value;
  SHOWS(GRAPH_14, true, {PP_OP_FLOAT, 0, 0, 0});
}

static struct pp_object *asked_twice(struct pp_interpreter *interpreter) {
  right->decref(interpreter, right->set(interpreter));
  return right->set(interpreter);
}

Test(GRAPH_15, another_request, .init = begin) {
  wrong.set = asked_twice;
  SHOWS(GRAPH_15, true, {PP_OP_SET, 0, 0, 0});
}

static void counts_more(const struct pp_interpreter *interpreter,
                        uint32_t count[PP_GENERATIONS]) {
  right->get_count(interpreter, count);
  count[0]++;
}

Test(GRAPH_16, another_count, .init = begin) {
  wrong.get_count = counts_more;
  SHOWS(GRAPH_16, true, {PP_OP_LIST, 0, 0, 0});
}

static bool first_to_last(struct pp_interpreter *interpreter,
                          struct pp_object *list) {
  struct pp_object *item;
  while ((item = right->pop(interpreter, list, 0)) != NULL)
    right->decref(interpreter, item);
  return true;
}

Test(GRAPH_17, another_order_of_events, .init = begin) {
  wrong.clear = first_to_last;
  SHOWS(GRAPH_17, true, {PP_OP_INSTANCE, 0, 1, 0}, {PP_OP_INSTANCE, 1, 1, 0},
        {PP_OP_LIST, 2, 0, 2}, {PP_OP_DECREF, 0, 0, 0}, {PP_OP_DECREF, 1, 0, 0},
        {PP_OP_CLEAR, 2, 0, 0});
}

static bool freed_foreign(struct pp_interpreter *interpreter,
                          struct pp_object *container) {
  static char foreign;
  driver.sides[0].mem.free(driver.sides[0].mem.ctx, &foreign);
  return right->clear(interpreter, container);
}

Test(GRAPH_18, what_was_not_given, .init = begin) {
  wrong.clear = freed_foreign;
  SHOWS(GRAPH_18, false, {PP_OP_LIST, 0, 0, 0}, {PP_OP_CLEAR, 0, 0, 0});
}

/* ---- what statements mean ---- */

static unsigned given_none, given_other, put, released;

static bool noted_append(struct pp_interpreter *interpreter,
                         struct pp_object *sequence, struct pp_object *item) {
  if (right->type_of(interpreter, item) == PP_TYPE_NONE)
    given_none++;
  else
    given_other++;
  return right->append(interpreter, sequence, item);
}

static struct pp_object *noted_set(struct pp_interpreter *interpreter) {
  put = released;
  return right->set(interpreter);
}

static void noted_decref(struct pp_interpreter *interpreter,
                         struct pp_object *object) {
  released++;
  right->decref(interpreter, object);
}

static void take_notes(void) {
  begin();
  given_none = given_other = put = released = 0;
  wrong.append = noted_append;
  wrong.set = noted_set;
  wrong.decref = noted_decref;
}

Test(OPS_19, an_id_that_names_nothing_is_none, .init = take_notes) {
  static const struct pp_op ops[] = {{PP_OP_LIST, 1, 0, 0},
                                     {PP_OP_APPEND, 1, 7, 0},
                                     {PP_OP_DECREF, 7, 0, 0},
                                     {PP_OP_APPEND, 1, 1, 0}};
  cr_assert_eq(found(&wrong, false, ops, sizeof ops / sizeof *ops), PP_HOLDS);
  cr_assert_eq(given_none, 1);
  cr_assert_eq(given_other, 1);
}

Test(OPS_20, nothing_is_asked_of_what_is_not_there, .init = take_notes) {
  static const struct pp_op ops[] = {
      {PP_OP_INT, 1, 1000, 0},
      {PP_OP_APPEND, 7, 1, 0},
      {PP_OP_DECREF, 7, 0, 0},
      {PP_OP_SET, 2, 0, 0},
  };
  cr_assert_eq(found(&wrong, false, ops, sizeof ops / sizeof *ops), PP_HOLDS);
  cr_assert_eq(given_none + given_other, 0);
  cr_assert_eq(put, 0, "%u were given back before", put);
}

Test(OPS_21, all_references_go_back_before_it_is_named_anew,
     .init = take_notes) {
  static const struct pp_op ops[] = {{PP_OP_LIST, 1, 0, 0},
                                     {PP_OP_INCREF, 1, 0, 0},
                                     {PP_OP_INCREF, 1, 0, 0},
                                     {PP_OP_SET, 1, 0, 0}};
  cr_assert_eq(found(&wrong, false, ops, sizeof ops / sizeof *ops), PP_HOLDS);
  cr_assert_eq(put, 3, "%u were given back before", put);
}
