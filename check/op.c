/* Operations as values: the tables that spell them, their equality, what no
 * trace may say with them, and arrays of them. Every other form of a trace
 * asks here which operands a kind has and which values they may take, so that
 * the text, the packed form and the fuzz form refuse the same things
 * (SPEC.md, OPS). */
#include "check/op.h"

#include <stdio.h>
#include <stdlib.h>

#include "poolproof/clause.h"

const char *const pp_op_keywords[PP_OP_KIND_COUNT] = {
#define OP(kind, keyword, operands) keyword,
    PP_OP_KINDS(OP)
#undef OP
};

const char *const pp_op_operands[PP_OP_KIND_COUNT] = {
#define OP(kind, keyword, operands) operands,
    PP_OP_KINDS(OP)
#undef OP
};

const char *const pp_domain_names[PP_DOMAIN_COUNT] = {"obj", "mem", "raw"};

#define OP(kind, keyword, operands)                         \
  _Static_assert(sizeof operands <= PP_OP_OPERANDS_MAX + 1, \
                 "PP_OP_OPERANDS_MAX is the longest operand list");
PP_OP_KINDS(OP)
#undef OP

int pp_op_equal(const struct pp_op *left, const struct pp_op *right) {
  if (left->kind != right->kind) return 0;
  for (const char *operand = pp_op_operands[left->kind]; *operand; operand++) {
    if (pp_op_number(left, *operand) != pp_op_number(right, *operand)) return 0;
  }
  return 1;
}

/* The last ID is first + (count - 1) * step; it has to be a number too. */
static int range_fits(uint64_t first, uint64_t count, uint64_t step) {
  if (count < 2) return 1;
  return step <= (UINT64_MAX - first) / (count - 1);
}

unsigned pp_op_fault(const struct pp_op *op, const char **expected) {
  if (op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN) {
    *expected = "N up to 4294967295";
    if (op->a > PP_RANGE_MAX) return 2;
  }
  if (op->kind == PP_OP_BURST) {
    *expected = "N such that the last ID is at most 2^64-1";
    return range_fits(op->id, op->a, 1) ? 0 : 2;
  }
  if (op->kind == PP_OP_DRAIN) {
    *expected = "STEP such that the last ID is at most 2^64-1";
    return range_fits(op->id, op->a, op->b) ? 0 : 3;
  }
  if (op->kind == PP_OP_DOMAIN) {
    *expected = "obj, mem or raw";
    return op->a < PP_DOMAIN_COUNT ? 0 : 1;
  }
  if (op->kind == PP_OP_ARENA_SKEW) {
    *expected = "BYTES, a multiple of 4096 below 1048576";
    return op->a < PP_SKEW_BASE && op->a % PP_SKEW_STEP == 0 ? 0 : 1;
  }
  if (op->kind == PP_OP_EXPECT) {
    *expected = "CLAUSE, the id of a clause of SPEC.md, as in OPS-04";
    return op->a != PP_HOLDS && op->a < PP_CLAUSE_COUNT ? 0 : 1;
  }
  return 0;
}

void pp_ops_push(struct pp_ops *ops, struct pp_op op) {
  if (ops->count == ops->capacity) {
    size_t capacity = ops->capacity == 0 ? 64 : 2 * ops->capacity;
    struct pp_op *grown = reallocarray(ops->at, capacity, sizeof *grown);
    if (grown == NULL) {
      /* No caller can go on with half a trace. */
      fputs("poolproof: out of memory for operations\n", stderr);
      abort();
    }
    ops->at = grown;
    ops->capacity = capacity;
  }
  ops->at[ops->count++] = op;
}

void pp_ops_free(struct pp_ops *ops) {
  free(ops->at);
  *ops = (struct pp_ops){NULL, 0, 0};
}

static size_t ops_fill(struct pp_op_source *source, struct pp_op *ops,
                       size_t max) {
  struct pp_ops_source *array = (struct pp_ops_source *)source;
  size_t count = 0;
  while (count < max && array->next < array->count)
    ops[count++] = array->at[array->next++];
  return count;
}

struct pp_ops_source pp_ops_read(const struct pp_op *at, size_t count) {
  return (struct pp_ops_source){{ops_fill}, at, count, 0};
}
