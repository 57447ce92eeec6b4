/* Lock-step of two interpreters (SPEC.md, GRAPH-13 to GRAPH-17): the same
 * object on both sides, bytes and all; the same requests; the same collector.
 * Where the bytes lie is said by the side whose layout is known. */
#include <stdio.h>
#include <string.h>

#include "check/objects/driver.h"

static bool alone(const struct pp_objects_driver *driver) {
  return driver->side_count == 1;
}

/* ---- one object ---- */

static void compare_numbers(struct pp_objects_driver *driver,
                            const struct pp_node *node, const char *name,
                            uint64_t here, uint64_t there) {
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_13, here == there,
                       "%s of %s: %llu; of the twin: %llu", name,
                       pp_node_text(node), (unsigned long long)here,
                       (unsigned long long)there);
}

static void compare_faces(struct pp_objects_driver *driver,
                          const struct pp_node *node) {
  const struct pp_side *here = &driver->sides[0];
  const struct pp_side *there = &driver->sides[1];
  const struct pp_objects *a = here->objects;
  const struct pp_objects *b = there->objects;
  if (a->length != NULL && b->length != NULL) {
    compare_numbers(driver, node, "the length",
                    a->length(here->interpreter, node->at[0]),
                    b->length(there->interpreter, node->at[1]));
  }
  if (a->getsizeof != NULL && b->getsizeof != NULL) {
    compare_numbers(driver, node, "getsizeof",
                    a->getsizeof(here->interpreter, node->at[0]),
                    b->getsizeof(there->interpreter, node->at[1]));
  }
  if (a->is_finalized != NULL && b->is_finalized != NULL) {
    compare_numbers(driver, node, "is_finalized",
                    a->is_finalized(here->interpreter, node->at[0]),
                    b->is_finalized(there->interpreter, node->at[1]));
  }
}

static void compare_tracked(struct pp_objects_driver *driver,
                            const struct pp_node *node) {
  const struct pp_side *here = &driver->sides[0];
  const struct pp_side *there = &driver->sides[1];
  if (here->objects->is_tracked == NULL || there->objects->is_tracked == NULL) {
    return;
  }
  bool a = here->objects->is_tracked(here->interpreter, node->at[0]);
  bool b = there->objects->is_tracked(there->interpreter, node->at[1]);
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_16, a == b,
                       "%s is %s; by the twin it is %s", pp_node_text(node),
                       a ? "tracked" : "not tracked",
                       b ? "tracked" : "not tracked");
}

/* ---- bytes ---- */

static bool pointers_alike(const struct pp_objects_driver *driver,
                           const uint8_t *here, const uint8_t *there,
                           size_t size) {
  for (size_t at = 0; at + sizeof(void *) <= size; at += sizeof(void *)) {
    struct pp_object *a, *b;
    memcpy(&a, here + at, sizeof a);
    memcpy(&b, there + at, sizeof b);
    if ((a == NULL) != (b == NULL)) return false;
    if (pp_side_node(&driver->sides[0], a) !=
        pp_side_node(&driver->sides[1], b)) {
      return false;
    }
  }
  return true;
}

static bool field_alike(const struct pp_objects_driver *driver,
                        const struct pp_node *node,
                        const struct pp_field_info *field, const uint8_t *here,
                        const uint8_t *there) {
  if (field->name[0] == '\0') return true; /* room between fields */
  switch (field->shape) {
  case PP_SHAPE_HASH: /* of what is shared, somebody else may have asked */
    return node->shared || memcmp(here, there, field->size) == 0;
  case PP_SHAPE_STATE: /* the bits, and not what lies behind them */
    return node->shared || *here == *there;
  case PP_SHAPE_TYPE:
  case PP_SHAPE_POINTER:
  case PP_SHAPE_STAMP:
  case PP_SHAPE_GC: return true; /* addresses, but for what is_tracked says */
  case PP_SHAPE_COUNT:
    return node->shared || memcmp(here, there, field->size) == 0;
  case PP_SHAPE_OBJECT:
  case PP_SHAPE_OBJECTS:
    return pointers_alike(driver, here, there, field->size);
  case PP_SHAPE_STALE: /* another object may live there by now */
  case PP_SHAPE_BUFFER: {
    uint64_t a, b;
    memcpy(&a, here, sizeof a);
    memcpy(&b, there, sizeof b);
    return (a == 0) == (b == 0);
  }
  default: return memcmp(here, there, field->size) == 0;
  }
}

