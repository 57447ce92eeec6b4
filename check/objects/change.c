/* Statements that change a sequence, and those of the collector (SPEC.md, OPS
 * and GRAPH-09): what the graph expects, the call, and the same change to the
 * graph. */
#include "check/objects/driver.h"

/* ---- what an array or a bytearray takes ---- */

/* Of its magnitude. */
static uint64_t bits_of(const struct pp_value *value) {
  if (value->a == 0) return 0;
  return 64 - (unsigned)__builtin_clzll(value->a) + (value->b >> 1);
}

/* The bits and the sign of the numbers of each code. */
static bool int_fits(const struct pp_value *value, unsigned code) {
  static const uint8_t bits[PP_ARRAY_CODES] = {8,  8,  16, 16, 32, 32,
                                               64, 64, 64, 64, 0,  0};
  bool is_signed = code % 2 == 0;
  uint64_t power = value->b >> 1;
  bool negative = value->b % 2 == 1;
  if (value->a == 0) return true;
  if (negative && !is_signed) return false;
  if (power >= 64) return false;
  uint64_t width = bits_of(value);
  if (!is_signed) return width <= bits[code];
  if (width < bits[code]) return true;
  return negative && width == bits[code] && value->a == 1;
}

enum { CODE_UNSIGNED_BYTE = 1, CODE_FLOATS = 10, INT_TO_DOUBLE = 1024 };

static enum pp_expected array_takes(const struct pp_node *item, unsigned code) {
  if (item->type == PP_TYPE_BOOL) return PP_MUST_DO;
  if (code >= CODE_FLOATS) {
    if (item->type == PP_TYPE_FLOAT) return PP_MUST_DO;
    if (item->type != PP_TYPE_INT) return PP_MUST_NOT;
    return bits_of(&item->value) < INT_TO_DOUBLE ? PP_MUST_DO : PP_MAY_DO;
  }
  if (item->type != PP_TYPE_INT) return PP_MUST_NOT;
  return int_fits(&item->value, code) ? PP_MUST_DO : PP_MUST_NOT;
}

static enum pp_expected takes(const struct pp_node *target,
                              const struct pp_node *item) {
  switch (target->type) {
  case PP_TYPE_LIST: return PP_MUST_DO;
  case PP_TYPE_ARRAY: return array_takes(item, (unsigned)target->value.b);
  case PP_TYPE_BYTEARRAY: return array_takes(item, CODE_UNSIGNED_BYTE);
  default: return PP_MUST_NOT;
  }
}

static bool is_sequence(const struct pp_node *node) {
  return node->type == PP_TYPE_LIST || node->type == PP_TYPE_ARRAY ||
         node->type == PP_TYPE_BYTEARRAY;
}

static uint64_t length_of(const struct pp_node *node) {
  return node->type == PP_TYPE_LIST ? node->count : node->value.a;
}

static uint64_t at_most(uint64_t number, uint64_t most) {
  return number < most ? number : most;
}

/* ---- one item ---- */

static void put_item(struct pp_objects_driver *driver, struct pp_node *target,
                     uint64_t index, struct pp_node *item) {
  if (target->type != PP_TYPE_LIST) {
    target->value.a++;
    return;
  }
  pp_model_resize(target, index, 0, 1);
  target->items[index] = item;
  pp_model_link(&driver->model, item);
}

static void set_item(struct pp_objects_driver *driver, struct pp_node *target,
                     uint64_t index, struct pp_node *item) {
  if (target->type != PP_TYPE_LIST) return;
  struct pp_node *former = target->items[index];
  target->items[index] = item;
  pp_model_link(&driver->model, item);
  pp_model_unlink(&driver->model, former);
}

static void change_item(struct pp_objects_driver *driver,
                        const struct pp_call *call) {
  struct pp_node *target = call->target;
  uint64_t length = is_sequence(target) ? length_of(target) : 0;
  enum pp_expected expected = takes(target, call->first);
  if (call->kind == PP_OP_SET_ITEM && call->a >= length) {
    expected = PP_MUST_NOT;
  }
  struct pp_answer answer = pp_objects_call(driver, call);
  if (pp_objects_did(driver, &answer, answer.number != 0, expected)) {
    if (call->kind == PP_OP_SET_ITEM) {
      set_item(driver, target, call->a, call->first);
    } else {
      uint64_t index = call->kind == PP_OP_APPEND ? length : call->a;
      put_item(driver, target, at_most(index, length), call->first);
    }
  }
  pp_objects_settle(driver);
}

