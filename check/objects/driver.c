/* Programs of objects: statement by statement (SPEC.md, OPS and GRAPH). It
 * decides what a statement means to these interpreters, and looks at what was
 * touched when it is over. */
#include "check/objects/driver.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/driver.h"
#include "check/objects/displays.h"
#include "check/objects/generate.h"

enum { BATCH = 256, TEXT_MAX = 64 };

/* Bytes of a str of the most code points, and of the most digits. */
#define BYTES_MAX (sizeof(uint32_t) * (PP_OP_ITEMS_MAX + 4))

void pp_objects_broken(struct pp_objects_driver *driver, enum pp_clause clause,
                       const char *format, ...) {
  struct pp_finding *finding = &driver->report->finding;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(finding->what, sizeof finding->what, format, arguments);
  va_end(arguments);
  if (driver->refused && (clause == PP_GRAPH_01 || clause == PP_GRAPH_03 ||
                          clause == PP_GRAPH_07 || clause == PP_GRAPH_10)) {
    clause = PP_GRAPH_12;
  }
  finding->clause = clause;
  finding->step = driver->report->step;
  if (driver->op != NULL) finding->op = *driver->op;
  longjmp(*driver->stop, 1);
}

void pp_objects_differ(struct pp_objects_driver *driver, enum pp_clause clause,
                       const char *format, ...) {
  struct pp_difference *difference = &driver->difference;
  va_list arguments;
  if (difference->clause != PP_HOLDS) return;
  difference->clause = clause;
  va_start(arguments, format);
  vsnprintf(difference->what, sizeof difference->what, format, arguments);
  va_end(arguments);
}

void pp_objects_tell_difference(struct pp_objects_driver *driver) {
  if (driver->difference.clause == PP_HOLDS) return;
  pp_objects_broken(driver, driver->difference.clause, "%s",
                    driver->difference.what);
}

const char *pp_node_text(const struct pp_node *node) {
  static const char *const types[PP_TYPE_COUNT] = {
      "None",    "Ellipsis", "NotImplemented", "bool",
      "int",     "float",    "complex",        "bytes",
      "str",     "tuple",    "list",           "dict",
      "set",     "array",    "bytearray",      "weakref",
      "instance"};
  static char texts[4][TEXT_MAX];
  static unsigned next;
  char *text = texts[next++ % 4];
  if (node == NULL) return "an object without a name";
  snprintf(text, TEXT_MAX, "%s number %llu", types[node->type],
           (unsigned long long)node->serial);
  return text;
}

/* ---- the beginning ---- */

/* A finalizer that resurrects does so unless the ID of its instance names
 * another object, or is about to. Both sides have to come to the same answer,
 * so the graph is asked as it was before the call. */
static bool resurrects(struct pp_side *side, struct pp_node *node) {
  const struct pp_objects_driver *driver = side->owner;
  if (node->finalizer != 2) return false;
  if (driver->binds && driver->binding == node->home) return false;
  if (pp_model_name(&driver->model, node->home) != NULL) return false;
  for (size_t i = 0; i + 1 < side->event_count; i++) {
    const struct pp_event *event = &side->events[i];
    if (event->resurrected && event->node->home == node->home) return false;
  }
  return true;
}

/* What every program may name without having made it. */
static struct pp_node *constant(struct pp_objects_driver *driver,
                                enum pp_type_id type) {
  struct pp_node *node =
      pp_model_new(&driver->model, type, (struct pp_value){0, 0});
  node->shared = true;
  for (unsigned i = 0; i < driver->side_count; i++) {
    struct pp_side *side = &driver->sides[i];
    node->at[i] = type == PP_TYPE_NONE
                      ? side->objects->none(side->interpreter)
                      : side->objects->tuple(side->interpreter, NULL, 0);
    node->base[i] = side->objects->refcount(side->interpreter, node->at[i]);
    node->undying = node->base[i] == UINT32_MAX;
    if (node->undying) node->base[i]--;
    pp_side_bind(side, node->at[i], node);
  }
  return node;
}

