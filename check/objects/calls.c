/* One call on every side (SPEC.md, GRAPH-09, GRAPH-12, GRAPH-13): from a kind
 * of statement, nodes and numbers to a function of the vtable, and what came of
 * it. */
#include <string.h>

#include "check/driver.h"
#include "check/objects/driver.h"

enum { DIGIT_BITS = 30, DIGITS_OF_A_NUMBER = 3 };

struct here {
  struct pp_objects_driver *driver;
  struct pp_side *side;
  const struct pp_call *call;
};

static struct pp_object *object_of(const struct here *here,
                                   const struct pp_node *node) {
  return node == NULL ? NULL : node->at[here->side->number];
}

static double double_of(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* ---- values ---- */

static struct pp_object *make_singleton(const struct here *here) {
  const struct pp_objects *o = here->side->objects;
  struct pp_interpreter *interpreter = here->side->interpreter;
  switch (here->call->a) {
  case 0: return o->none(interpreter);
  case 1: return o->ellipsis(interpreter);
  case 2: return o->not_implemented(interpreter);
  default: return o->boolean(interpreter, here->call->a == 4);
  }
}

static struct pp_object *make_int(const struct here *here) {
  uint32_t *digits = (uint32_t *)(void *)here->driver->bytes;
  size_t zeros = pp_op_items(here->call->b / 2);
  uint64_t left = here->call->a;
  memset(digits, 0, zeros * sizeof *digits);
  for (size_t i = 0; i < DIGITS_OF_A_NUMBER; i++) {
    digits[zeros + i] = (uint32_t)(left & ((1u << DIGIT_BITS) - 1));
    left >>= DIGIT_BITS;
  }
  return here->side->objects->integer(here->side->interpreter,
                                      here->call->b % 2 == 1, digits,
                                      zeros + DIGITS_OF_A_NUMBER);
}

static struct pp_object *make_str(const struct here *here) {
  uint32_t *points = (uint32_t *)(void *)here->driver->bytes;
  size_t length = here->call->a;
  for (size_t i = 0; i + 1 < length; i++)
    points[i] = 'z';
  if (length > 0) points[length - 1] = (uint32_t)here->call->b;
  return here->side->objects->string(here->side->interpreter, points, length);
}

static struct pp_object *make_bytes(const struct here *here) {
  const struct pp_objects *o = here->side->objects;
  uint8_t *bytes = here->driver->bytes;
  for (size_t i = 0; i < here->call->a; i++)
    bytes[i] = (uint8_t)(here->call->b + i);
  return here->call->kind == PP_OP_BYTES
             ? o->bytes(here->side->interpreter, bytes, here->call->a)
             : o->bytearray(here->side->interpreter, bytes, here->call->a);
}

static struct pp_object *make_sequence(const struct here *here) {
  const struct pp_objects *o = here->side->objects;
  struct pp_objects_driver *driver = here->driver;
  size_t length = here->call->a;
  for (size_t i = 0; i < length; i++)
    driver->objects[i] = object_of(here, driver->operands[i]);
  return here->call->kind == PP_OP_TUPLE
             ? o->tuple(here->side->interpreter, driver->objects, length)
             : o->list(here->side->interpreter, driver->objects, length);
}

static struct pp_object *make(const struct here *here) {
  const struct pp_objects *o = here->side->objects;
  struct pp_interpreter *interpreter = here->side->interpreter;
  const struct pp_call *call = here->call;
  switch (call->kind) {
  case PP_OP_SINGLETON: return make_singleton(here);
  case PP_OP_INT: return make_int(here);
  case PP_OP_FLOAT: return o->floating(interpreter, double_of(call->a));
  case PP_OP_COMPLEX:
    return o->complex(interpreter, double_of(call->a), double_of(call->b));
  case PP_OP_BYTES:
  case PP_OP_BYTEARRAY: return make_bytes(here);
  case PP_OP_STR: return make_str(here);
  case PP_OP_TUPLE:
  case PP_OP_LIST: return make_sequence(here);
  case PP_OP_DICT: return o->dict(interpreter);
  case PP_OP_SET: return o->set(interpreter);
  case PP_OP_ARRAY: return o->array(interpreter, pp_array_codes[call->a]);
  case PP_OP_INSTANCE: return o->instance(interpreter, call->a != 0);
  case PP_OP_WEAKREF:
    return o->weakref(interpreter, object_of(here, call->first), call->a != 0);
  case PP_OP_INTERN:
    return o->intern(interpreter, object_of(here, call->target));
  case PP_OP_POP:
    return o->pop(interpreter, object_of(here, call->target), call->a);
  case PP_OP_TAKE:
    return o->get_item(interpreter, object_of(here, call->target), call->a);
  case PP_OP_FIND_KEY:
    return o->dict_get(interpreter, object_of(here, call->target),
                       object_of(here, call->first));
  default: return NULL;
  }
}

/* ---- changes ---- */

static void set_threshold(const struct here *here) {
  const struct pp_objects *o = here->side->objects;
  uint32_t threshold[PP_GENERATIONS];
  o->get_threshold(here->side->interpreter, threshold);
  threshold[here->call->a] = (uint32_t)here->call->b;
  o->set_threshold(here->side->interpreter, threshold);
}

static int64_t control(const struct here *here) {
  const struct pp_objects *o = here->side->objects;
  struct pp_interpreter *interpreter = here->side->interpreter;
  const struct pp_call *call = here->call;
  switch (call->kind) {
  case PP_OP_INCREF:
    o->incref(interpreter, object_of(here, call->target));
    return 0;
  case PP_OP_DECREF:
    o->decref(interpreter, object_of(here, call->target));
    return 0;
  case PP_OP_COLLECT: return o->collect(interpreter, (unsigned)call->a);
  case PP_OP_GC_ENABLE: o->enable(interpreter, call->a != 0); return 0;
  case PP_OP_THRESHOLD: set_threshold(here); return 0;
  case PP_OP_FREEZE:
    if (call->a != 0) {
      o->freeze(interpreter);
    } else {
      o->unfreeze(interpreter);
    }
    return 0;
  default: return 0;
  }
}

static int64_t change(const struct here *here) {
  const struct pp_objects *o = here->side->objects;
  struct pp_interpreter *interpreter = here->side->interpreter;
  const struct pp_call *call = here->call;
  struct pp_object *target = object_of(here, call->target);
  struct pp_object *first = object_of(here, call->first);
  struct pp_object *second = object_of(here, call->second);
  switch (call->kind) {
  case PP_OP_APPEND: return o->append(interpreter, target, first);
  case PP_OP_INSERT: return o->insert(interpreter, target, call->a, first);
  case PP_OP_SET_ITEM: return o->set_item(interpreter, target, call->a, first);
  case PP_OP_ASSIGN_SLICE:
    return o->assign_slice(interpreter, target, call->a, call->b, first);
  case PP_OP_EXTEND: return o->extend(interpreter, target, first);
  case PP_OP_SET_KEY: return o->dict_set(interpreter, target, first, second);
  case PP_OP_DELETE_KEY: return o->dict_delete(interpreter, target, first);
  case PP_OP_ADD: return o->set_add(interpreter, target, first);
  case PP_OP_DISCARD: return o->set_discard(interpreter, target, first);
  case PP_OP_SET_ATTRIBUTE:
  case PP_OP_DELETE_ATTRIBUTE:
    return o->set_attribute(interpreter, target, (unsigned)call->a, first);
  case PP_OP_CLEAR: return o->clear(interpreter, target);
  default: return control(here);
  }
}

static bool answers_object(enum pp_op_kind kind) {
  if (kind == PP_OP_NAME) return false;
  return kind <= PP_OP_TAKE || kind == PP_OP_INTERN || kind == PP_OP_POP ||
         kind == PP_OP_FIND_KEY;
}

static void compare_answers(struct pp_objects_driver *driver,
                            const struct pp_answer *answer, int64_t there) {
  driver->report->evaluated[PP_GRAPH_13]++;
  if (answer->number != there) {
    pp_objects_differ(driver, PP_GRAPH_13,
                      "the answer is %lld; the twin's is %lld",
                      (long long)answer->number, (long long)there);
  }
  struct pp_node *nodes[PP_SIDES];
  for (unsigned i = 0; i < PP_SIDES; i++)
    nodes[i] = pp_side_node(&driver->sides[i], answer->object[i]);
  if (nodes[0] != nodes[1]) {
    pp_objects_differ(driver, PP_GRAPH_13, "the answer is %s; the twin's is %s",
                      pp_node_text(nodes[0]), pp_node_text(nodes[1]));
  }
}

struct pp_answer pp_objects_call(struct pp_objects_driver *driver,
                                 const struct pp_call *call) {
  struct pp_answer answer = {0};
  int64_t there = 0;
  for (unsigned i = 0; i < driver->side_count; i++) {
    struct here here = {driver, &driver->sides[i], call};
    int64_t number = 0;
    pp_side_begin(here.side);
    if (i == 0) driver->report->where = PP_WHERE_SUBJECT;
    if (answers_object(call->kind)) {
      answer.object[i] = make(&here);
      number = answer.object[i] != NULL;
    } else {
      number = change(&here);
    }
    driver->report->where = PP_WHERE_ENGINE;
    if (here.side->refused > 0) {
      answer.short_of_memory = true;
      driver->refused = true;
    }
    if (i == 0) answer.number = number;
    there = number;
  }
  driver->report->operations++;
  if (driver->side_count > 1) compare_answers(driver, &answer, there);
  return answer;
}

bool pp_objects_did(struct pp_objects_driver *driver,
                    const struct pp_answer *answer, bool did,
                    enum pp_expected expected) {
  if (answer->short_of_memory && expected == PP_MUST_DO) expected = PP_MAY_DO;
  if (expected == PP_MAY_DO) return did;
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_09, did == (expected == PP_MUST_DO),
                       did ? "it was done, and should be refused"
                           : "it was refused, and should be done");
  return did;
}

void pp_objects_count(struct pp_objects_driver *driver, struct pp_node *node,
                      bool up) {
  struct pp_call call = {.kind = up ? PP_OP_INCREF : PP_OP_DECREF,
                         .target = node};
  pp_objects_call(driver, &call);
}
