/* Histories of graphs and of values (SPEC.md, OPS-14). A graph is some objects,
 * references between them at random, cycles among them, finalizers and weak
 * references; then its names go, and it is collected. A value is made of
 * values, to some depth, whose names go: they live in it alone. */
#include "check/objects/generate.h"

/* ---- graphs ---- */

enum {
  NODES = 24,      /* of a graph, at most */
  NODES_MORE = 72, /* of one in eight */
  KEYS = 3,
  WEAKREFS = 4
};

/* IDs of what a graph of so many objects has besides. */
static uint32_t key_of(const struct pp_object_generator *g, uint32_t number) {
  return g->ids + number;
}

static uint32_t weakref_of(const struct pp_object_generator *g,
                           uint32_t number) {
  return g->ids + KEYS + number;
}

static void plan_node(struct pp_object_generator *g, uint32_t id) {
  static const enum pp_type_id types[] = {
      PP_TYPE_LIST, PP_TYPE_TUPLE,    PP_TYPE_DICT,     PP_TYPE_SET,
      PP_TYPE_LIST, PP_TYPE_INSTANCE, PP_TYPE_INSTANCE, PP_TYPE_INSTANCE};
  enum pp_type_id type = types[pp_below(g, sizeof types / sizeof types[0])];
  uint64_t first = pp_below(g, id + 1);
  g->type[id] = (uint8_t)type;
  switch (type) {
  case PP_TYPE_LIST:
    pp_plan(g, pp_statement(PP_OP_LIST, id, first, pp_below(g, 3)));
    return;
  case PP_TYPE_TUPLE:
    pp_plan(g, pp_statement(PP_OP_TUPLE, id, first, 1 + pp_below(g, 3)));
    return;
  case PP_TYPE_DICT: pp_plan(g, pp_statement(PP_OP_DICT, id, 0, 0)); return;
  case PP_TYPE_SET: pp_plan(g, pp_statement(PP_OP_SET, id, 0, 0)); return;
  default:
    pp_plan(g, pp_statement(PP_OP_INSTANCE, id, pp_below(g, 4), 0));
    return;
  }
}

/* A reference from one to the other, where the one can have it. */
static void plan_reference(struct pp_object_generator *g, uint32_t from,
                           uint64_t to) {
  uint64_t key = key_of(g, (uint32_t)pp_below(g, KEYS));
  switch (g->type[from]) {
  case PP_TYPE_LIST:
    pp_plan(g, pp_statement(PP_OP_APPEND, from, to, 0));
    return;
  case PP_TYPE_DICT:
    pp_plan(g, pp_statement(PP_OP_SET_KEY, from, key, to));
    return;
  case PP_TYPE_INSTANCE:
    pp_plan(g, pp_statement(PP_OP_SET_ATTRIBUTE, from, pp_below(g, 5), to));
    return;
  case PP_TYPE_SET: pp_plan(g, pp_statement(PP_OP_ADD, from, key, 0)); return;
  default: return;
  }
}

static void plan_references(struct pp_object_generator *g) {
  uint64_t count = g->ids + pp_below(g, g->ids + 1);
  for (uint64_t i = 0; i < count; i++)
    plan_reference(g, (uint32_t)pp_below(g, g->ids), pp_below(g, g->ids));
}

static void plan_weakrefs(struct pp_object_generator *g) {
  uint64_t count = pp_below(g, WEAKREFS + 1);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t id = weakref_of(g, i);
    pp_plan(g, pp_statement(PP_OP_WEAKREF, id, pp_below(g, g->ids),
                            pp_below(g, 3) > 0));
    if (pp_below(g, 3) == 0)
      plan_reference(g, (uint32_t)pp_below(g, g->ids), id);
    if (pp_below(g, 4) == 0) pp_plan(g, pp_statement(PP_OP_DECREF, id, 0, 0));
  }
}

/* Most of the names go, from one of them on around. */
static void plan_end(struct pp_object_generator *g, uint64_t kept_one_in) {
  uint32_t first = (uint32_t)pp_below(g, g->ids);
  for (uint32_t i = 0; i < g->ids; i++) {
    if (kept_one_in > 0 && pp_below(g, kept_one_in) == 0) continue;
    pp_plan(g, pp_statement(PP_OP_DECREF, (first + i) % g->ids, 0, 0));
  }
}

static void plan_collection(struct pp_object_generator *g) {
  if (pp_below(g, 3) == 0) pp_plan(g, pp_statement(PP_OP_COLLECT, 0, 0, 0));
  if (pp_below(g, 4) == 0) pp_plan(g, pp_statement(PP_OP_COLLECT, 0, 1, 0));
  pp_plan(g, pp_statement(PP_OP_COLLECT, 0, 2, 0));
}

