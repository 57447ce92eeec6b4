/* Statements that change a dict, a set or the attributes of an instance
 * (SPEC.md, OPS and GRAPH-09). */
#include "check/objects/driver.h"

static enum pp_expected when(bool does) {
  return does ? PP_MUST_DO : PP_MUST_NOT;
}

/* ---- keys ---- */

static void find(struct pp_objects_driver *driver, const struct pp_call *call,
                 bool right) {
  const struct pp_entry *entry =
      right ? pp_model_find(call->target, call->first) : NULL;
  struct pp_node *value = entry == NULL ? NULL : entry->value;
  struct pp_answer answer = pp_objects_call(driver, call);
  bool did =
      pp_objects_did(driver, &answer, answer.number != 0, when(value != NULL));
  struct pp_node *found = pp_side_node(&driver->sides[0], answer.object[0]);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_07, !did || found == value,
                       "the value is %s; put there was %s", pp_node_text(found),
                       pp_node_text(value));
  pp_objects_settle(driver);
}

/* A set that cannot grow for a key has it all the same. */
static bool has_it_anyway(const struct pp_objects_driver *driver,
                          const struct pp_call *call,
                          const struct pp_answer *answer) {
  const struct pp_side *side = &driver->sides[0];
  if (call->kind != PP_OP_ADD || !answer->short_of_memory) return false;
  return side->objects->length(side->interpreter, call->target->at[0]) ==
         call->target->count + 1;
}

static void put(struct pp_objects_driver *driver, const struct pp_call *call,
                bool right) {
  struct pp_answer answer = pp_objects_call(driver, call);
  bool did = pp_objects_did(driver, &answer, answer.number != 0, when(right));
  if (did || (right && has_it_anyway(driver, call, &answer))) {
    pp_model_put(&driver->model, call->target, call->first, call->second);
  }
  pp_objects_settle(driver);
}

/* A set's discard is done where there was nothing, too. */
static void drop(struct pp_objects_driver *driver, const struct pp_call *call,
                 bool right) {
  bool there = right && pp_model_find(call->target, call->first) != NULL;
  enum pp_expected expected = when(there);
  if (right && !there && call->kind == PP_OP_DISCARD) expected = PP_MAY_DO;
  struct pp_answer answer = pp_objects_call(driver, call);
  bool did = pp_objects_did(driver, &answer, answer.number != 0, expected);
  if (did && there) {
    pp_model_remove(&driver->model, call->target, call->first);
  }
  pp_objects_settle(driver);
}

static void change_key(struct pp_objects_driver *driver,
                       const struct pp_call *call) {
  int is_key = pp_model_is_key(call->first, driver->side_count > 1);
  bool of_set = call->kind == PP_OP_ADD || call->kind == PP_OP_DISCARD;
  enum pp_type_id type = of_set ? PP_TYPE_SET : PP_TYPE_DICT;
  bool right = call->target->type == type && is_key == 1;
  if (is_key < 0) return;
  switch (call->kind) {
  case PP_OP_FIND_KEY: find(driver, call, right); break;
  case PP_OP_SET_KEY:
  case PP_OP_ADD: put(driver, call, right); break;
  default: drop(driver, call, right); break;
  }
}

/* ---- attributes ---- */

static void change_attribute(struct pp_objects_driver *driver,
                             const struct pp_call *call) {
  struct pp_node *target = call->target;
  bool right = target->type == PP_TYPE_INSTANCE;
  bool deletes = call->kind == PP_OP_DELETE_ATTRIBUTE;
  struct pp_node *former =
      right && target->count > 0 ? target->items[call->a] : NULL;
  bool does = right && (!deletes || former != NULL);
  struct pp_answer answer = pp_objects_call(driver, call);
  if (pp_objects_did(driver, &answer, answer.number != 0, when(does))) {
    if (target->count == 0) {
      pp_model_resize(target, 0, 0, PP_ATTRIBUTES);
      for (unsigned i = 0; i < PP_ATTRIBUTES; i++)
        target->items[i] = NULL;
    }
    target->items[call->a] = call->first;
    if (call->first != NULL) pp_model_link(&driver->model, call->first);
    if (former != NULL) pp_model_unlink(&driver->model, former);
  }
  pp_objects_settle(driver);
}

void pp_objects_change_keys(struct pp_objects_driver *driver,
                            const struct pp_op *op) {
  struct pp_call call = {.kind = op->kind};
  call.target = pp_model_named(&driver->model, op->id);
  if (call.target == NULL) return;
  pp_objects_touch(driver, call.target);
  switch (op->kind) {
  case PP_OP_SET_ATTRIBUTE:
    call.a = op->a % PP_ATTRIBUTES;
    call.first = pp_objects_operand(driver, op->b);
    break;
  case PP_OP_DELETE_ATTRIBUTE: call.a = op->a % PP_ATTRIBUTES; break;
  case PP_OP_SET_KEY:
    call.first = pp_objects_operand(driver, op->a);
    call.second = pp_objects_operand(driver, op->b);
    break;
  default: call.first = pp_objects_operand(driver, op->a); break;
  }
  pp_objects_touch(driver, call.first);
  pp_objects_touch(driver, call.second);
  if (op->kind == PP_OP_SET_ATTRIBUTE || op->kind == PP_OP_DELETE_ATTRIBUTE) {
    change_attribute(driver, &call);
  } else {
    change_key(driver, &call);
  }
}
