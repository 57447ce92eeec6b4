/* Operands of statements of objects (SPEC.md, OPS-19 to OPS-21): the objects of
 * the reference with some functions that look at what they are given, and
 * compare it with what the names say that it should be. */
#include "fuzz/meanings.h"
#include "fuzz/objects.h"

/* Of the statement under way, before it began. */
static struct {
  const struct pp_objects_driver *driver;
  struct pp_op op;
  const struct pp_object *target; /* NULL: the ID names nothing */
  uint64_t held;                  /* references to it that the ID holds */
  uint64_t given_back;            /* of them, so far */
} now;

static void before(void *ctx, const struct pp_objects_driver *driver,
                   struct pp_op *op) {
  (void)ctx;
  const struct pp_name *name = pp_model_name(&driver->model, op->id);
  now.driver = driver;
  now.op = *op;
  now.target = name == NULL ? NULL : name->node->at[0];
  now.held = name == NULL ? 0 : name->held;
  now.given_back = 0;
}

static _Noreturn void differs(const char *clause, const char *what) {
  char statement[160];
  pp_op_print(&now.op, statement, sizeof statement);
  pp_fuzz_found(clause, "%s: %s", statement, what);
}

static void has_target(void) {
  if (now.target == NULL) differs("OPS-20", "nothing is asked to change");
}

static void is_operand(uint64_t id, const struct pp_object *given) {
  const struct pp_node *named = pp_model_named(&now.driver->model, id);
  const struct pp_node *meant = named == NULL ? now.driver->model.none : named;
  if (meant->at[0] != given) differs("OPS-19", "it is given another object");
}

static void is_given_back(void) {
  if (now.given_back < now.held)
    differs("OPS-21", "the ID still holds references to another object");
}

/* ---- functions that look ---- */

static bool append(struct pp_interpreter *interpreter,
                   struct pp_object *sequence, struct pp_object *item) {
  if (now.op.kind == PP_OP_APPEND) {
    has_target();
    is_operand(now.op.a, item);
  }
  return pp_objects_none.append(interpreter, sequence, item);
}

static bool extend(struct pp_interpreter *interpreter,
                   struct pp_object *sequence, struct pp_object *other) {
  if (now.op.kind == PP_OP_EXTEND) {
    has_target();
    is_operand(now.op.a, other);
  }
  return pp_objects_none.extend(interpreter, sequence, other);
}

static bool clear(struct pp_interpreter *interpreter,
                  struct pp_object *container) {
  if (now.op.kind == PP_OP_CLEAR) has_target();
  return pp_objects_none.clear(interpreter, container);
}

static bool set_add(struct pp_interpreter *interpreter, struct pp_object *set,
                    struct pp_object *key) {
  if (now.op.kind == PP_OP_ADD) {
    has_target();
    is_operand(now.op.a, key);
  }
  return pp_objects_none.set_add(interpreter, set, key);
}

static struct pp_object *new_set(struct pp_interpreter *interpreter) {
  if (now.op.kind == PP_OP_SET) is_given_back();
  return pp_objects_none.set(interpreter);
}

static struct pp_object *new_dict(struct pp_interpreter *interpreter) {
  if (now.op.kind == PP_OP_DICT) is_given_back();
  return pp_objects_none.dict(interpreter);
}

static void decref(struct pp_interpreter *interpreter,
                   struct pp_object *object) {
  if (object == now.target) now.given_back++;
  pp_objects_none.decref(interpreter, object);
}

/* ---- */

void pp_meaning_of_operands(const struct pp_fuzz_program *program) {
  static struct pp_objects noting;
  static const struct pp_fuzz_objects how = {.objects = &noting,
                                             .before = before};
  struct pp_fuzz_program alone = *program;
  alone.twin = false;
  noting = pp_objects_none;
  noting.append = append;
  noting.extend = extend;
  noting.clear = clear;
  noting.set_add = set_add;
  noting.set = new_set;
  noting.dict = new_dict;
  noting.decref = decref;
  now.op = (struct pp_op){.kind = PP_OP_EXPECT};
  pp_fuzz_perform_objects(&how, &alone);
}
