/* One object, looked at from outside (SPEC.md, GRAPH-01, 07, 08 and 10): its
 * type, its count, what it holds, and the memory that is its. */
#include <string.h>

#include "check/objects/driver.h"

/* ---- what it holds ---- */

/* Sums that come to the same in any order. Of dicts and instances only
 * containers count: strings that are keys are not traversed, and those that
 * name attributes are nobody's. */
struct tally {
  const struct pp_side *side;
  bool containers;
  uint64_t count;
  uint64_t sum;
  const struct pp_node *instance;
};

static uint64_t mixed(uint64_t word) {
  word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
  return word ^ word >> 31;
}

static bool is_container(const struct pp_node *node) {
  return node->type >= PP_TYPE_TUPLE && node->type != PP_TYPE_BYTEARRAY &&
         node->type != PP_TYPE_ARRAY;
}

static void add(struct tally *tally, const struct pp_node *node) {
  if (tally->containers && !is_container(node)) return;
  tally->count++;
  tally->sum += mixed(node->serial);
}

static void add_expected(void *ctx, struct pp_node *referred) {
  add(ctx, referred);
}

/* The dict of an instance has no name: it is looked into. */
static bool add_seen(void *ctx, struct pp_object *referred) {
  struct tally *tally = ctx;
  const struct pp_side *side = tally->side;
  const struct pp_node *node = pp_side_node(side, referred);
  if (node != NULL) {
    add(tally, node);
  } else if (tally->instance != NULL) {
    enum pp_type_id type = side->objects->type_of(side->interpreter, referred);
    if (type != PP_TYPE_DICT) return true;
    side->objects->traverse(side->interpreter, referred, tally, add_seen);
  }
  return true;
}

static void look_inside(struct pp_objects_driver *driver,
                        const struct pp_side *side, struct pp_node *node) {
  if (side->objects->traverse == NULL || node->type == PP_TYPE_WEAKREF) return;
  bool some = node->type == PP_TYPE_DICT || node->type == PP_TYPE_INSTANCE;
  struct tally seen = {.side = side, .containers = some};
  struct tally expected = {.containers = some};
  if (node->type == PP_TYPE_INSTANCE) seen.instance = node;
  side->objects->traverse(side->interpreter, node->at[side->number], &seen,
                          add_seen);
  pp_model_each(node, &expected, add_expected);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_07, seen.count == expected.count,
                       "%s refers to %llu objects, and was given %llu",
                       pp_node_text(node), (unsigned long long)seen.count,
                       (unsigned long long)expected.count);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_07, seen.sum == expected.sum,
                       "%s refers to others than it was given",
                       pp_node_text(node));
}

static void look_at_items(struct pp_objects_driver *driver,
                          const struct pp_side *side, struct pp_node *node) {
  if (node->type != PP_TYPE_LIST && node->type != PP_TYPE_TUPLE) return;
  if (side->objects->get_item == NULL) return;
  for (size_t i = 0; i < node->count; i++) {
    const struct pp_object *item =
        side->objects->get_item(side->interpreter, node->at[side->number], i);
    PP_ORACLE_OF_OBJECTS(
        driver, GRAPH_07, item == node->items[i]->at[side->number],
        "item %zu of %s is %s; put there was %s", i, pp_node_text(node),
        pp_node_text(pp_side_node(side, item)), pp_node_text(node->items[i]));
  }
}

static bool has_length(const struct pp_node *node, uint64_t *length) {
  switch (node->type) {
  case PP_TYPE_TUPLE:
  case PP_TYPE_LIST:
  case PP_TYPE_DICT:
  case PP_TYPE_SET: *length = node->count; return true;
  case PP_TYPE_STR:
  case PP_TYPE_BYTES:
  case PP_TYPE_ARRAY:
  case PP_TYPE_BYTEARRAY: *length = node->value.a; return true;
  default: return false;
  }
}

/* ---- its memory ---- */

static void look_at_pieces(struct pp_objects_driver *driver,
                           const struct pp_side *side, struct pp_node *node) {
  struct pp_piece_info piece;
  if (side->objects->piece == NULL) return;
  for (unsigned i = 0; side->objects->piece(side->interpreter,
                                            node->at[side->number], i, &piece);
       i++) {
    size_t size = 0;
    if (piece.shared && i == 0) return; /* static, and so what belongs to it */
    if (piece.shared) continue;
    bool out = pp_side_block(side, piece.start, &size);
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_10, out,
                         "piece %u (%s) of %s is no block", i, piece.name,
                         pp_node_text(node));
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_10, size == piece.size,
                         "piece %u (%s) of %s is of %zu bytes; asked for were "
                         "%zu",
                         i, piece.name, pp_node_text(node), piece.size, size);
  }
}

/* What it says of its size has its own clauses; here it is only that no part
 * of it is counted twice. */
static void look_at_size(struct pp_objects_driver *driver,
                         const struct pp_side *side, struct pp_node *node) {
  struct pp_piece_info piece;
  size_t owned = 0;
  if (side->objects->getsizeof == NULL || side->objects->piece == NULL) return;
  size_t size =
      side->objects->getsizeof(side->interpreter, node->at[side->number]);
  for (unsigned i = 0; side->objects->piece(side->interpreter,
                                            node->at[side->number], i, &piece);
       i++)
    owned += piece.size;
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_10, size <= owned,
                       "getsizeof of %s is %zu; it has %zu bytes",
                       pp_node_text(node), size, owned);
}

/* ---- the whole ---- */

static void look_at_count(struct pp_objects_driver *driver,
                          const struct pp_side *side, struct pp_node *node) {
  /* It stands for callbacks, too, which are the interpreter's affair. */
  if (node->type == PP_TYPE_ELLIPSIS) return;
  /* What a whole CPython shares, it counts for purposes of its own. */
  if (node->shared && !driver->options.ends && side->number == 0) return;
  uint64_t count =
      side->objects->refcount(side->interpreter, node->at[side->number]);
  uint64_t expected = node->base[side->number];
  expected += node->undying ? 1 : pp_node_references(node);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_01, count == expected,
                       "%s is counted %llu times; there are %llu references",
                       pp_node_text(node), (unsigned long long)count,
                       (unsigned long long)expected);
}

static void look_from(struct pp_objects_driver *driver,
                      const struct pp_side *side, struct pp_node *node,
                      bool whole) {
  uint64_t length = 0;
  enum pp_type_id type =
      side->objects->type_of(side->interpreter, node->at[side->number]);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_08, type == node->type, "%s is of type %d",
                       pp_node_text(node), (int)type);
  look_at_count(driver, side, node);
  if (side->objects->length != NULL && has_length(node, &length)) {
    uint64_t is =
        side->objects->length(side->interpreter, node->at[side->number]);
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_07, is == length,
                         "%s has length %llu; put there were %llu",
                         pp_node_text(node), (unsigned long long)is,
                         (unsigned long long)length);
  }
  look_at_pieces(driver, side, node);
  look_at_size(driver, side, node);
  if (!whole) return;
  look_inside(driver, side, node);
  look_at_items(driver, side, node);
}

void pp_objects_look(struct pp_objects_driver *driver, struct pp_node *node,
                     bool whole) {
  for (unsigned i = 0; i < driver->side_count; i++) {
    driver->report->finding.ours = i > 0;
    look_from(driver, &driver->sides[i], node, whole);
  }
  driver->report->finding.ours = false;
}
