/* What tests of the shrinker have in common. */
#include "proptests/shrunk.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/generate.h"
#include "check/trace.h"

enum { IDS = PP_GENERATE_IDS, TEXT_MAX = 1024 };

static bool ask(void *ctx, const struct pp_op *ops, size_t count) {
  struct pp_asked *asked = ctx;
  asked->trials++;
  asked->work += count + PP_TRIAL_WORK + asked->share;
  for (size_t i = 0; i < count; i++) {
    const char *expected = "";
    cr_assert_eq(pp_op_fault(&ops[i], &expected), 0, "expected %s", expected);
    if (ops[i].kind == PP_OP_BURST)
      asked->work += ops[i].a * (1 + ops[i].b / 32);
  }
  return asked->shows(ops, count);
}

struct pp_shrinker pp_shrinker_of(struct pp_asked *asked) {
  return (struct pp_shrinker){
      .shows = ask, .ctx = asked, .trial_work = asked->share};
}

/* ---- histories ---- */

struct pp_ops pp_shrunk_history(uint64_t seed) {
  struct pp_generator generator;
  struct pp_generate_options options = {.seed = seed, .operations = PP_HISTORY};
  struct pp_ops ops = {0};
  struct pp_op op;
  pp_generator_open(&generator, &options);
  while (generator.source.fill(&generator.source, &op, 1) == 1)
    pp_ops_push(&ops, op);
  pp_generator_close(&generator);
  return ops;
}

const char *pp_shrunk_text(const struct pp_ops *ops) {
  static char text[TEXT_MAX];
  char line[128];
  text[0] = '\0';
  for (size_t i = 0; i < ops->count; i++) {
    pp_op_print(&ops->at[i], line, sizeof line);
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? "; " : "", line);
  }
  return text;
}

/* ---- facts ---- */

uint64_t pp_shrunk_bytes(const struct pp_op *op) {
  switch (op->kind) {
  case PP_OP_MALLOC: return op->a;
  case PP_OP_CALLOC: return op->a * op->b;
  case PP_OP_ALIGNED_ALLOC:
  case PP_OP_POSIX_MEMALIGN: return op->b;
  case PP_OP_BURST: return op->a == 0 ? 0 : op->b;
  default: return 0;
  }
}

/* A request of so many bytes, however it is made. */
uint64_t pp_wanted_bytes;

bool pp_shrunk_has_bytes(const struct pp_op *ops, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (pp_shrunk_bytes(&ops[i]) >= pp_wanted_bytes) return true;
  return false;
}

/* So many blocks live at once, and then so many freed one after the other. */
unsigned pp_wanted_live, pp_wanted_freed;

bool pp_shrunk_has_lives(const struct pp_op *ops, size_t count) {
  static bool live[IDS];
  unsigned now = 0, most = 0, freed = 0;
  memset(live, 0, sizeof live);
  for (size_t i = 0; i < count; i++) {
    const struct pp_op *op = &ops[i];
    bool many = op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN;
    bool takes = op->kind == PP_OP_BURST || op->kind == PP_OP_MALLOC;
    bool frees = op->kind == PP_OP_DRAIN || op->kind == PP_OP_FREE;
    uint64_t step = op->kind == PP_OP_DRAIN ? op->b : 1;
    for (uint64_t j = 0; j < (many ? op->a : 1); j++) {
      uint64_t id = op->id + j * step;
      if (takes && !live[id]) now++;
      if (takes) freed = 0;
      if (frees && live[id] && most >= pp_wanted_live) freed++;
      if (frees && live[id]) now--;
      if (takes || frees) live[id] = takes;
      if (now > most) most = now;
    }
  }
  return most >= pp_wanted_live && freed >= pp_wanted_freed;
}
