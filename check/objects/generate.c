/* The generator of programs (SPEC.md, OPS-14). Stretches follow one another,
 * each about one thing: growth and shrinkage of one kind of container, cycles,
 * deep nesting, dying in numbers, the collector. IDs are few in most of them,
 * so that statements meet. */
#include "check/objects/generate.h"

#include <string.h>

#define SPAN(first, count) ((uint64_t)(first) | (uint64_t)(count) << 32)
static uint32_t some_id(struct pp_object_generator *g) {
  return (uint32_t)pp_below(g, g->ids);
}

/* An ID for which this was made, where a few looks find one. */
static uint32_t one_of(struct pp_object_generator *g, enum pp_type_id type) {
  uint32_t id = some_id(g);
  for (unsigned i = 0; i < 16 && g->type[id] != type; i++)
    id = some_id(g);
  return id;
}

/* ---- what any stretch does ---- */

static struct pp_op release(struct pp_object_generator *g) {
  uint32_t id = some_id(g);
  g->type[id] = PP_TYPE_NONE;
  return pp_statement(PP_OP_DECREF, id, 0, 0);
}

static struct pp_op make(struct pp_object_generator *g, uint32_t id,
                         enum pp_op_kind kind, enum pp_type_id type, uint64_t a,
                         uint64_t b) {
  g->type[id] = (uint8_t)type;
  g->length[id] = 0;
  return pp_statement(kind, id, a, b);
}

static struct pp_op any_value(struct pp_object_generator *g) {
  uint32_t id = some_id(g);
  g->type[id] = PP_TYPE_INT;
  return pp_generate_value(g, id);
}

static struct pp_op any_key(struct pp_object_generator *g) {
  uint32_t id = some_id(g);
  g->type[id] = PP_TYPE_INT;
  return pp_generate_key(g, id);
}

static struct pp_op container(struct pp_object_generator *g, uint32_t id) {
  uint64_t count = pp_below(g, 8);
  if (pp_random_one_in(&g->random, 8)) count = pp_below(g, 30);
  switch (pp_below(g, 7)) {
  case 0:
  case 1: return make(g, id, PP_OP_LIST, PP_TYPE_LIST, some_id(g), count);
  case 2: return make(g, id, PP_OP_TUPLE, PP_TYPE_TUPLE, some_id(g), count);
  case 3: return make(g, id, PP_OP_DICT, PP_TYPE_DICT, 0, 0);
  case 4: return make(g, id, PP_OP_SET, PP_TYPE_SET, 0, 0);
  default:
    return make(g, id, PP_OP_INSTANCE, PP_TYPE_INSTANCE, pp_below(g, 3), 0);
  }
}

static struct pp_op count_change(struct pp_object_generator *g) {
  uint32_t id = some_id(g);
  switch (pp_below(g, 4)) {
  case 0: return pp_statement(PP_OP_INCREF, id, 0, 0);
  case 1: return pp_statement(PP_OP_NAME, id, some_id(g), 0);
  case 2:
    return pp_statement(PP_OP_TAKE, id, one_of(g, PP_TYPE_TUPLE),
                        pp_below(g, 4));
  default: return release(g);
  }
}

/* ---- stretches ---- */

static struct pp_op of_text(struct pp_object_generator *g) {
  uint32_t id = some_id(g);
  switch (pp_below(g, 6)) {
  case 0: return pp_statement(PP_OP_INTERN, id, 0, 0);
  case 1: return release(g);
  case 2: return count_change(g);
  case 3:
    g->type[id] = PP_TYPE_STR;
    return pp_statement(PP_OP_STR, id, 3 + pp_below(g, 3),
                        'a' + pp_below(g, 6));
  default: return any_value(g);
  }
}

/* An index into what it may be long, seldom past its end. */
static uint64_t index_of(struct pp_object_generator *g, uint32_t id) {
  uint64_t length = g->length[id];
  switch (pp_below(g, 6)) {
  case 0: return 0;
  case 1: return length == 0 ? 0 : length - 1;
  case 2: return length;
  default: return pp_below(g, length + 1);
  }
}

