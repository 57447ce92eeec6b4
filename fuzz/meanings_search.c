/* Generating and shrinking (SPEC.md, OPS-14 and OPS-17). */
#include <inttypes.h>
#include <string.h>

#include "check/generate.h"
#include "check/shrink.h"
#include "fuzz/meanings.h"

enum { GENERATED = 256, SHRUNK = 24 };

static size_t generate(const struct pp_fuzz_program *program,
                       struct pp_op ops[GENERATED]) {
  const struct pp_generate_options options = {
      .seed = program->count == 0 ? 1 : program->at[0].a,
      .round = program->walk,
      .operations = GENERATED,
      .profile = program->full ? NULL : program->profile};
  struct pp_generator generator;
  size_t count = 0, got;
  pp_generator_open(&generator, &options);
  while (count < GENERATED &&
         (got = generator.source.fill(&generator.source, ops + count,
                                      GENERATED - count)) > 0)
    count += got;
  pp_generator_close(&generator);
  return count;
}

void pp_meaning_of_a_seed(const struct pp_fuzz_program *program) {
  static struct pp_op once[GENERATED], again[GENERATED];
  size_t count = generate(program, once);
  size_t other = generate(program, again);
  for (size_t i = 0; i < count || i < other; i++)
    if (i >= count || i >= other || !pp_op_equal(&once[i], &again[i]))
      pp_fuzz_found("OPS-14", "statement %zu is another one", i + 1);
}

/* ---- shrinking ---- */

/* What is to be shown: so many statements of a kind, whose number is no less
 * than this, each after the other. */
struct wanted {
  enum pp_op_kind kind;
  uint64_t least;
  size_t count;
};

static bool shows(void *ctx, const struct pp_op *ops, size_t count) {
  const struct wanted *wanted = ctx;
  size_t seen = 0;
  for (size_t i = 0; i < count; i++)
    seen += ops[i].kind == wanted->kind && ops[i].a >= wanted->least;
  return seen >= wanted->count;
}

/* The statement in the middle, and those that are like it. */
static struct wanted choose(const struct pp_fuzz_program *program) {
  const struct pp_op *middle = &program->at[program->count / 2];
  struct wanted wanted = {middle->kind, middle->a, 0};
  for (size_t i = 0; i < program->count; i++)
    wanted.count +=
        program->at[i].kind == wanted.kind && program->at[i].a >= wanted.least;
  return wanted;
}

void pp_meaning_of_shrinking(const struct pp_fuzz_program *program) {
  struct pp_fuzz_program first = *program;
  if (first.count > SHRUNK) first.count = SHRUNK;
  if (first.count == 0) return;
  struct wanted wanted = choose(&first);
  struct pp_shrinker shrinker = {.shows = shows, .ctx = &wanted};
  struct pp_ops ops = {NULL, 0, 0};
  struct pp_op without[SHRUNK];
  for (size_t i = 0; i < first.count; i++)
    pp_ops_push(&ops, first.at[i]);
  pp_shrink(&shrinker, &ops);
  if (ops.count > first.count || !shows(&wanted, ops.at, ops.count))
    pp_fuzz_found("OPS-17", "what is left of %zu statements shows nothing",
                  first.count);
  for (size_t i = 0; i < ops.count; i++) {
    memcpy(without, ops.at, i * sizeof *without);
    memcpy(without + i, ops.at + i + 1, (ops.count - i - 1) * sizeof *without);
    if (shows(&wanted, without, ops.count - 1))
      pp_fuzz_found("OPS-17", "statement %zu of %zu is not needed", i + 1,
                    ops.count);
  }
  pp_ops_free(&ops);
}