static void *room(size_t size) {
  void *at = malloc(size);
  if (at == NULL) abort();
  return at;
}

void pp_objects_open(struct pp_objects_driver *driver,
                     const struct pp_objects_options *options,
                     struct pp_report *report) {
  driver->options = *options;
  driver->report = report;
  driver->until_walk = options->walk_interval;
  driver->operands = room(PP_OP_ITEMS_MAX * sizeof *driver->operands);
  driver->objects = room(PP_OP_ITEMS_MAX * sizeof *driver->objects);
  driver->bytes = room(BYTES_MAX);
  pp_model_open(&driver->model);
  pp_objects_find_calls(driver);
  for (unsigned i = 0; i < driver->side_count; i++) {
    driver->sides[i].owner = driver;
    driver->sides[i].resurrects = resurrects;
    pp_side_begin(&driver->sides[i]);
  }
}

/* ---- statements ---- */

struct pp_node *pp_objects_operand(const struct pp_objects_driver *driver,
                                   uint64_t id) {
  struct pp_node *node = pp_model_named(&driver->model, id);
  return node == NULL ? driver->model.none : node;
}

void pp_objects_touch(struct pp_objects_driver *driver, struct pp_node *node) {
  if (node == NULL || driver->touched_count == PP_TOUCHED_MAX) return;
  driver->touched[driver->touched_count++] = node;
}

static void perform(struct pp_objects_driver *driver, const struct pp_op *op) {
  switch (op->kind) {
  case PP_OP_SET_KEY:
  case PP_OP_DELETE_KEY:
  case PP_OP_FIND_KEY:
  case PP_OP_ADD:
  case PP_OP_DISCARD:
  case PP_OP_SET_ATTRIBUTE:
  case PP_OP_DELETE_ATTRIBUTE: pp_objects_change_keys(driver, op); break;
  case PP_OP_APPEND:
  case PP_OP_INSERT:
  case PP_OP_POP:
  case PP_OP_SET_ITEM:
  case PP_OP_ASSIGN_SLICE:
  case PP_OP_EXTEND:
  case PP_OP_CLEAR: pp_objects_change(driver, op); break;
  case PP_OP_NAME:
  case PP_OP_TAKE:
  case PP_OP_INCREF:
  case PP_OP_DECREF:
  case PP_OP_INTERN: pp_objects_refer(driver, op); break;
  case PP_OP_COLLECT:
  case PP_OP_GC_ENABLE:
  case PP_OP_THRESHOLD:
  case PP_OP_FREEZE:
  case PP_OP_MEMORY_FAIL: pp_objects_collector(driver, op); break;
  case PP_OP_EXPECT: break; /* is for people */
  default: pp_objects_make(driver, op); break;
  }
}

static void safe_point(struct pp_objects_driver *driver) {
  for (unsigned i = 0; i < driver->side_count; i++) {
    struct pp_side *side = &driver->sides[i];
    pp_side_begin(side);
    if (side->objects->safe_point == NULL) continue;
    if (i == 0) driver->report->where = PP_WHERE_SUBJECT;
    side->objects->safe_point(side->interpreter);
    driver->report->where = PP_WHERE_ENGINE;
  }
  if (driver->sides[0].event_count > 0 ||
      driver->sides[driver->side_count - 1].event_count > 0) {
    pp_objects_settle(driver);
  }
  pp_objects_compare_requests(driver);
}

/* A predicate of the interpreter's own told of a clause. */
static void told(struct pp_objects_driver *driver, const struct pp_side *side,
                 enum pp_clause clause, const char *of) {
  if (clause == PP_HOLDS) return;
  driver->report->finding.ours = side->number > 0;
  pp_objects_broken(driver, clause, "told by the check of %s", of);
}

