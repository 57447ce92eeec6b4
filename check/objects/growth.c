/* Histories of growth (SPEC.md, OPS-14): each kind of container, and each code
 * of an array, from nothing to PP_GROWN items and back to nothing, in each way
 * that there is; and whatever is made with its length, of all lengths. Nothing
 * of it is random. */
#include "check/objects/generate.h"

/* IDs; those of what a container is extended with come last. */
enum { CONTAINER, ITEM, KEY, EMPTY, FEW };

enum {
  STEPS = 16,   /* of a part */
  FEW_MOST = 7, /* items that are put in at once */
  DENSE = 512   /* up to this length, all are made */
};

enum grows {
  BY_APPEND,
  BY_INSERT_FIRST,
  BY_INSERT_MIDDLE,
  BY_EXTEND,      /* by FEW_MOST at most */
  BY_EXTEND_SELF, /* and so to twice as many */
  BY_SLICE,
  BY_KEY,       /* an int */
  BY_TEXT,      /* a str */
  BY_UPDATE,    /* by another set */
  BY_BEING_MADE /* again, with one more */
};

enum shrinks { BY_POP_LAST, BY_POP_FIRST, BY_CUT, BY_DELETE, BY_CLEAR };

struct sequence {
  enum pp_op_kind make;
  uint8_t code; /* of an array */
  enum grows grows;
  enum shrinks shrinks;
};

static const struct sequence sequences[] = {
    {PP_OP_LIST, 0, BY_APPEND, BY_POP_LAST},
    {PP_OP_LIST, 0, BY_INSERT_FIRST, BY_POP_FIRST},
    {PP_OP_LIST, 0, BY_INSERT_MIDDLE, BY_CLEAR},
    {PP_OP_LIST, 0, BY_EXTEND, BY_CUT},
    {PP_OP_LIST, 0, BY_EXTEND_SELF, BY_POP_LAST},
    {PP_OP_LIST, 0, BY_SLICE, BY_POP_FIRST},
    {PP_OP_LIST, 0, BY_BEING_MADE, BY_CLEAR},
    {PP_OP_TUPLE, 0, BY_BEING_MADE, BY_CLEAR},
    {PP_OP_DICT, 0, BY_KEY, BY_DELETE},
    {PP_OP_DICT, 0, BY_TEXT, BY_DELETE},
    {PP_OP_DICT, 0, BY_TEXT, BY_CLEAR},
    {PP_OP_SET, 0, BY_KEY, BY_DELETE},
    {PP_OP_SET, 0, BY_TEXT, BY_DELETE},
    {PP_OP_SET, 0, BY_UPDATE, BY_CLEAR},
    {PP_OP_BYTEARRAY, 0, BY_APPEND, BY_POP_LAST},
    {PP_OP_BYTEARRAY, 0, BY_INSERT_FIRST, BY_POP_FIRST},
    {PP_OP_BYTEARRAY, 0, BY_INSERT_MIDDLE, BY_POP_LAST},
    {PP_OP_BYTEARRAY, 0, BY_EXTEND, BY_POP_LAST},
    {PP_OP_BYTEARRAY, 0, BY_EXTEND_SELF, BY_POP_FIRST},
    {PP_OP_BYTEARRAY, 0, BY_BEING_MADE, BY_POP_LAST},
    {PP_OP_ARRAY, 0, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 1, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 2, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 3, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 4, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 5, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 6, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 7, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 8, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 9, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 10, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 11, BY_APPEND, BY_POP_LAST},
    {PP_OP_ARRAY, 1, BY_INSERT_FIRST, BY_POP_FIRST},
    {PP_OP_ARRAY, 11, BY_INSERT_MIDDLE, BY_POP_LAST},
    {PP_OP_ARRAY, 5, BY_EXTEND, BY_POP_LAST},
    {PP_OP_ARRAY, 9, BY_EXTEND_SELF, BY_POP_FIRST},
    {PP_OP_STR, 0, BY_BEING_MADE, BY_CLEAR},
    {PP_OP_BYTES, 0, BY_BEING_MADE, BY_CLEAR},
};

enum { SEQUENCES = sizeof sequences / sizeof sequences[0] };

/* ---- beginning ---- */

static void plan_container(struct pp_object_generator *g,
                           const struct sequence *sequence, uint32_t id,
                           uint64_t length) {
  struct pp_op op = {.kind = sequence->make, .id = id};
  switch (sequence->make) {
  case PP_OP_LIST:
  case PP_OP_TUPLE:
    op.a = ITEM;
    op.b = length;
    break;
  case PP_OP_ARRAY: op.a = sequence->code; break;
  case PP_OP_STR:
  case PP_OP_BYTES:
  case PP_OP_BYTEARRAY:
    op.a = length;
    op.b = 'b';
    break;
  default: break;
  }
  pp_plan(g, op);
  for (uint64_t i = 0; sequence->make == PP_OP_ARRAY && i < length; i++)
    pp_plan(g, pp_statement(PP_OP_APPEND, id, ITEM, 0));
}

static void plan_beginning(struct pp_object_generator *g,
                           const struct sequence *sequence) {
  pp_plan(g, pp_statement(PP_OP_INT, ITEM, 100, 0));
  pp_plan(g, pp_statement(PP_OP_TUPLE, EMPTY, 0, 0));
  plan_container(g, sequence, CONTAINER, 0);
  for (uint32_t i = 0; i <= FEW_MOST; i++)
    plan_container(g, sequence, FEW + i, i);
}

