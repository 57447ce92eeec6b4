/* What the opening of a program cannot spell out (SPEC.md, OPS-14): short runs
 * of growth and shrinkage, a kind of container and of key each, so that the
 * shortest program has met each size at which something changes. */
#include "check/objects/generate.h"

enum { CONTAINER = 100, UNION, ITEM, KEY };

enum keys { NONE, NEAR, FAR, TEXT, MIXED };

struct run {
  enum pp_op_kind make;
  uint8_t code; /* of an array */
  enum keys keys;
  uint8_t steps;
  uint8_t forget; /* every so many steps the key before goes; 0: never */
};

static const struct run runs[] = {
    {PP_OP_ARRAY, 1, NONE, 18, 0}, {PP_OP_BYTEARRAY, 0, NONE, 26, 0},
    {PP_OP_LIST, 0, NONE, 18, 0},  {PP_OP_DICT, 0, FAR, 12, 0},
    {PP_OP_DICT, 0, MIXED, 12, 0}, {PP_OP_DICT, 0, TEXT, 12, 1},
    {PP_OP_DICT, 0, NEAR, 24, 2},  {PP_OP_SET, 0, FAR, 24, 0},
    {PP_OP_SET, 0, MIXED, 24, 2},  {PP_OP_LIST, 0, NONE, 60, 0},
    {PP_OP_DICT, 0, NEAR, 90, 0},  {PP_OP_SET, 0, TEXT, 60, 0},
    {PP_OP_SET, 0, FAR, 100, 0},
};

enum { RUNS = sizeof runs / sizeof runs[0] };

static void plan_key(struct pp_object_generator *g, enum keys keys,
                     uint64_t number) {
  enum { FAR_SHIFT = 11, FIRST_POINT = 0x100, TEXT_LENGTH = 2 };
  if (keys == MIXED) keys = number % 3 == 2 ? FAR : TEXT;
  if (keys == TEXT)
    pp_plan(g, pp_statement(PP_OP_STR, KEY, TEXT_LENGTH, FIRST_POINT + number));
  else
    pp_plan(g, pp_statement(PP_OP_INT, KEY,
                            keys == FAR ? number << FAR_SHIFT : number, 0));
}

static void plan_step(struct pp_object_generator *g, const struct run *run,
                      uint64_t number) {
  bool set = run->make == PP_OP_SET;
  if (run->keys == NONE) {
    pp_plan(g, pp_statement(PP_OP_APPEND, CONTAINER, ITEM, 0));
    return;
  }
  plan_key(g, run->keys, number);
  pp_plan(g, set ? pp_statement(PP_OP_ADD, CONTAINER, KEY, 0)
                 : pp_statement(PP_OP_SET_KEY, CONTAINER, KEY, ITEM));
  if (run->forget == 0 || number % run->forget > 0) return;
  pp_plan(g, pp_statement(set ? PP_OP_DISCARD : PP_OP_DELETE_KEY, CONTAINER,
                          KEY, 0));
}

/* Tuples, one in the other with a list beside it, deeper than most releases
 * nest their ends. */
static void plan_nest(struct pp_object_generator *g) {
  enum { DEPTH = 60, FIRST = 100 };
  for (uint64_t i = 0; i < DEPTH; i++) {
    uint64_t inner = FIRST + 2 * i;
    pp_plan(g, pp_statement(PP_OP_LIST, inner + 1, 0, 0));
    pp_plan(g, pp_statement(PP_OP_TUPLE, inner + 2, inner, 2));
    pp_plan(g, pp_statement(PP_OP_DECREF, inner, 0, 0));
    pp_plan(g, pp_statement(PP_OP_DECREF, inner + 1, 0, 0));
  }
  pp_plan(g, pp_statement(PP_OP_DECREF, FIRST + 2 * DEPTH, 0, 0));
}

bool pp_plan_run(struct pp_object_generator *g) {
  if (g->run == RUNS) return false;
  if (g->run == 0) {
    plan_nest(g);
    pp_plan(g, pp_statement(PP_OP_SET, UNION, 0, 0));
  }
  const struct run *run = &runs[g->run++];
  uint64_t left = run->keys == NONE ? run->steps : 0;
  pp_plan(g, pp_statement(PP_OP_INT, ITEM, 100, 0));
  pp_plan(g, pp_statement(run->make, CONTAINER, run->code, 0));
  for (uint64_t i = 0; i < run->steps; i++)
    plan_step(g, run, i);
  if (run->make == PP_OP_SET)
    pp_plan(g, pp_statement(PP_OP_EXTEND, UNION, CONTAINER, 0));
  while (left-- > 0)
    pp_plan(g, pp_statement(PP_OP_POP, CONTAINER, left, 0));
  pp_plan(g, pp_statement(PP_OP_CLEAR, CONTAINER, 0, 0));
  pp_plan(g, pp_statement(PP_OP_DECREF, CONTAINER, 0, 0));
  return true;
}