static void check_inside(struct pp_objects_driver *driver,
                         const struct pp_side *side) {
  const struct pp_objects *o = side->objects;
  for (size_t i = 0; o->check != NULL && i < driver->model.live_count; i++) {
    const struct pp_node *node = driver->model.live[i];
    told(driver, side, o->check(side->interpreter, node->at[side->number]),
         pp_node_text(node));
  }
  if (o->check_all == NULL) return;
  told(driver, side, o->check_all(side->interpreter), "all");
}

/* Everything, from outside and from inside. */
static void walk(struct pp_objects_driver *driver) {
  for (size_t i = 0; i < driver->model.live_count; i++) {
    pp_objects_look(driver, driver->model.live[i], true);
    pp_objects_compare(driver, driver->model.live[i], true);
  }
  pp_objects_compare_collectors(driver, true);
  if (driver->aside_count > 0) return; /* its counts are ahead */
  for (unsigned i = 0; i < driver->side_count; i++)
    check_inside(driver, &driver->sides[i]);
}

static uint64_t items_of(const struct pp_node *node) {
  bool counted = node->type == PP_TYPE_ARRAY || node->type == PP_TYPE_BYTEARRAY;
  return counted ? node->value.a : node->count;
}

/* One that has grown large, or is empty again. */
static void note_growth(struct pp_objects_driver *driver,
                        struct pp_node *node) {
  uint64_t items = items_of(node);
  if (node->grown ? items > 0 : items < PP_GROWN) return;
  node->grown = !node->grown;
  pp_objects_agreed(driver, PP_AGREED_GROWTHS);
}

static void look_at_touched(struct pp_objects_driver *driver) {
  for (unsigned i = 0; i < driver->touched_count; i++) {
    struct pp_node *node = driver->touched[i];
    driver->looks++;
    bool whole = driver->looks % (node->count / 32 + 1) == 0;
    pp_objects_look(driver, node, whole);
    pp_objects_compare(driver, node, whole);
    note_growth(driver, node);
  }
  pp_objects_compare_collectors(driver, false);
}

static void drive_op(struct pp_objects_driver *driver, const struct pp_op *op) {
  driver->op = op;
  driver->report->step++;
  driver->report->ticks++;
  driver->touched_count = 0;
  driver->binds = false;
  driver->refused = false;
  if (!driver->has_call[op->kind]) {
    driver->report->skipped++;
    return;
  }
  perform(driver, op);
  driver->binds = false;
  safe_point(driver);
  look_at_touched(driver);
  if (driver->refused) driver->report->evaluated[PP_GRAPH_12]++;
  if (--driver->until_walk == 0) {
    driver->until_walk = driver->options.walk_interval;
    walk(driver);
  }
}

/* ---- the end ---- */

/* Gives back all that IDs hold; what finalizers bring back goes as well, for
 * they run but once. */
static void give_back(struct pp_objects_driver *driver) {
  struct pp_model *model = &driver->model;
  while (model->name_count > 0) {
    for (size_t i = 0; i < model->name_capacity; i++) {
      while (model->names[i].node != NULL) {
        driver->touched_count = 0;
        driver->report->ticks++;
        pp_objects_drop(driver, model->names[i].id);
      }
    }
  }
}

static void end_side(struct pp_objects_driver *driver, struct pp_side *side) {
  for (size_t i = 0; i < driver->model.live_count; i++) {
    struct pp_node *node = driver->model.live[i];
    if (node != driver->model.none && node != driver->empty) continue;
    side->objects->decref(side->interpreter, node->at[side->number]);
  }
  pp_side_end(side);
  driver->report->finding.ours = side->number > 0;
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_18, side->misuse == NULL, "%s",
                       side->misuse);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_11, side->blocks.count == 0,
                       "%zu blocks are still out", side->blocks.count);
  driver->report->finding.ours = false;
}

/* A list that dies with nothing around it takes up what was laid aside. */
static void end_what_is_aside(struct pp_objects_driver *driver) {
  static const struct pp_op list = {.kind = PP_OP_LIST};
  if (driver->aside_count == 0) return;
  pp_objects_make(driver, &list);
  pp_objects_drop(driver, 0);
}