static struct pp_op shrinkage(struct pp_object_generator *g, uint32_t id) {
  if (g->length[id] > 0) g->length[id]--;
  return pp_statement(PP_OP_POP, id,
                      pp_below(g, 3) > 0 ? g->length[id] : index_of(g, id), 0);
}

static struct pp_op of_sequence(struct pp_object_generator *g,
                                enum pp_type_id type) {
  uint32_t id = pp_below(g, 3) > 0 ? g->favourite : one_of(g, type);
  uint64_t item = some_id(g);
  bool grows = g->theme_left % 500 > 200;
  switch (pp_below(g, 16)) {
  case 0: return pp_statement(PP_OP_INSERT, id, index_of(g, id), item);
  case 1: return pp_statement(PP_OP_SET_ITEM, id, index_of(g, id), item);
  case 2:
    return pp_statement(
        PP_OP_ASSIGN_SLICE, id, SPAN(index_of(g, id), pp_below(g, 9)),
        one_of(g, pp_below(g, 2) ? PP_TYPE_TUPLE : PP_TYPE_LIST));
  case 3: return pp_statement(PP_OP_EXTEND, id, one_of(g, type), 0);
  case 4: return any_value(g);
  case 5: return count_change(g);
  case 6:
    if (pp_random_one_in(&g->random, 8)) {
      g->length[id] = 0;
      return pp_statement(PP_OP_CLEAR, id, 0, 0);
    }
    return container(g, some_id(g));
  default: break;
  }
  if (!grows) return shrinkage(g, id);
  g->length[id]++;
  return pp_statement(PP_OP_APPEND, id, item, 0);
}

static struct pp_op of_arrays(struct pp_object_generator *g) {
  uint32_t id = some_id(g);
  switch (pp_below(g, 8)) {
  case 0: return make(g, id, PP_OP_ARRAY, PP_TYPE_ARRAY, pp_below(g, 12), 0);
  case 1:
    return make(g, id, PP_OP_BYTEARRAY, PP_TYPE_BYTEARRAY, pp_below(g, 9), id);
  case 2:
    g->type[id] = PP_TYPE_INT;
    return pp_statement(PP_OP_INT, id, pp_below(g, 256), 0);
  case 3:
    return pp_statement(PP_OP_EXTEND, one_of(g, PP_TYPE_BYTEARRAY), id, 0);
  default: return of_sequence(g, PP_TYPE_ARRAY);
  }
}

static struct pp_op of_dicts(struct pp_object_generator *g) {
  uint32_t id = pp_below(g, 3) > 0 ? g->favourite : one_of(g, PP_TYPE_DICT);
  bool grows = g->theme_left % 700 > 250;
  switch (pp_below(g, 12)) {
  case 0:
  case 1: return any_key(g);
  case 2: return pp_statement(PP_OP_FIND_KEY, id, some_id(g), 0);
  case 3: return container(g, some_id(g));
  case 4: return count_change(g);
  case 5:
    if (pp_below(g, 12) > 0) return any_key(g);
    return pp_statement(PP_OP_CLEAR, id, 0, 0);
  default:
    return pp_statement(grows ? PP_OP_SET_KEY : PP_OP_DELETE_KEY, id,
                        some_id(g), grows ? some_id(g) : 0);
  }
}

static struct pp_op of_sets(struct pp_object_generator *g) {
  uint32_t id = pp_below(g, 3) > 0 ? g->favourite : one_of(g, PP_TYPE_SET);
  bool grows = g->theme_left % 700 > 250;
  switch (pp_below(g, 12)) {
  case 0:
  case 1: return any_key(g);
  case 2:
    if (pp_below(g, 4) == 0)
      return pp_statement(PP_OP_EXTEND, id, some_id(g), 0);
    return make(g, some_id(g), PP_OP_SET, PP_TYPE_SET, 0, 0);
  case 3: return count_change(g);
  case 4:
    if (!pp_random_one_in(&g->random, 12)) return any_key(g);
    return pp_statement(PP_OP_CLEAR, id, 0, 0);
  default:
    return pp_statement(grows ? PP_OP_ADD : PP_OP_DISCARD, id, some_id(g), 0);
  }
}

