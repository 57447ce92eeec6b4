/* Statements that make an object, and those that name one or count its
 * references (SPEC.md, OPS and GRAPH-08). */
#include "check/objects/driver.h"

static const struct pp_value nothing = {0, 0};

/* ---- the object of an answer ---- */

static bool immutable(enum pp_type_id type) {
  return type <= PP_TYPE_TUPLE;
}

/* That the same object is the answer twice is right where nobody can tell; and
 * of weak references without a callback there is one for each object. */
static bool may_be_shared(const struct pp_node *node, enum pp_type_id type,
                          struct pp_value value) {
  if (node->type != type) return false;
  if (type == PP_TYPE_WEAKREF) return !node->callback;
  if (type == PP_TYPE_TUPLE) return node->count == 0;
  return immutable(type) && node->value.a == value.a &&
         node->value.b == value.b;
}

/* What it counts besides the reference that it was answered with, which the
 * graph does not know of yet. */
static void note_base(struct pp_objects_driver *driver, struct pp_node *node) {
  for (unsigned i = 0; i < driver->side_count; i++) {
    const struct pp_side *side = &driver->sides[i];
    uint64_t count = side->objects->refcount(side->interpreter, node->at[i]);
    node->base[i] = count - 1;
    if (count != UINT32_MAX) node->base[i] -= pp_node_references(node);
    if (node->base[i] != 0 && i == 0) node->shared = true;
    if (count == UINT32_MAX && i == 0) node->undying = true;
  }
  PP_ORACLE_OF_OBJECTS(
      driver, GRAPH_08, node->base[0] == 0 || immutable(node->type),
      "%s is counted %llu times when it is new", pp_node_text(node),
      (unsigned long long)node->base[0] + 1);
}

struct pp_node *pp_objects_answered(struct pp_objects_driver *driver,
                                    const struct pp_answer *answer,
                                    enum pp_type_id type,
                                    struct pp_value value) {
  const struct pp_side *side = &driver->sides[0];
  pp_objects_tell_difference(driver);
  struct pp_node *node = pp_side_node(side, answer->object[0]);
  if (node != NULL) {
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_08, may_be_shared(node, type, value),
                         "the new object is %s", pp_node_text(node));
    return node;
  }
  enum pp_type_id is =
      side->objects->type_of(side->interpreter, answer->object[0]);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_08, is == type,
                       "the new object is of type %d, not %d", (int)is,
                       (int)type);
  node = pp_model_new(&driver->model, type, value);
  for (unsigned i = 0; i < driver->side_count; i++) {
    node->at[i] = answer->object[i];
    pp_side_bind(&driver->sides[i], node->at[i], node);
  }
  note_base(driver, node);
  return node;
}

/* ---- giving back ---- */

void pp_objects_drop(struct pp_objects_driver *driver, uint64_t id) {
  struct pp_node *node = pp_model_named(&driver->model, id);
  pp_objects_touch(driver, node);
  pp_model_drop(&driver->model, id, 1);
  pp_objects_count(driver, node, false);
  pp_objects_settle(driver);
}

void pp_objects_vacate(struct pp_objects_driver *driver, uint64_t id) {
  driver->binds = true;
  driver->binding = id;
  while (pp_model_name(&driver->model, id) != NULL)
    pp_objects_drop(driver, id);
}

/* ---- making ---- */

static void plan_number(const struct pp_op *op, struct pp_call *call,
                        enum pp_type_id *type, struct pp_value *value) {
  call->a = op->a;
  call->b = op->b;
  *value = (struct pp_value){op->a, op->b};
  switch (op->kind) {
  case PP_OP_SINGLETON:
    call->a = op->a % 5;
    *type = call->a >= 3 ? PP_TYPE_BOOL : (enum pp_type_id)call->a;
    *value = (struct pp_value){call->a == 4, 0};
    break;
  case PP_OP_INT:
    *type = PP_TYPE_INT;
    *value = pp_model_int(op->a, op->b);
    break;
  case PP_OP_FLOAT:
    *type = PP_TYPE_FLOAT;
    value->b = 0;
    break;
  default: *type = PP_TYPE_COMPLEX; break;
  }
}