static void end_program(struct pp_objects_driver *driver) {
  static const struct pp_op collect = {.kind = PP_OP_COLLECT, .a = 2};
  static const struct pp_op unfreeze = {.kind = PP_OP_FREEZE};
  static const struct pp_op grant = {.kind = PP_OP_MEMORY_FAIL};
  uint64_t brought_back;
  driver->op = NULL;
  walk(driver);
  pp_objects_collector(driver, &grant);
  if (driver->has_call[PP_OP_FREEZE]) pp_objects_collector(driver, &unfreeze);
  do {
    give_back(driver);
    brought_back = driver->brought_back;
    if (driver->has_call[PP_OP_COLLECT]) pp_objects_collector(driver, &collect);
  } while (driver->model.name_count > 0 ||
           driver->brought_back != brought_back);
  end_what_is_aside(driver);
  safe_point(driver);
  walk(driver);
  for (unsigned i = 0; i < driver->side_count; i++) {
    if (i > 0 || driver->options.ends) end_side(driver, &driver->sides[i]);
  }
}

/* What is shared and made when it is first wanted may be there in the one and
 * not in the other. */
static void make_shared(const struct pp_side *side) {
  enum { BYTE_VALUES = 256 };
  const struct pp_objects *o = side->objects;
  if (o->string == NULL || o->bytes == NULL) return;
  for (uint32_t i = 0; i < BYTE_VALUES; i++) {
    uint8_t byte = (uint8_t)i;
    o->decref(side->interpreter, o->string(side->interpreter, &i, 1));
    o->decref(side->interpreter, o->bytes(side->interpreter, &byte, 1));
  }
  o->decref(side->interpreter, o->string(side->interpreter, NULL, 0));
  o->decref(side->interpreter, o->bytes(side->interpreter, NULL, 0));
}

/* Two interpreters begin with nothing counted, whatever they made before. */
static void begin(struct pp_objects_driver *driver) {
  driver->model.none = constant(driver, PP_TYPE_NONE);
  if (driver->sides[0].objects->tuple != NULL) {
    driver->empty = constant(driver, PP_TYPE_TUPLE);
  }
  if (driver->side_count < 2 || !driver->has_call[PP_OP_COLLECT]) return;
  for (unsigned i = 0; i < driver->side_count; i++) {
    struct pp_side *side = &driver->sides[i];
    make_shared(side);
    side->objects->collect(side->interpreter, PP_GENERATIONS - 1);
  }
}

static void drive_all(struct pp_objects_driver *driver,
                      struct pp_op_source *source) {
  struct pp_op batch[BATCH];
  size_t count;
  if (driver->side_count > 1) pp_displays_compare(driver);
  begin(driver);
  driver->sides[0].requests_of_all = 0;
  while ((count = source->fill(source, batch, BATCH)) > 0) {
    for (size_t i = 0; i < count; i++)
      drive_op(driver, &batch[i]);
    for (unsigned i = 0; i < driver->side_count; i++) {
      if (driver->sides[i].places.exhausted) {
        driver->report->exhausted = true;
        return;
      }
    }
  }
  end_program(driver);
}

bool pp_objects_drive(struct pp_objects_driver *driver,
                      struct pp_op_source *source) {
  jmp_buf stop;
  driver->stop = &stop;
  driver->report->where = PP_WHERE_ENGINE;
  if (setjmp(stop) == 0) drive_all(driver, source);
  if (driver->side_count > 1)
    driver->report->agreed[PP_AGREED_REQUESTS] =
        driver->sides[0].requests_of_all;
  driver->report->live_peak = driver->sides[0].bytes_peak;
  driver->report->live_left = driver->sides[0].bytes;
  driver->report->blocks_peak = driver->sides[0].blocks_peak;
  driver->report->blocks_left = driver->sides[0].blocks.count;
  return driver->report->finding.clause == PP_HOLDS;
}
