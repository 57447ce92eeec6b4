/* Stretches of programs in which many of a kind die at once (SPEC.md, OPS-14):
 * one in the other in the other, or side by side. */
#include "check/objects/generate.h"

/* Deeper than 3.13 nests deallocations. */
enum { CHAIN_STATEMENTS = 24000, CHAIN_OPERATIONS = 50000 };

struct pp_op pp_generate_chain(struct pp_object_generator *g) {
  uint32_t inner = g->chain_left / 2 % g->ids;
  uint32_t outer = (inner + g->ids - 1) % g->ids;
  bool first = g->chain_left-- % 2 == 0;
  if (g->chain_left == 0) return pp_statement(PP_OP_DECREF, outer, 0, 0);
  return first ? pp_statement(PP_OP_TUPLE, outer, inner, 1)
               : pp_statement(PP_OP_DECREF, (inner + 1) % g->ids, 0, 0);
}

/* One in the other in the other, and then the outermost goes. */
struct pp_op pp_generate_depth(struct pp_object_generator *g) {
  bool long_enough = g->options.operations > CHAIN_OPERATIONS;
  if (long_enough && (!g->chained || pp_below(g, 100) == 0)) {
    g->chained = true;
    g->chain_left = CHAIN_STATEMENTS;
    return pp_statement(PP_OP_LIST, g->chain_left / 2 % g->ids, 0, 0);
  }
  uint32_t depth = (uint32_t)pp_below(g, PP_PLANNED_MAX / 4);
  uint32_t first = (uint32_t)pp_below(g, g->ids);
  bool one_kind = pp_below(g, 2) == 0;
  enum pp_op_kind kind = pp_below(g, 2) ? PP_OP_TUPLE : PP_OP_LIST;
  for (uint32_t i = 0; i < depth; i++) {
    uint32_t inner = (first + i) % g->ids;
    uint32_t outer = (inner + 1) % g->ids;
    if (!one_kind) kind = pp_below(g, 2) ? PP_OP_TUPLE : PP_OP_LIST;
    if (!one_kind && pp_below(g, 4) == 0) {
      pp_plan(g, pp_statement(PP_OP_INSTANCE, outer, pp_below(g, 4) == 0, 0));
      pp_plan(g, pp_statement(PP_OP_SET_ATTRIBUTE, outer, 0, inner));
    } else {
      pp_plan(g, pp_statement(kind, outer, inner, 1));
    }
    pp_plan(g, pp_statement(PP_OP_DECREF, inner, 0, 0));
  }
  if (pp_below(g, 8) > 0) {
    pp_plan(g, pp_statement(PP_OP_DECREF, (first + depth) % g->ids, 0, 0));
  }
  return pp_statement(PP_OP_DECREF, first, 0, 0);
}

/* So many of one kind, and then none of them. */
struct pp_op pp_generate_kept(struct pp_object_generator *g) {
  static const enum pp_op_kind kinds[] = {PP_OP_TUPLE, PP_OP_LIST,
                                          PP_OP_DICT,  PP_OP_FLOAT,
                                          PP_OP_SET,   PP_OP_INSTANCE};
  enum pp_op_kind kind = kinds[pp_below(g, sizeof kinds / sizeof kinds[0])];
  uint32_t first = (uint32_t)pp_below(g, g->ids);
  uint32_t count = 60 + (uint32_t)pp_below(g, PP_PLANNED_MAX / 2 - 60);
  uint64_t length = pp_below(g, 22);
  if (count > g->ids) count = g->ids;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t a = kind == PP_OP_INSTANCE ? 0 : i;
    pp_plan(g, pp_statement(kind, (first + i) % g->ids, a, length));
  }
  for (uint32_t i = 0; i < count; i++)
    pp_plan(g, pp_statement(PP_OP_DECREF, (first + i) % g->ids, 0, 0));
  return pp_statement(PP_OP_DECREF, first, 0, 0);
}