/* Piece 0 begins before the object, its offsets at the object. */
static const uint8_t *base_of(const struct pp_node *node, unsigned side,
                              unsigned index,
                              const struct pp_piece_info *piece) {
  return index == 0 ? (const uint8_t *)node->at[side] : piece->start;
}

static void compare_fields(struct pp_objects_driver *driver,
                           const struct pp_node *node, unsigned index,
                           const struct pp_piece_info pieces[PP_SIDES]) {
  unsigned known = driver->sides[0].objects->field == NULL ? 1 : 0;
  if (driver->options.teller == 1) known = 1;
  const struct pp_side *side = &driver->sides[known];
  struct pp_field_info field;
  const uint8_t *here = base_of(node, 0, index, &pieces[0]);
  const uint8_t *there = base_of(node, 1, index, &pieces[1]);
  if (side->objects->field == NULL) return;
  for (unsigned i = 0; side->objects->field(side->interpreter, node->at[known],
                                            index, i, &field);
       i++) {
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_14,
                         field_alike(driver, node, &field, here + field.offset,
                                     there + field.offset),
                         "%s%s%s of %s is not as by the twin", pieces[0].name,
                         pieces[0].name[0] == 0 ? "" : ": ", field.name,
                         pp_node_text(node));
  }
}

static void compare_pieces(struct pp_objects_driver *driver,
                           const struct pp_node *node, bool whole) {
  enum { SMALL_PIECE = 1024 };
  const struct pp_side *here = &driver->sides[0];
  const struct pp_side *there = &driver->sides[1];
  if (here->objects->piece == NULL || there->objects->piece == NULL) return;
  for (unsigned i = 0;; i++) {
    struct pp_piece_info pieces[PP_SIDES] = {{0}, {0}};
    bool a = here->objects->piece(here->interpreter, node->at[0], i, pieces);
    bool b =
        there->objects->piece(there->interpreter, node->at[1], i, pieces + 1);
    if (a != b && pieces[a ? 0 : 1].shared) return; /* nobody's own */
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_14, a == b,
                         "%s has %s than %u pieces; by the twin %s",
                         pp_node_text(node), a ? "more" : "no more", i,
                         b ? "it has more" : "it has not");
    if (!a) return;
    if (pieces[0].shared && pieces[1].shared && i > 0) continue;
    PP_ORACLE_OF_OBJECTS(
        driver, GRAPH_14, node->shared || pieces[0].size == pieces[1].size,
        "piece %u (%s) of %s is of %zu bytes; by the twin of "
        "%zu",
        i, pieces[1].name, pp_node_text(node), pieces[0].size, pieces[1].size);
    if (whole || pieces[0].size <= SMALL_PIECE) {
      compare_fields(driver, node, i, pieces);
    }
  }
}

void pp_objects_compare(struct pp_objects_driver *driver, struct pp_node *node,
                        bool whole) {
  if (alone(driver)) return;
  compare_faces(driver, node);
  compare_tracked(driver, node);
  compare_pieces(driver, node, whole);
}

/* ---- requests and events ---- */

static void describe(char *text, size_t size, const struct pp_side *side,
                     uint64_t at) {
  static const char *const calls[] = {"malloc", "calloc", "realloc", "free"};
  if (at >= side->request_count) {
    snprintf(text, size, "nothing");
    return;
  }
  const struct pp_request *request = &side->requests[at];
  snprintf(text, size, "%s %s of %llu", request->mem ? "MEM" : "OBJ",
           calls[request->call], (unsigned long long)request->size);
}

static bool same_request(const struct pp_side *here,
                         const struct pp_side *there, uint64_t at) {
  if (at >= here->request_count || at >= there->request_count) return false;
  const struct pp_request *a = &here->requests[at];
  const struct pp_request *b = &there->requests[at];
  return a->mem == b->mem && a->call == b->call && a->size == b->size;
}

