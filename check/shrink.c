/* Shrinking by delta debugging (SPEC.md, OPS-17): whole stretches of the
 * history go first, then single statements, then numbers become smaller; and
 * again from the start, until nothing changes. Trials follow from the
 * operations alone, so the same failure always shrinks to the same trace. */
#include "check/shrink.h"

#include <stdlib.h>
#include <string.h>

/* What a trial costs beside its statements: a process, a subject loaded. A
 * burst costs as many statements, and writes its bytes. */
enum { TRIAL_WORK = 5000, WORK_BYTES = 32 };

static bool names_block(const struct pp_op *op) {
  return strchr(pp_op_operands[op->kind], 'i') != NULL;
}

static uint64_t work_of(const struct pp_ops *ops) {
  uint64_t work = ops->count + TRIAL_WORK;
  for (size_t i = 0; i < ops->count; i++) {
    const struct pp_op *op = &ops->at[i];
    if (op->kind != PP_OP_BURST) continue;
    uint64_t bytes = op->b < UINT32_MAX ? op->b : UINT32_MAX;
    work += op->a * (1 + bytes / WORK_BYTES);
  }
  return work;
}

static bool shows(struct pp_shrinker *shrinker, const struct pp_ops *ops) {
  uint64_t most = shrinker->work_most;
  if (most == 0) most = PP_SHRINK_WORK_MAX;
  if (shrinker->work >= most) shrinker->gave_up = true;
  if (shrinker->stop != NULL && *shrinker->stop) shrinker->gave_up = true;
  if (shrinker->gave_up) return false;
  shrinker->trials++;
  shrinker->work += work_of(ops) + shrinker->trial_work;
  return shrinker->shows(shrinker->ctx, ops->at, ops->count);
}

/* ---- fewer statements ---- */

/* ops without [from, from + count), in `trial`, which is large enough. */
static void without(const struct pp_ops *ops, size_t from, size_t count,
                    struct pp_ops *trial) {
  memcpy(trial->at, ops->at, from * sizeof *ops->at);
  memcpy(trial->at + from, ops->at + from + count,
         (ops->count - from - count) * sizeof *ops->at);
  trial->count = ops->count - count;
}

static void swap(struct pp_ops *left, struct pp_ops *right) {
  struct pp_ops former = *left;
  *left = *right;
  *right = former;
}

/* Tries to do without each stretch of this length, last ones first: what comes
 * late seldom matters to what comes early. */
static bool drop_stretches(struct pp_shrinker *shrinker, struct pp_ops *ops,
                           struct pp_ops *trial, size_t length) {
  bool changed = false;
  size_t end = ops->count;
  while (end > 0 && !shrinker->gave_up) {
    size_t from = end > length ? end - length : 0;
    without(ops, from, end - from, trial);
    if (shows(shrinker, trial)) {
      swap(ops, trial);
      changed = true;
    }
    end = from;
  }
  return changed;
}