/* The item comes with the list's reference, which goes at once: the program
 * names it with `take` if it wants it. */
static void pop(struct pp_objects_driver *driver, const struct pp_call *call) {
  struct pp_node *target = call->target;
  bool list = target->type == PP_TYPE_LIST;
  bool there = is_sequence(target) && call->a < length_of(target);
  struct pp_answer answer = pp_objects_call(driver, call);
  bool did = pp_objects_did(driver, &answer, answer.number != 0,
                            there ? PP_MUST_DO : PP_MUST_NOT);
  if (did && list) {
    struct pp_node *item = target->items[call->a];
    struct pp_node *popped = pp_side_node(&driver->sides[0], answer.object[0]);
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_07, popped == item,
                         "the item is %s; put there was %s",
                         pp_node_text(popped), pp_node_text(item));
    pp_model_resize(target, call->a, 1, 0);
  }
  if (did && !list) target->value.a--;
  pp_objects_settle(driver);
  if (!did) return;
  struct pp_node gone = {0};
  for (unsigned i = 0; i < driver->side_count; i++)
    gone.at[i] = answer.object[i];
  struct pp_node *item = pp_side_node(&driver->sides[0], gone.at[0]);
  if (list) pp_model_unlink(&driver->model, item);
  pp_objects_count(driver, &gone, false);
  pp_objects_settle(driver);
}

/* ---- stretches ---- */

static void put_items(struct pp_objects_driver *driver, struct pp_node *target,
                      uint64_t first, uint64_t gone,
                      const struct pp_node *other) {
  uint64_t come = other->count;
  for (uint64_t i = 0; i < come; i++) {
    driver->operands[i] = other->items[i];
    pp_model_link(&driver->model, other->items[i]);
  }
  for (uint64_t i = 0; i < gone; i++)
    pp_model_unlink(&driver->model, target->items[first + i]);
  pp_model_resize(target, first, gone, come);
  for (uint64_t i = 0; i < come; i++)
    target->items[first + i] = driver->operands[i];
}

static bool is_items(const struct pp_node *node) {
  return node->type == PP_TYPE_LIST || node->type == PP_TYPE_TUPLE;
}

static void assign_slice(struct pp_objects_driver *driver,
                         struct pp_call *call) {
  struct pp_node *target = call->target;
  bool right = target->type == PP_TYPE_LIST && is_items(call->first);
  uint64_t length = right ? target->count : 0;
  uint64_t first = at_most(call->a, length);
  uint64_t last = at_most(call->a + call->b, length);
  call->b += call->a;
  struct pp_answer answer = pp_objects_call(driver, call);
  if (pp_objects_did(driver, &answer, answer.number != 0,
                     right ? PP_MUST_DO : PP_MUST_NOT)) {
    put_items(driver, target, first, last - first, call->first);
  }
  pp_objects_settle(driver);
}

static bool extends(const struct pp_node *target, const struct pp_node *other) {
  switch (target->type) {
  case PP_TYPE_LIST: return is_items(other);
  case PP_TYPE_SET: return other->type == PP_TYPE_SET;
  case PP_TYPE_ARRAY:
    return other->type == PP_TYPE_ARRAY && other->value.b == target->value.b;
  case PP_TYPE_BYTEARRAY:
    return other->type == PP_TYPE_BYTES || other->type == PP_TYPE_BYTEARRAY;
  default: return false;
  }
}

static void put_keys(struct pp_objects_driver *driver, struct pp_node *target,
                     const struct pp_node *other) {
  if (target == other || other->entries == NULL) return;
  for (size_t i = 0; i < other->capacity; i++) {
    struct pp_node *key = other->entries[i].key;
    if (key != NULL) pp_model_put(&driver->model, target, key, NULL);
  }
}

static void extend(struct pp_objects_driver *driver,
                   const struct pp_call *call) {
  struct pp_node *target = call->target;
  bool right = extends(target, call->first);
  struct pp_answer answer = pp_objects_call(driver, call);
  if (pp_objects_did(driver, &answer, answer.number != 0,
                     right ? PP_MUST_DO : PP_MUST_NOT)) {
    if (target->type == PP_TYPE_LIST) {
      put_items(driver, target, target->count, 0, call->first);
    } else if (target->type == PP_TYPE_SET) {
      put_keys(driver, target, call->first);
    } else {
      target->value.a += call->first->value.a;
    }
  }
  pp_objects_settle(driver);
}

