/* The clauses of OPS about programs of objects: the objects of the reference,
 * with functions that write down what they are asked. */
#include <string.h>

#include "check/objects/driver.h"
#include "mutants/ops/probe.h"

static struct pp_objects noted;
static struct pp_objects_driver driver;
static struct pp_report report;

/* What was asked for, a letter each. */
static char asked[64];
static size_t asked_count;

static void ask(char letter) {
  if (asked_count + 1 < sizeof asked) asked[asked_count++] = letter;
}

static bool append(struct pp_interpreter *interpreter,
                   struct pp_object *sequence, struct pp_object *item) {
  struct pp_object *none = pp_objects_none.none(interpreter);
  ask(item == none ? 'n' : 'a');
  pp_objects_none.decref(interpreter, none);
  return pp_objects_none.append(interpreter, sequence, item);
}

static struct pp_object *set(struct pp_interpreter *interpreter) {
  ask('s');
  return pp_objects_none.set(interpreter);
}

static void decref(struct pp_interpreter *interpreter,
                   struct pp_object *object) {
  ask('d');
  pp_objects_none.decref(interpreter, object);
}

static void broken(struct pp_witness *witness, enum pp_clause clause,
                   const char *where) {
  (void)witness;
  (void)clause;
  (void)where;
}

/* Whether the statements ask just this, before the end of the program. */
static bool asks(const char *letters, const struct pp_op *ops, size_t count) {
  const struct pp_profile *profile = &pp_profiles[PP_PROFILE_3_10];
  const struct pp_objects_options options = {.profile = profile, .ends = true};
  struct pp_ops_source source = pp_ops_read(ops, count);
  noted = pp_objects_none;
  noted.append = append;
  noted.set = set;
  noted.decref = decref;
  memset(&driver, 0, sizeof driver);
  memset(&report, 0, sizeof report);
  memset(asked, 0, sizeof asked);
  asked_count = 0;
  driver.side_count = 1;
  driver.sides[0].tells = true;
  if (!pp_side_open(&driver.sides[0], &noted, profile, NULL, NULL, broken)) {
    return false;
  }
  pp_objects_open(&driver, &options, &report);
  return pp_objects_drive(&driver, &source.source) &&
         strncmp(asked, letters, strlen(letters)) == 0;
}

bool probe_nothing_is_none(void) {
  static const struct pp_op ops[] = {
      {PP_OP_LIST, 1, 0, 0}, {PP_OP_APPEND, 1, 7, 0}, {PP_OP_SET, 2, 0, 0}};
  return asks("ns", ops, COUNT(ops));
}

bool probe_nothing_is_not_changed(void) {
  static const struct pp_op ops[] = {{PP_OP_INT, 1, 5, 0},
                                     {PP_OP_APPEND, 7, 1, 0},
                                     {PP_OP_DECREF, 7, 0, 0},
                                     {PP_OP_SET, 2, 0, 0}};
  return asks("s", ops, COUNT(ops));
}

bool probe_named_anew_is_given_back(void) {
  static const struct pp_op ops[] = {
      {PP_OP_LIST, 1, 0, 0}, {PP_OP_INCREF, 1, 0, 0}, {PP_OP_SET, 1, 0, 0}};
  return asks("dds", ops, COUNT(ops));
}