static void plan_text(const struct pp_op *op, struct pp_call *call,
                      enum pp_type_id *type, struct pp_value *value) {
  enum { POINTS = 0x110000 };
  call->a = pp_op_items(op->a);
  call->b = op->b % (op->kind == PP_OP_STR ? POINTS : 256);
  *type = op->kind == PP_OP_STR     ? PP_TYPE_STR
          : op->kind == PP_OP_BYTES ? PP_TYPE_BYTES
                                    : PP_TYPE_BYTEARRAY;
  *value = (struct pp_value){call->a, call->a == 0 ? 0 : call->b};
  if (*type == PP_TYPE_BYTEARRAY) value->b = 0;
}

static void plan_sequence(struct pp_objects_driver *driver,
                          const struct pp_op *op, struct pp_call *call,
                          enum pp_type_id *type, struct pp_value *value) {
  call->a = pp_op_items(op->b);
  *type = op->kind == PP_OP_TUPLE ? PP_TYPE_TUPLE : PP_TYPE_LIST;
  *value = nothing;
  for (uint64_t i = 0; i < call->a; i++)
    driver->operands[i] = pp_objects_operand(driver, op->a + i);
}

static void plan(struct pp_objects_driver *driver, const struct pp_op *op,
                 struct pp_call *call, enum pp_type_id *type,
                 struct pp_value *value) {
  *value = nothing;
  switch (op->kind) {
  case PP_OP_BYTES:
  case PP_OP_STR:
  case PP_OP_BYTEARRAY: plan_text(op, call, type, value); break;
  case PP_OP_TUPLE:
  case PP_OP_LIST: plan_sequence(driver, op, call, type, value); break;
  case PP_OP_DICT: *type = PP_TYPE_DICT; break;
  case PP_OP_SET: *type = PP_TYPE_SET; break;
  case PP_OP_ARRAY:
    *type = PP_TYPE_ARRAY;
    call->a = op->a % PP_ARRAY_CODES;
    value->b = call->a;
    break;
  case PP_OP_INSTANCE:
    *type = PP_TYPE_INSTANCE;
    call->a = op->a % 3;
    break;
  case PP_OP_WEAKREF:
    *type = PP_TYPE_WEAKREF;
    call->first = pp_objects_operand(driver, op->a);
    call->a = op->b != 0;
    break;
  default: plan_number(op, call, type, value); break;
  }
}

static enum pp_expected expected_of(const struct pp_call *call) {
  if (call->kind != PP_OP_WEAKREF) return PP_MUST_DO;
  switch (call->first->type) {
  case PP_TYPE_SET:
  case PP_TYPE_ARRAY:
  case PP_TYPE_INSTANCE: return PP_MUST_DO;
  default: return PP_MUST_NOT;
  }
}

/* What belongs to a new node and is in no value. */
static void complete(struct pp_objects_driver *driver, const struct pp_op *op,
                     const struct pp_call *call, struct pp_node *node) {
  node->home = op->id;
  node->finalizer = op->kind == PP_OP_INSTANCE ? (uint8_t)call->a : 0;
  if (op->kind == PP_OP_WEAKREF) {
    node->callback = call->a != 0;
    node->referent = call->first;
    node->next_weak = call->first->weak;
    call->first->weak = node;
  }
  if (op->kind != PP_OP_TUPLE && op->kind != PP_OP_LIST) return;
  pp_model_resize(node, 0, 0, call->a);
  for (uint64_t i = 0; i < call->a; i++) {
    struct pp_node *item = driver->operands[i];
    node->items[i] = item;
    pp_model_link(&driver->model, item);
    node->parts += item->parts;
    if (node->parts > PP_KEY_PARTS_MAX) node->parts = PP_KEY_PARTS_MAX + 1;
  }
}