void pp_plan_graph(struct pp_object_generator *g) {
  uint32_t most = pp_below(g, 8) == 0 ? NODES_MORE : NODES;
  g->ids = 2 + (uint32_t)pp_below(g, most - 1);
  for (uint32_t i = 0; i < KEYS; i++)
    pp_plan(g, pp_generate_key(g, key_of(g, i)));
  for (uint32_t id = 0; id < g->ids; id++)
    plan_node(g, id);
  plan_references(g);
  plan_weakrefs(g);
  if (pp_below(g, 6) == 0) plan_collection(g); /* it gets old, or is in use */
  plan_end(g, pp_below(g, 3) == 0 ? 6 : 0);
  plan_collection(g);
  if (pp_below(g, 4) > 0) return;
  plan_end(g, 0); /* what was kept, or brought back */
  plan_collection(g);
}

/* ---- values ---- */

enum {
  DEPTH = 4,
  PARTS = 5,     /* of one value, at most */
  PLANNED = 300, /* where no container is begun any more */
  STATEMENTS = 5 /* of a part, at most */
};

_Static_assert(PLANNED + DEPTH * PARTS * STATEMENTS < PP_PLANNED_MAX,
               "a value that is begun can be ended");

static void plan_within(struct pp_object_generator *g, uint32_t id,
                        unsigned depth);

/* Parts for IDs from this one on; DEPTH bounds the recursion. */
static void plan_parts(struct pp_object_generator *g, uint32_t first,
                       uint32_t count, unsigned depth) {
  for (uint32_t i = 0; i < count; i++)
    plan_within(g, first + i, depth + 1);
}

static void plan_keys(struct pp_object_generator *g, uint32_t id,
                      uint32_t first, uint32_t count, bool of_set) {
  uint32_t key = g->ids++;
  for (uint32_t i = 0; i < count; i++) {
    pp_plan(g, pp_generate_key(g, key));
    pp_plan(g, of_set ? pp_statement(PP_OP_ADD, id, key, 0)
                      : pp_statement(PP_OP_SET_KEY, id, key, first + i));
  }
  pp_plan(g, pp_statement(PP_OP_DECREF, key, 0, 0));
}

static void plan_array(struct pp_object_generator *g, uint32_t id,
                       uint32_t count) {
  uint32_t item = g->ids++;
  pp_plan(g, pp_statement(PP_OP_ARRAY, id, pp_below(g, 12), 0));
  for (uint32_t i = 0; i < count; i++) {
    pp_plan(g, pp_statement(PP_OP_INT, item, pp_below(g, 128), 0));
    pp_plan(g, pp_statement(PP_OP_APPEND, id, item, 0));
  }
}

static void plan_container(struct pp_object_generator *g, uint32_t id,
                           unsigned depth) {
  uint32_t count = (uint32_t)pp_below(g, PARTS + 1);
  uint32_t first = g->ids;
  uint64_t kind = pp_below(g, 8);
  if (kind >= 6) {
    if (kind == 6) pp_plan(g, pp_statement(PP_OP_SET, id, 0, 0));
    if (kind == 6) plan_keys(g, id, 0, count, true);
    if (kind == 7) plan_array(g, id, count);
    return;
  }
  g->ids += count;
  plan_parts(g, first, count, depth);
  switch (kind) {
  case 0:
  case 1: pp_plan(g, pp_statement(PP_OP_LIST, id, first, count)); break;
  case 2:
  case 3: pp_plan(g, pp_statement(PP_OP_TUPLE, id, first, count)); break;
  case 4:
    pp_plan(g, pp_statement(PP_OP_DICT, id, 0, 0));
    plan_keys(g, id, first, count, false);
    break;
  default:
    pp_plan(g, pp_statement(PP_OP_INSTANCE, id, 0, 0));
    for (uint32_t i = 0; i < count; i++)
      pp_plan(g, pp_statement(PP_OP_SET_ATTRIBUTE, id, i, first + i));
    break;
  }
  for (uint32_t i = 0; i < count; i++)
    pp_plan(g, pp_statement(PP_OP_DECREF, first + i, 0, 0));
}

static void plan_within(struct pp_object_generator *g, uint32_t id,
                        unsigned depth) {
  bool whole = depth == DEPTH || g->planned_count > PLANNED;
  if (whole || pp_below(g, 5) < 2) {
    pp_plan(g, pp_generate_value(g, id));
  } else {
    plan_container(g, id, depth);
  }
}

void pp_plan_value(struct pp_object_generator *g) {
  uint32_t id = (uint32_t)pp_below(g, 8);
  g->ids = 8;
  plan_within(g, id, 0);
  if (pp_below(g, 50) == 0)
    pp_plan(g, pp_statement(PP_OP_COLLECT, 0, pp_below(g, 3), 0));
}