/* Edges between containers, and no order in which they go. */
static struct pp_op of_graph(struct pp_object_generator *g) {
  uint64_t other = some_id(g);
  switch (pp_below(g, 12)) {
  case 0:
  case 1: return container(g, some_id(g));
  case 2: return any_key(g);
  case 3: return pp_statement(PP_OP_APPEND, one_of(g, PP_TYPE_LIST), other, 0);
  case 4:
  case 5:
    return pp_statement(PP_OP_SET_ATTRIBUTE, one_of(g, PP_TYPE_INSTANCE),
                        pp_below(g, 5), other);
  case 6:
    return pp_statement(PP_OP_SET_KEY, one_of(g, PP_TYPE_DICT), some_id(g),
                        other);
  case 7:
    return pp_statement(PP_OP_DELETE_ATTRIBUTE, one_of(g, PP_TYPE_INSTANCE),
                        pp_below(g, 5), 0);
  case 8:
    return pp_statement(PP_OP_WEAKREF, some_id(g), one_of(g, PP_TYPE_INSTANCE),
                        pp_below(g, 2));
  case 9: return count_change(g);
  default: return release(g);
  }
}

static struct pp_op of_weak(struct pp_object_generator *g) {
  uint32_t id = some_id(g);
  switch (pp_below(g, 6)) {
  case 0: return make(g, id, PP_OP_SET, PP_TYPE_SET, 0, 0);
  case 1: return make(g, id, PP_OP_ARRAY, PP_TYPE_ARRAY, pp_below(g, 12), 0);
  case 2:
    return make(g, id, PP_OP_INSTANCE, PP_TYPE_INSTANCE, pp_below(g, 3), 0);
  case 3: return release(g);
  case 4: return of_graph(g);
  default: return pp_statement(PP_OP_WEAKREF, id, some_id(g), pp_below(g, 2));
  }
}

static struct pp_op of_collector(struct pp_object_generator *g) {
  switch (pp_below(g, 40)) {
  case 0: return pp_statement(PP_OP_COLLECT, 0, pp_below(g, 3), 0);
  case 1: return pp_statement(PP_OP_GC_ENABLE, 0, pp_below(g, 2), 0);
  case 2:
    return pp_statement(PP_OP_THRESHOLD, 0, pp_below(g, 3), pp_below(g, 12));
  case 3: return pp_statement(PP_OP_THRESHOLD, 0, 0, 1 + pp_below(g, 900));
  case 4: return pp_statement(PP_OP_FREEZE, 0, pp_below(g, 2), 0);
  case 5:
    if (g->options.compared) return any_value(g);
    return pp_statement(PP_OP_MEMORY_FAIL, 0, pp_below(g, 12),
                        1 + pp_below(g, 3));
  default: return of_graph(g);
  }
}

static struct pp_op of_theme(struct pp_object_generator *g) {
  if (pp_random_one_in(&g->random, 300)) {
    return pp_statement(PP_OP_COLLECT, 0, pp_below(g, 3), 0);
  }
  if (!g->options.compared && pp_random_one_in(&g->random, 80)) {
    return pp_statement(PP_OP_MEMORY_FAIL, 0, pp_below(g, 4), 1);
  }
  switch (g->theme) {
  case PP_THEME_VALUES:
    return pp_below(g, 3) == 0 ? count_change(g) : any_value(g);
  case PP_THEME_TEXT: return of_text(g);
  case PP_THEME_LISTS: return of_sequence(g, PP_TYPE_LIST);
  case PP_THEME_ARRAYS: return of_arrays(g);
  case PP_THEME_DICTS: return of_dicts(g);
  case PP_THEME_SETS: return of_sets(g);
  case PP_THEME_GRAPH: return of_graph(g);
  case PP_THEME_DEEP: return pp_generate_depth(g);
  case PP_THEME_KEPT: return pp_generate_kept(g);
  case PP_THEME_WEAK: return of_weak(g);
  default: return of_collector(g);
  }
}