static void clear(struct pp_objects_driver *driver,
                  const struct pp_call *call) {
  struct pp_node *target = call->target;
  bool right = target->type == PP_TYPE_LIST || target->type == PP_TYPE_DICT ||
               target->type == PP_TYPE_SET;
  struct pp_answer answer = pp_objects_call(driver, call);
  if (pp_objects_did(driver, &answer, answer.number != 0,
                     right ? PP_MUST_DO : PP_MUST_NOT)) {
    pp_model_empty(&driver->model, target);
  }
  pp_objects_settle(driver);
}

/* What would grow beyond what a program may make is left as it is. */
static bool too_long(const struct pp_node *target,
                     const struct pp_node *other) {
  uint64_t length = is_items(target) ? target->count : target->value.a;
  uint64_t more = is_items(other) ? other->count : other->value.a;
  if (other->type != PP_TYPE_ARRAY && other->type != PP_TYPE_BYTES &&
      other->type != PP_TYPE_BYTEARRAY && !is_items(other)) {
    return false;
  }
  return length + more >= PP_OP_ITEMS_MAX;
}

void pp_objects_change(struct pp_objects_driver *driver,
                       const struct pp_op *op) {
  struct pp_call call = {.kind = op->kind, .a = op->a};
  call.target = pp_model_named(&driver->model, op->id);
  if (call.target == NULL) return;
  pp_objects_touch(driver, call.target);
  switch (op->kind) {
  case PP_OP_POP: pop(driver, &call); return;
  case PP_OP_CLEAR: clear(driver, &call); return;
  case PP_OP_APPEND:
  case PP_OP_EXTEND: call.first = pp_objects_operand(driver, op->a); break;
  default: call.first = pp_objects_operand(driver, op->b); break;
  }
  pp_objects_touch(driver, call.first);
  if (op->kind == PP_OP_EXTEND || op->kind == PP_OP_ASSIGN_SLICE) {
    if (too_long(call.target, call.first)) return;
  }
  if (op->kind == PP_OP_EXTEND) {
    extend(driver, &call);
  } else if (op->kind == PP_OP_ASSIGN_SLICE) {
    call.a = op->a & UINT32_MAX;
    call.b = op->a >> 32;
    assign_slice(driver, &call);
  } else {
    change_item(driver, &call);
  }
}

/* ---- the collector ---- */

/* Everything that is there may be frozen; what is tracked is. */
static void freeze(struct pp_model *model, bool frozen) {
  for (size_t i = 0; i < model->live_count; i++) {
    model->live[i]->frozen = frozen;
  }
}

static void collect(struct pp_objects_driver *driver, struct pp_call *call) {
  uint64_t brought_back = driver->brought_back;
  call->a %= PP_GENERATIONS;
  struct pp_answer answer = pp_objects_call(driver, call);
  pp_objects_settle(driver);
  bool full = call->a == PP_GENERATIONS - 1;
  bool unhindered =
      driver->brought_back == brought_back && !answer.short_of_memory;
  pp_objects_settle_collected(driver, full && unhindered);
  if (!full || answer.number <= 0) return;
  pp_objects_agreed(driver, PP_AGREED_GRAPHS);
  driver->until_walk = 1; /* what is left is compared, all of it */
}

void pp_objects_collector(struct pp_objects_driver *driver,
                          const struct pp_op *op) {
  struct pp_call call = {.kind = op->kind, .a = op->a, .b = op->b};
  switch (op->kind) {
  case PP_OP_COLLECT: collect(driver, &call); return;
  case PP_OP_MEMORY_FAIL:
    for (unsigned i = 0; i < driver->side_count; i++) {
      driver->sides[i].refuse_after = op->a;
      driver->sides[i].refuse = op->b;
    }
    return;
  case PP_OP_THRESHOLD: call.a %= PP_GENERATIONS; break;
  case PP_OP_FREEZE: freeze(&driver->model, op->a != 0); break;
  default: break;
  }
  pp_objects_call(driver, &call);
  pp_objects_settle(driver);
}