static int ascending(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left;
  uint64_t b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

/* The distinct IDs that statements name, sorted; their number is the answer. */
static size_t distinct_ids(const struct pp_ops *ops, uint64_t *ids) {
  size_t count = 0;
  for (size_t i = 0; i < ops->count; i++) {
    if (names_block(&ops->at[i])) ids[count++] = ops->at[i].id;
  }
  qsort(ids, count, sizeof *ids, ascending);
  size_t distinct = 0;
  for (size_t i = 0; i < count; i++) {
    if (distinct == 0 || ids[distinct - 1] != ids[i]) ids[distinct++] = ids[i];
  }
  return distinct;
}

/* ops without the statements that name an ID of [low, high]. */
static void without_ids(const struct pp_ops *ops, uint64_t low, uint64_t high,
                        struct pp_ops *trial) {
  trial->count = 0;
  for (size_t i = 0; i < ops->count; i++) {
    const struct pp_op *op = &ops->at[i];
    if (names_block(op) && op->id >= low && op->id <= high) continue;
    trial->at[trial->count++] = *op;
  }
}

/* Whole lives of blocks go before single statements: a life that is left out
 * changes what others meet less than half a life does. */
static bool drop_lives(struct pp_shrinker *shrinker, struct pp_ops *ops,
                       struct pp_ops *trial) {
  uint64_t *ids = malloc((ops->count + 1) * sizeof *ids);
  if (ids == NULL) abort();
  size_t count = distinct_ids(ops, ids);
  bool changed = false;
  for (size_t length = (count + 1) / 2; length > 0; length /= 2) {
    for (size_t end = count; end > 0 && !shrinker->gave_up;) {
      size_t from = end > length ? end - length : 0;
      without_ids(ops, ids[from], ids[end - 1], trial);
      if (trial->count < ops->count && shows(shrinker, trial)) {
        swap(ops, trial);
        changed = true;
      }
      end = from;
    }
  }
  free(ids);
  return changed;
}

static bool drop(struct pp_shrinker *shrinker, struct pp_ops *ops,
                 struct pp_ops *trial) {
  bool changed = false;
  for (size_t length = ops->count / 2; length > 1; length /= 2) {
    while (drop_stretches(shrinker, ops, trial, length)) {
      changed = true;
      if (length > ops->count / 2) break;
    }
  }
  while (drop_stretches(shrinker, ops, trial, 1))
    changed = true;
  return changed;
}

/* ---- smaller numbers ---- */

/* One number of one statement. */
static uint64_t *operand(struct pp_op *op, char letter) {
  return letter == 'a' ? &op->a : &op->b;
}

static bool try_number(struct pp_shrinker *shrinker, struct pp_ops *ops,
                       uint64_t *number, uint64_t smaller) {
  uint64_t former = *number;
  if (smaller >= former) return false;
  *number = smaller;
  if (shows(shrinker, ops)) return true;
  *number = former;
  return false;
}

/* Sizes between what any machine grants and what none has addresses for: where
 * this one's edge lies differs from run to run, and says nothing. */
static bool is_of_the_machine(uint64_t size) {
  enum { GRANTED_BITS = 30, ADDRESS_BITS = 48 };
  return size >> GRANTED_BITS > 0 && size >> ADDRESS_BITS == 0;
}

/* Towards zero in ever smaller steps, so that it ends next to the edge; but not
 * next to one of the machine, where it only is halved. */
static bool shrink_number(struct pp_shrinker *shrinker, struct pp_ops *ops,
                          uint64_t *number) {
  static const uint64_t simple[] = {0, 1, 8, 16, 64, 512, 513, 4096};
  uint64_t before = *number;
  for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
    if (try_number(shrinker, ops, number, simple[i])) break;
  }
  for (uint64_t step = *number / 2; step > 0; step /= 2) {
    while (*number > step &&
           (step >= *number / 2 || !is_of_the_machine(*number - step)) &&
           try_number(shrinker, ops, number, *number - step))
      continue;
  }
  return *number != before;
}

static bool shrink_numbers(struct pp_shrinker *shrinker, struct pp_ops *ops) {
  bool changed = false;
  for (size_t i = 0; i < ops->count; i++) {
    const char *letters = pp_op_operands[ops->at[i].kind];
    /* A domain, a thread and a clause have no smaller ones. */
    if (ops->at[i].kind == PP_OP_DOMAIN || ops->at[i].kind == PP_OP_THREAD ||
        ops->at[i].kind == PP_OP_EXPECT) {
      continue;
    }
    for (const char *letter = letters; *letter != '\0'; letter++) {
      if (strchr("iAB", *letter) != NULL) continue;
      uint64_t *number = operand(&ops->at[i], *letter);
      if (ops->at[i].kind == PP_OP_ARENA_SKEW) {
        changed |= try_number(shrinker, ops, number, 0);
        changed |= try_number(shrinker, ops, number, PP_SKEW_STEP);
      } else {
        changed |= shrink_number(shrinker, ops, number);
      }
    }
  }
  return changed;
}

/* ---- plainer names and statements ---- */

static uint64_t span(const struct pp_op *op) {
  if (op->kind == PP_OP_BURST) return op->a;
  if (op->kind == PP_OP_DRAIN) return op->a == 0 ? 0 : (op->a - 1) * op->b + 1;
  return 1;
}

/* The distinct IDs that statements begin with, in the order in which they are
 * met, become 0, 1, 2 ...; those within a burst keep their distance to it. */
static void rename_blocks(const struct pp_ops *ops, struct pp_ops *trial) {
  uint64_t next = 0;
  memcpy(trial->at, ops->at, ops->count * sizeof *ops->at);
  trial->count = ops->count;
  for (size_t i = 0; i < ops->count; i++) {
    const struct pp_op *op = &ops->at[i];
    if (!names_block(op)) continue;
    size_t j = 0;
    while (j < i) {
      const struct pp_op *other = &ops->at[j];
      if (names_block(other) && op->id >= other->id &&
          op->id - other->id < span(other)) {
        break;
      }
      j++;
    }
    if (j < i) {
      trial->at[i].id = trial->at[j].id + (op->id - ops->at[j].id);
    } else {
      trial->at[i].id = next;
      next += span(op) == 0 ? 1 : span(op);
    }
  }
}