void pp_objects_make(struct pp_objects_driver *driver, const struct pp_op *op) {
  struct pp_call call = {.kind = op->kind};
  enum pp_type_id type = PP_TYPE_NONE;
  struct pp_value value;
  pp_objects_vacate(driver, op->id);
  plan(driver, op, &call, &type, &value);
  uint64_t before = driver->model.serial;
  struct pp_answer answer = pp_objects_call(driver, &call);
  bool did =
      pp_objects_did(driver, &answer, answer.number != 0, expected_of(&call));
  pp_objects_settle(driver);
  if (!did) return;
  struct pp_node *node = pp_objects_answered(driver, &answer, type, value);
  if (node->serial >= before) {
    complete(driver, op, &call, node);
    pp_objects_agreed(driver, PP_AGREED_VALUES);
  }
  pp_model_bind(&driver->model, op->id, node);
  pp_objects_touch(driver, node);
  pp_objects_touch(driver, call.first);
}

/* ---- names and counts ---- */

static void bind_again(struct pp_objects_driver *driver, uint64_t id,
                       struct pp_node *node) {
  pp_objects_count(driver, node, true);
  pp_model_bind(&driver->model, id, node);
  pp_objects_settle(driver);
  pp_objects_touch(driver, node);
}

static void take(struct pp_objects_driver *driver, const struct pp_op *op) {
  pp_objects_vacate(driver, op->id);
  struct pp_node *sequence = pp_objects_operand(driver, op->a);
  struct pp_call call = {.kind = PP_OP_TAKE, .target = sequence, .a = op->b};
  bool right =
      sequence->type == PP_TYPE_LIST || sequence->type == PP_TYPE_TUPLE;
  bool there = right && op->b < sequence->count;
  struct pp_answer answer = pp_objects_call(driver, &call);
  bool did = pp_objects_did(driver, &answer, answer.number != 0,
                            there ? PP_MUST_DO : PP_MUST_NOT);
  pp_objects_settle(driver);
  if (!did) return;
  struct pp_node *node = pp_side_node(&driver->sides[0], answer.object[0]);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_07, node == sequence->items[op->b],
                       "item %llu of %s is %s; put there was %s",
                       (unsigned long long)op->b, pp_node_text(sequence),
                       pp_node_text(node),
                       pp_node_text(sequence->items[op->b]));
  bind_again(driver, op->id, node);
}

/* The reference that goes in is used up; one to the canonical str comes. */
static void intern(struct pp_objects_driver *driver, const struct pp_op *op) {
  struct pp_name *name = pp_model_name(&driver->model, op->id);
  if (name == NULL) return;
  struct pp_node *node = name->node;
  driver->binds = true;
  driver->binding = op->id;
  while (pp_model_name(&driver->model, op->id)->held > 1)
    pp_objects_drop(driver, op->id);
  struct pp_call call = {.kind = PP_OP_INTERN, .target = node};
  struct pp_answer answer = pp_objects_call(driver, &call);
  if (!pp_objects_did(driver, &answer, answer.number != 0, PP_MUST_DO)) {
    return;
  }
  struct pp_node *canonical = pp_side_node(&driver->sides[0], answer.object[0]);
  if (canonical != node) {
    canonical = pp_objects_answered(driver, &answer, node->type, node->value);
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_08, node->type == PP_TYPE_STR,
                         "%s has another object as its canonical one",
                         pp_node_text(node));
  }
  pp_model_drop(&driver->model, op->id, 1);
  if (canonical->type == PP_TYPE_STR && !canonical->shared) {
    note_base(driver, canonical);
  }
  pp_model_bind(&driver->model, op->id, canonical);
  pp_objects_settle(driver);
  pp_objects_touch(driver, canonical);
}

void pp_objects_refer(struct pp_objects_driver *driver,
                      const struct pp_op *op) {
  struct pp_name *name = pp_model_name(&driver->model, op->id);
  struct pp_node *other;
  switch (op->kind) {
  case PP_OP_NAME:
    if (op->a == op->id) return;
    pp_objects_vacate(driver, op->id);
    other = pp_model_named(&driver->model, op->a);
    if (other != NULL) bind_again(driver, op->id, other);
    break;
  case PP_OP_TAKE: take(driver, op); break;
  case PP_OP_INCREF:
    if (name == NULL) return;
    pp_objects_count(driver, name->node, true);
    name->held++;
    name->node->held++;
    pp_objects_settle(driver);
    pp_objects_touch(driver, name->node);
    break;
  case PP_OP_DECREF:
    if (name != NULL) pp_objects_drop(driver, op->id);
    break;
  default: intern(driver, op); break;
  }
}