/* ---- one step ---- */

static void plan_key(struct pp_object_generator *g,
                     const struct sequence *sequence, uint64_t number) {
  enum { FIRST_POINT = 0x100, TEXT_LENGTH = 2 };
  pp_plan(g,
          sequence->grows == BY_TEXT
              ? pp_statement(PP_OP_STR, KEY, TEXT_LENGTH, FIRST_POINT + number)
              : pp_statement(PP_OP_INT, KEY, number, 0));
}

static void plan_with_key(struct pp_object_generator *g,
                          const struct sequence *sequence, uint64_t number) {
  plan_key(g, sequence, number);
  pp_plan(g, sequence->make == PP_OP_SET
                 ? pp_statement(PP_OP_ADD, CONTAINER, KEY, 0)
                 : pp_statement(PP_OP_SET_KEY, CONTAINER, KEY, ITEM));
}

/* Keys that are new, in a set that was empty. */
static void plan_update(struct pp_object_generator *g,
                        const struct sequence *sequence, uint64_t count) {
  pp_plan(g, pp_statement(PP_OP_CLEAR, FEW, 0, 0));
  for (uint64_t i = 0; i < count; i++) {
    plan_key(g, sequence, g->items + i);
    pp_plan(g, pp_statement(PP_OP_ADD, FEW, KEY, 0));
  }
  pp_plan(g, pp_statement(PP_OP_EXTEND, CONTAINER, FEW, 0));
}

/* The items that came. */
static uint64_t plan_growth(struct pp_object_generator *g,
                            const struct sequence *sequence) {
  uint64_t few = g->step % (FEW_MOST + 1);
  uint64_t items = g->items;
  switch (sequence->grows) {
  case BY_INSERT_FIRST:
    pp_plan(g, pp_statement(PP_OP_INSERT, CONTAINER, 0, ITEM));
    return 1;
  case BY_INSERT_MIDDLE:
    pp_plan(g, pp_statement(PP_OP_INSERT, CONTAINER, items / 2, ITEM));
    return 1;
  case BY_EXTEND:
    pp_plan(g, pp_statement(PP_OP_EXTEND, CONTAINER, FEW + few, 0));
    return few;
  case BY_SLICE:
    pp_plan(g,
            pp_statement(PP_OP_ASSIGN_SLICE, CONTAINER, items / 2, FEW + few));
    return few;
  case BY_KEY:
  case BY_TEXT: plan_with_key(g, sequence, items); return 1;
  case BY_UPDATE: plan_update(g, sequence, few); return few;
  case BY_BEING_MADE:
    few = items < DENSE ? 1 : items / 64;
    plan_container(g, sequence, CONTAINER, items + few);
    return few;
  case BY_EXTEND_SELF:
    if (items == 0) break;
    pp_plan(g, pp_statement(PP_OP_EXTEND, CONTAINER, CONTAINER, 0));
    return items;
  default: break;
  }
  pp_plan(g, pp_statement(PP_OP_APPEND, CONTAINER, ITEM, 0));
  return 1;
}

/* The items that went. */
static uint64_t plan_shrinkage(struct pp_object_generator *g,
                               const struct sequence *sequence) {
  uint64_t items = g->items;
  uint64_t few = items < FEW_MOST ? items : FEW_MOST;
  bool is_set = sequence->make == PP_OP_SET;
  switch (sequence->shrinks) {
  case BY_POP_LAST:
    pp_plan(g, pp_statement(PP_OP_POP, CONTAINER, items - 1, 0));
    return 1;
  case BY_POP_FIRST:
    pp_plan(g, pp_statement(PP_OP_POP, CONTAINER, 0, 0));
    return 1;
  case BY_CUT:
    pp_plan(g, pp_statement(PP_OP_ASSIGN_SLICE, CONTAINER,
                            (items - few) / 2 | few << 32, EMPTY));
    return few;
  case BY_DELETE:
    plan_key(g, sequence, items - 1);
    pp_plan(g, pp_statement(is_set ? PP_OP_DISCARD : PP_OP_DELETE_KEY,
                            CONTAINER, KEY, 0));
    return 1;
  default: break;
  }
  pp_plan(g, pp_statement(PP_OP_CLEAR, CONTAINER, 0, 0));
  pp_plan(g, pp_statement(PP_OP_DECREF, CONTAINER, 0, 0));
  return items;
}

/* ---- the whole ---- */

bool pp_plan_growth(struct pp_object_generator *g) {
  if (g->sequence == SEQUENCES) return false;
  const struct sequence *sequence = &sequences[g->sequence];
  if (g->step == 0) plan_beginning(g, sequence);
  for (unsigned i = 0; i < STEPS; i++) {
    g->step++;
    if (g->items >= PP_GROWN) g->shrinking = true;
    if (g->shrinking && g->items == 0) {
      g->shrinking = false;
      g->step = 0;
      g->sequence++;
      pp_plan(g, pp_statement(PP_OP_COLLECT, 0, 2, 0));
      return true;
    }
    if (g->shrinking) {
      g->items -= plan_shrinkage(g, sequence);
    } else {
      g->items += plan_growth(g, sequence);
    }
  }
  return true;
}
