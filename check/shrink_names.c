/* Plainer IDs for traces of objects (SPEC.md, OPS-17): those that statements
 * name, ranges of items included, move together towards zero. Their order and
 * who lies next to whom stay, since a tuple names its items by where they
 * lie. */
#include <stdlib.h>

#include "check/shrink.h"

struct range {
  uint64_t first;
  uint64_t last;
  uint64_t moved; /* by so much towards zero */
};

static int ascending(const void *left, const void *right) {
  const struct range *a = left;
  const struct range *b = right;
  return (a->first > b->first) - (a->first < b->first);
}

static struct range range_of(const struct pp_op *op, char letter) {
  struct range range = {.first = pp_op_number(op, letter)};
  bool items = op->kind == PP_OP_TUPLE || op->kind == PP_OP_LIST;
  uint64_t more = 0;
  if (items && letter == 'A') more = pp_op_items(op->b);
  if (more > 0) more--;
  range.last = range.first + more;
  if (range.last < range.first) range.last = UINT64_MAX;
  return range;
}

static bool is_id(char letter) {
  return letter == 'i' || letter == 'A' || letter == 'B';
}

/* All ranges that are named, merged where they overlap. */
static size_t ranges_of(const struct pp_ops *ops, struct range *ranges) {
  size_t count = 0;
  for (size_t i = 0; i < ops->count; i++) {
    const struct pp_op *op = &ops->at[i];
    for (const char *letter = pp_op_operands[op->kind]; *letter; letter++) {
      if (is_id(*letter)) ranges[count++] = range_of(op, *letter);
    }
  }
  qsort(ranges, count, sizeof *ranges, ascending);
  size_t merged = 0;
  for (size_t i = 0; i < count; i++) {
    if (merged > 0 && ranges[i].first <= ranges[merged - 1].last) {
      if (ranges[i].last > ranges[merged - 1].last)
        ranges[merged - 1].last = ranges[i].last;
      continue;
    }
    ranges[merged++] = ranges[i];
  }
  uint64_t next = 0;
  for (size_t i = 0; i < merged; i++) {
    ranges[i].moved = ranges[i].first - next;
    next += ranges[i].last - ranges[i].first + 1;
  }
  return merged;
}

static uint64_t renamed(const struct range *ranges, size_t count, uint64_t id) {
  size_t low = 0;
  size_t high = count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (ranges[middle].first <= id) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return id - ranges[low].moved;
}

bool pp_shrink_has_objects(const struct pp_ops *ops) {
  for (size_t i = 0; i < ops->count; i++) {
    if (ops->at[i].kind >= PP_OP_FIRST_OF_OBJECTS) return true;
  }
  return false;
}

void pp_shrink_names(const struct pp_ops *ops, struct pp_ops *trial) {
  struct range *ranges =
      calloc(ops->count + 1, PP_OP_OPERANDS_MAX * sizeof *ranges);
  if (ranges == NULL) abort();
  size_t count = ranges_of(ops, ranges);
  trial->count = ops->count;
  for (size_t i = 0; i < ops->count; i++) {
    struct pp_op *op = &trial->at[i];
    *op = ops->at[i];
    for (const char *letter = pp_op_operands[op->kind]; *letter; letter++) {
      if (!is_id(*letter)) continue;
      uint64_t *field = pp_op_field(op, *letter);
      *field = renamed(ranges, count, *field);
    }
  }
  free(ranges);
}
