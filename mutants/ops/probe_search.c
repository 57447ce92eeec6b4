/* What holds of generated and of shrunk traces (SPEC.md, OPS-14 and OPS-17).
 * Which trace a seed gives may change from one version to the next, so none is
 * written down here: the same seed is asked twice, in another place, read in
 * other strides, and with another generator at work in between. */
#include <stdlib.h>
#include <string.h>

#include "check/generate.h"
#include "check/shrink.h"
#include "mutants/ops/probe.h"

enum { STATEMENTS = 6000 };

/* At most so many statements at a time; `other`, if any, takes turns. */
static size_t generate(struct pp_generator *generator, struct pp_op *ops,
                       size_t stride, struct pp_generator *other) {
  size_t count = 0, got;
  struct pp_op aside[3];
  do {
    size_t room = STATEMENTS - count < stride ? STATEMENTS - count : stride;
    got = generator->source.fill(&generator->source, ops + count, room);
    count += got;
    if (other != NULL) other->source.fill(&other->source, aside, COUNT(aside));
  } while (got > 0 && count < STATEMENTS);
  return count;
}

static bool same_twice(const struct pp_generate_options *options) {
  static struct pp_op once[STATEMENTS], again[STATEMENTS];
  struct pp_generate_options others = *options;
  struct pp_generator *generators = calloc(3, sizeof *generators);
  others.seed += 7;
  if (generators == NULL) abort();
  pp_generator_open(&generators[0], options);
  size_t count = generate(&generators[0], once, STATEMENTS, NULL);
  pp_generator_open(&generators[1], options);
  pp_generator_open(&generators[2], &others);
  size_t recount = generate(&generators[1], again, 5, &generators[2]);
  for (size_t i = 0; i < 3; i++)
    pp_generator_close(&generators[i]);
  free(generators);
  return count > 1000 && count == recount && probe_equal(once, again, count);
}

bool probe_seed_is_the_trace(void) {
  const char *const profiles[] = {NULL, "3.6", "3.13", "tiny"};
  for (size_t i = 0; i < COUNT(profiles); i++) {
    struct pp_generate_options options = {.seed = i, .operations = 5000};
    if (profiles[i] != NULL) options.profile = pp_profile_find(profiles[i]);
    if (!same_twice(&options)) return false;
  }
  return true;
}

/* ---- shrinking ---- */

/* Shown by a large request, a free of the same ID somewhere behind it, and two
 * reallocs between them. */
static bool shows(void *ctx, const struct pp_op *ops, size_t count) {
  (void)ctx;
  for (size_t i = 0; i < count; i++) {
    if (ops[i].kind != PP_OP_MALLOC || ops[i].a < 1000) continue;
    unsigned reallocs = 0;
    for (size_t j = i + 1; j < count; j++) {
      reallocs += ops[j].kind == PP_OP_REALLOC;
      bool freed = ops[j].kind == PP_OP_FREE && ops[j].id == ops[i].id;
      if (freed && reallocs >= 2) return true;
    }
  }
  return false;
}

static bool is_minimal(const struct pp_ops *ops) {
  struct pp_op left[64];
  if (ops->count > COUNT(left)) return false;
  for (size_t gone = 0; gone < ops->count; gone++) {
    memcpy(left, ops->at, gone * sizeof *left);
    memcpy(left + gone, ops->at + gone + 1,
           (ops->count - gone - 1) * sizeof *left);
    if (shows(NULL, left, ops->count - 1)) return false;
  }
  return shows(NULL, ops->at, ops->count);
}

/* A history in which it is shown in the middle, by two reallocs or by one too
 * many; all name the block that is freed. */
static struct pp_ops history(size_t length, size_t where) {
  struct pp_ops ops = {0};
  for (size_t i = 0; i < length; i++) {
    uint64_t id = i % 13;
    struct pp_op op = {(enum pp_op_kind)(i % 2), id, i % 900, 0};
    if (i == where) op = (struct pp_op){PP_OP_MALLOC, 40, 5000, 0};
    if (i == where + 9) op = (struct pp_op){PP_OP_FREE, 40, 0, 0};
    bool between = i > where && i < where + 6;
    if (between && i % 2 == 0) op = (struct pp_op){PP_OP_REALLOC, 40, i, 0};
    pp_ops_push(&ops, op);
  }
  return ops;
}

bool probe_shrunk_is_minimal(void) {
  static const size_t lengths[] = {10, 11, 37, 200, 1001};
  for (size_t i = 0; i < COUNT(lengths); i++) {
    struct pp_ops ops = history(lengths[i], (lengths[i] - 10) / 2);
    struct pp_shrinker shrinker = {.shows = shows};
    if (!shows(NULL, ops.at, ops.count)) abort();
    pp_shrink(&shrinker, &ops);
    bool good = is_minimal(&ops) && !shrinker.gave_up;
    pp_ops_free(&ops);
    if (!good) return false;
  }
  return true;
}