/* ---- the program ---- */

static void favour(struct pp_object_generator *g) {
  struct pp_op op;
  uint32_t id = g->favourite;
  switch (g->theme) {
  case PP_THEME_DICTS: op = make(g, id, PP_OP_DICT, PP_TYPE_DICT, 0, 0); break;
  case PP_THEME_SETS: op = make(g, id, PP_OP_SET, PP_TYPE_SET, 0, 0); break;
  case PP_THEME_ARRAYS:
    op = pp_below(g, 2) == 0
             ? make(g, id, PP_OP_ARRAY, PP_TYPE_ARRAY, pp_below(g, 12), 0)
             : make(g, id, PP_OP_BYTEARRAY, PP_TYPE_BYTEARRAY, 0, 0);
    break;
  case PP_THEME_LISTS: op = make(g, id, PP_OP_LIST, PP_TYPE_LIST, 0, 0); break;
  default: return;
  }
  pp_plan(g, op);
}

static void begin_stretch(struct pp_object_generator *g) {
  unsigned bits = 3 + (unsigned)pp_below(g, 6);
  if (pp_random_one_in(&g->random, 6)) bits = 3 + (unsigned)pp_below(g, 10);
  if (g->options.operations < 50000 && bits > 8) bits = 8;
  g->theme = (enum pp_theme)pp_below(g, PP_THEME_COUNT);
  if (!g->begun) g->theme = PP_THEME_DEEP; /* what the opening leaves out */
  g->begun = true;
  g->ids = UINT32_C(1) << bits;
  g->favourite = some_id(g);
  g->theme_left = 50 + pp_below(g, 1500);
  if (g->theme == PP_THEME_DEEP || g->theme == PP_THEME_KEPT)
    g->theme_left = 1 + pp_below(g, 6);
  pp_plan(g, pp_statement(PP_OP_GC_ENABLE, 0, 1, 0));
  favour(g);
}

/* The next part of a history that is about one thing. */
static bool plan_part(struct pp_object_generator *g) {
  switch (g->options.history) {
  case PP_HISTORY_GRAPHS: pp_plan_graph(g); return true;
  case PP_HISTORY_VALUES: pp_plan_value(g); return true;
  default: return pp_plan_growth(g);
  }
}

static bool next(struct pp_object_generator *g, struct pp_op *op) {
  bool mixed = g->options.history == PP_HISTORY_MIXED;
  if (mixed && pp_generate_object_opening(g, op)) return true;
  if (g->planned_next < g->planned_count) {
    *op = g->planned[g->planned_next++];
    return true;
  }
  if (g->chain_left > 0) {
    *op = pp_generate_chain(g);
    return true;
  }
  g->planned_next = 0;
  g->planned_count = 0;
  if (mixed && !g->options.compared && pp_plan_run(g)) return next(g, op);
  if (g->emitted >= g->options.operations) return false;
  if (!mixed) return plan_part(g) && next(g, op);
  if (g->theme_left == 0) begin_stretch(g);
  g->theme_left--;
  *op = of_theme(g);
  return true;
}

static size_t fill(struct pp_op_source *source, struct pp_op *ops, size_t max) {
  struct pp_object_generator *g = (struct pp_object_generator *)source;
  size_t count = 0;
  while (count < max && next(g, &ops[count]))
    count++;
  g->emitted += count;
  return count;
}

void pp_object_generator_open(
    struct pp_object_generator *g,
    const struct pp_object_generate_options *options) {
  memset(g, 0, sizeof *g);
  g->source.fill = fill;
  g->options = *options;
  g->random = pp_random_split(options->seed, options->round);
}