void pp_objects_compare_requests(struct pp_objects_driver *driver) {
  const struct pp_side *here = &driver->sides[0];
  const struct pp_side *there = &driver->sides[1];
  if (alone(driver)) return;
  uint64_t count = here->request_count > there->request_count
                       ? here->request_count
                       : there->request_count;
  if (count > PP_REQUESTS_KEPT) count = PP_REQUESTS_KEPT;
  driver->report->evaluated[PP_GRAPH_15]++;
  for (uint64_t i = 0; i < count; i++) {
    if (same_request(here, there, i)) continue;
    char a[64], b[64];
    describe(a, sizeof a, here, i);
    describe(b, sizeof b, there, i);
    pp_objects_broken(driver, PP_GRAPH_15,
                      "request %llu is %s; the twin's is %s",
                      (unsigned long long)i + 1, a, b);
  }
  PP_ORACLE_OF_OBJECTS(driver, GRAPH_15,
                       here->request_count == there->request_count,
                       "%llu requests; by the twin %llu",
                       (unsigned long long)here->request_count,
                       (unsigned long long)there->request_count);
}

/* The next event of those that every interpreter tells. */
static const struct pp_event *next_event(const struct pp_side *side,
                                         size_t *at) {
  while (*at < side->event_count) {
    const struct pp_event *event = &side->events[(*at)++];
    if (event->kind != PP_EVENT_DEALLOC) return event;
  }
  return NULL;
}

void pp_objects_compare_events(struct pp_objects_driver *driver) {
  size_t at[PP_SIDES] = {0, 0};
  if (alone(driver)) return;
  for (;;) {
    const struct pp_event *a = next_event(&driver->sides[0], &at[0]);
    const struct pp_event *b = next_event(&driver->sides[1], &at[1]);
    if (a == NULL && b == NULL) return;
    bool same = a != NULL && b != NULL && a->kind == b->kind &&
                a->node == b->node && a->resurrected == b->resurrected;
    driver->report->evaluated[PP_GRAPH_17]++;
    if (same) continue;
    pp_objects_differ(driver, PP_GRAPH_17, "%s was told of; by the twin %s",
                      a == NULL ? "nothing" : pp_node_text(a->node),
                      b == NULL ? "nothing" : pp_node_text(b->node));
    return;
  }
}

/* ---- the collector ---- */

struct order {
  const struct pp_side *side;
  uint64_t count;
  uint64_t sum; /* in which the order shows */
};

static bool add_to_order(void *ctx, struct pp_object *object) {
  struct order *order = ctx;
  const struct pp_node *node = pp_side_node(order->side, object);
  uint64_t word = node == NULL ? 0 : node->serial + 1;
  order->count++;
  order->sum = (order->sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
  return true;
}

static void compare_generations(struct pp_objects_driver *driver) {
  for (unsigned generation = 0; generation < PP_GENERATIONS; generation++) {
    struct order orders[PP_SIDES] = {{0}, {0}};
    for (unsigned i = 0; i < PP_SIDES; i++) {
      const struct pp_side *side = &driver->sides[i];
      orders[i].side = side;
      if (side->objects->visit_generation == NULL) return;
      side->objects->visit_generation(side->interpreter, generation, &orders[i],
                                      add_to_order);
    }
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_16, orders[0].count == orders[1].count,
                         "generation %u has %llu objects; of the twin %llu",
                         generation, (unsigned long long)orders[0].count,
                         (unsigned long long)orders[1].count);
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_16, orders[0].sum == orders[1].sum,
                         "generation %u is in another order than of the twin",
                         generation);
  }
}

void pp_objects_compare_collectors(struct pp_objects_driver *driver,
                                   bool whole) {
  uint32_t counts[PP_SIDES][PP_GENERATIONS] = {{0}, {0}};
  if (alone(driver)) return;
  for (unsigned i = 0; i < PP_SIDES; i++) {
    const struct pp_side *side = &driver->sides[i];
    if (side->objects->get_count == NULL) return;
    side->objects->get_count(side->interpreter, counts[i]);
  }
  for (unsigned i = 0; i < PP_GENERATIONS; i++) {
    PP_ORACLE_OF_OBJECTS(driver, GRAPH_16, counts[0][i] == counts[1][i],
                         "count %u of the collector is %u; the twin's is %u", i,
                         counts[0][i], counts[1][i]);
  }
  if (whole) compare_generations(driver);
}