static bool rename_ids(struct pp_shrinker *shrinker, struct pp_ops *ops,
                       struct pp_ops *trial) {
  if (pp_shrink_has_objects(ops)) {
    pp_shrink_names(ops, trial);
  } else {
    rename_blocks(ops, trial);
  }
  bool same = true;
  for (size_t i = 0; i < ops->count; i++) {
    same = same && pp_op_equal(&trial->at[i], &ops->at[i]);
  }
  if (same || !shows(shrinker, trial)) return false;
  swap(ops, trial);
  return true;
}

/* What may stand for a statement and is simpler. */
static bool simpler(const struct pp_op *op, struct pp_op *plain) {
  *plain = *op;
  switch (op->kind) {
  case PP_OP_BURST:
    plain->kind = PP_OP_MALLOC;
    plain->a = op->b;
    return op->a == 1;
  case PP_OP_DRAIN: plain->kind = PP_OP_FREE; return op->a == 1;
  case PP_OP_FREE_SIZED:
  case PP_OP_FREE_ALIGNED_SIZED: plain->kind = PP_OP_FREE; return true;
  case PP_OP_CALLOC:
  case PP_OP_ALIGNED_ALLOC:
  case PP_OP_POSIX_MEMALIGN:
    plain->kind = PP_OP_MALLOC;
    plain->a = op->kind == PP_OP_CALLOC ? op->a * op->b : op->b;
    return true;
  default: return false;
  }
}

static bool simplify(struct pp_shrinker *shrinker, struct pp_ops *ops) {
  bool changed = false;
  for (size_t i = 0; i < ops->count; i++) {
    struct pp_op former = ops->at[i];
    if (!simpler(&former, &ops->at[i])) {
      ops->at[i] = former;
      continue;
    }
    if (shows(shrinker, ops)) {
      changed = true;
    } else {
      ops->at[i] = former;
    }
  }
  return changed;
}

/* A single request or free as a burst or a drain of one; false for what is
 * neither. */
static bool as_range(const struct pp_op *op, struct pp_op *range) {
  *range = *op;
  switch (op->kind) {
  case PP_OP_MALLOC:
    *range = (struct pp_op){PP_OP_BURST, op->id, 1, op->a};
    return true;
  case PP_OP_FREE:
    *range = (struct pp_op){PP_OP_DRAIN, op->id, 1, 0};
    return true;
  default: return op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN;
  }
}

/* Whether a statement continues the one before it, and as what. */
static bool join(const struct pp_op *left, const struct pp_op *right,
                 struct pp_op *whole) {
  struct pp_op first, second;
  const char *expected;
  if (!as_range(left, &first) || !as_range(right, &second)) return false;
  if (first.kind != second.kind || second.id <= first.id) return false;
  uint64_t step = 1;
  if (first.kind == PP_OP_DRAIN) {
    step = first.a > 1 ? first.b : second.id - first.id;
    if (second.a > 1 && second.b != step) return false;
  } else if (first.b != second.b) {
    return false;
  }
  if (first.id + first.a * step != second.id) return false;
  *whole = first;
  whole->a += second.a;
  if (first.kind == PP_OP_DRAIN) whole->b = step;
  return pp_op_fault(whole, &expected) == 0;
}

/* Runs of alike statements become one, the longest way from the left. */
static bool join_runs(struct pp_shrinker *shrinker, struct pp_ops *ops,
                      struct pp_ops *trial) {
  trial->count = 0;
  for (size_t i = 0; i < ops->count; i++) {
    struct pp_op *last =
        trial->count == 0 ? NULL : &trial->at[trial->count - 1];
    struct pp_op whole;
    if (last != NULL && join(last, &ops->at[i], &whole)) {
      *last = whole;
    } else {
      trial->at[trial->count++] = ops->at[i];
    }
  }
  if (trial->count == ops->count || !shows(shrinker, trial)) return false;
  swap(ops, trial);
  return true;
}

void pp_shrink(struct pp_shrinker *shrinker, struct pp_ops *ops) {
  if (ops->count == 0) return;
  struct pp_ops trial = {.capacity = ops->capacity};
  trial.at = malloc(ops->capacity * sizeof *trial.at);
  if (trial.at == NULL) abort();
  bool changed = true;
  while (changed) {
    changed = drop_lives(shrinker, ops, &trial);
    changed |= drop(shrinker, ops, &trial);
    changed |= simplify(shrinker, ops);
    changed |= shrink_numbers(shrinker, ops);
    changed |= rename_ids(shrinker, ops, &trial);
    changed |= join_runs(shrinker, ops, &trial);
  }
  free(trial.at);
}
