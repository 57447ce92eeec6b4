/* Inputs of statements, in both directions (SPEC.md, OPS-05 to OPS-08). What
 * decodes a record is the engine's; here is only the record before the first,
 * and what an input may cost: a fuzzer is worth what it performs a second. */
#include "fuzz/statements.h"

#include <stdlib.h>
#include <string.h>

/* What an input may cost, in calls and in bytes that are touched. */
#define CALLS_LEAST UINT64_C(512)
#define CALLS_MOST UINT64_C(8192)
#define BYTES_MOST_FULL (UINT64_C(1) << 20)
#define BYTES_MOST (UINT64_C(16) << 20)

enum { FULL = 0x80, WALKS = 0x70, WALK = 0x0f, TWIN = 1, MANY = 2 };

const struct pp_fuzz_profiles pp_fuzz_of_heaps = {PP_PROFILE_3_6,
                                                  PP_PROFILE_COUNT};
const struct pp_fuzz_profiles pp_fuzz_of_objects = {
    PP_PROFILE_3_7, PP_PROFILE_3_13 - PP_PROFILE_3_7 + 1};

struct cost {
  uint64_t calls;
  uint64_t bytes;
};

/* A size that no one serves costs nothing. */
static uint64_t served(uint64_t count, uint64_t size) {
  if (size != 0 && count > PTRDIFF_MAX / size) return 0;
  return count * size;
}

static struct cost cost_of(const struct pp_op *op) {
  switch (op->kind) {
  case PP_OP_MALLOC:
  case PP_OP_REALLOC: return (struct cost){1, served(1, op->a)};
  case PP_OP_CALLOC:
  case PP_OP_REALLOCARRAY: return (struct cost){1, served(op->a, op->b)};
  case PP_OP_ALIGNED_ALLOC:
  case PP_OP_POSIX_MEMALIGN:
    return (struct cost){1, served(1, op->b) + served(1, op->a) / 16};
  case PP_OP_BURST: return (struct cost){op->a, op->a * served(1, op->b)};
  case PP_OP_DRAIN: return (struct cost){op->a, 0};
  case PP_OP_BYTES:
  case PP_OP_BYTEARRAY:
  case PP_OP_STR: return (struct cost){1, pp_op_items(op->a)};
  case PP_OP_INT: return (struct cost){1, pp_op_items(op->b)};
  case PP_OP_TUPLE:
  case PP_OP_LIST: return (struct cost){pp_op_items(op->b), 0};
  default: return (struct cost){1, 0};
  }
}

/* How many of the statements an input may have. A walk looks at each block. */
static size_t affordable(const struct pp_fuzz_program *program, size_t count) {
  const uint64_t calls = program->many ? CALLS_MOST : CALLS_LEAST;
  const uint64_t bytes = program->full ? BYTES_MOST_FULL : BYTES_MOST;
  struct cost left = {calls, bytes};
  for (size_t i = 0; i < count; i++) {
    struct cost cost = cost_of(&program->at[i]);
    if (program->walk > 0) cost.calls += (calls - left.calls) / program->walk;
    if (cost.calls > left.calls || cost.bytes > left.bytes) return i;
    left.calls -= cost.calls;
    left.bytes -= cost.bytes;
  }
  return count;
}

/* Whether it may give the ID a block, and how many IDs from it on. */
static uint64_t names(const struct pp_op *op) {
  switch (op->kind) {
  case PP_OP_MALLOC:
  case PP_OP_CALLOC:
  case PP_OP_REALLOC:
  case PP_OP_REALLOCARRAY:
  case PP_OP_ALIGNED_ALLOC:
  case PP_OP_POSIX_MEMALIGN: return 1;
  case PP_OP_BURST: return op->a;
  default: return 0;
  }
}

/* Behind its statements a history of blocks frees all that they named, once,
 * and so ends with nothing; a find may be among these. */
static void free_what_is_named(struct pp_fuzz_program *program) {
  enum { IDS = 0x8000 + 0x100 }; /* of records */
  static uint32_t freed[IDS], generation;
  size_t count = program->count;
  generation++;
  for (size_t i = 0; i < count; i++) {
    const struct pp_op *op = &program->at[i];
    uint64_t ids = names(op);
    if (ids == 0 || (ids == 1 && freed[op->id] == generation)) continue;
    struct pp_op *end = &program->at[program->count++];
    *end = (struct pp_op){.kind = PP_OP_FREE, .id = op->id};
    if (ids == 1) freed[op->id] = generation;
    if (ids > 1)
      *end =
          (struct pp_op){.kind = PP_OP_DRAIN, .id = op->id, .a = ids, .b = 1};
  }
}

struct pp_fuzz_program pp_fuzz_read(const struct pp_fuzz_profiles *profiles,
                                    const uint8_t *data, size_t size) {
  static struct pp_op ops[2 * PP_FUZZ_STATEMENTS];
  uint8_t head[PP_RECORD_SIZE] = {0};
  size_t given = size < sizeof head ? size : sizeof head;
  if (given > 0) memcpy(head, data, given);
  struct pp_fuzz_program program = {
      .profile = &pp_profiles[profiles->first + head[0] % profiles->count],
      .full = (head[1] & FULL) != 0,
      .walk = (head[1] & WALKS) == WALKS ? head[1] & WALK : 0,
      .twin = (head[2] & TWIN) != 0,
      .many = (head[2] & MANY) != 0,
      .at = ops,
  };
  size_t count =
      pp_records_decode(data + given, size - given, ops, PP_FUZZ_STATEMENTS);
  if (count > PP_FUZZ_STATEMENTS) count = PP_FUZZ_STATEMENTS;
  program.count = affordable(&program, count);
  if (profiles != &pp_fuzz_of_objects) free_what_is_named(&program);
  return program;
}

bool pp_fuzz_write(const struct pp_fuzz_profiles *profiles, const char *name,
                   const struct pp_fuzz_program *program, void *ctx,
                   pp_fuzz_give *give) {
  static uint8_t bytes[(PP_FUZZ_STATEMENTS + 1) * PP_RECORD_SIZE];
  memset(bytes, 0, PP_RECORD_SIZE);
  bytes[0] = (uint8_t)(program->profile->id - profiles->first);
  bytes[1] = program->full ? FULL : 0;
  if (program->walk > 0) bytes[1] |= (uint8_t)(WALKS | (program->walk & WALK));
  bytes[2] = (uint8_t)((program->twin ? TWIN : 0) | (program->many ? MANY : 0));
  size_t size =
      pp_records_encode(program->at, program->count, bytes + PP_RECORD_SIZE,
                        sizeof bytes - PP_RECORD_SIZE);
  if (size == (size_t)-1) return false;
  give(ctx, name, bytes, PP_RECORD_SIZE + size);
  return true;
}

static struct pp_fuzz_program part_of(const struct pp_fuzz_program *program,
                                      struct pp_op *at, size_t count) {
  struct pp_fuzz_program part = *program;
  part.at = at;
  part.count = count;
  return part;
}

void pp_fuzz_cut(const struct pp_fuzz_profiles *profiles, const char *name,
                 const struct pp_fuzz_program *program,
                 struct pp_op_source *source, size_t inputs, void *ctx,
                 pp_fuzz_give *give) {
  struct pp_op ops[PP_FUZZ_SEED];
  char full_name[128];
  for (size_t i = 0; i < inputs; i++) {
    size_t got, count = 0;
    while (count < PP_FUZZ_SEED &&
           (got = source->fill(source, ops + count, PP_FUZZ_SEED - count)) > 0)
      count += got;
    if (count == 0) return;
    struct pp_fuzz_program part = part_of(program, ops, count);
    snprintf(full_name, sizeof full_name, "%s-%s-%zu", name,
             program->profile->name, i);
    pp_fuzz_write(profiles, full_name, &part, ctx, give);
  }
}

/* A record has no more than REPEAT_MOST of a burst or a drain. */
static void push_in_parts(struct pp_ops *ops, struct pp_op op) {
  enum { REPEAT_MOST = 0xfff };
  uint64_t step = op.kind == PP_OP_BURST ? 1 : op.b;
  bool repeats = op.kind == PP_OP_BURST || op.kind == PP_OP_DRAIN;
  while (repeats && op.a > REPEAT_MOST) {
    struct pp_op part = op;
    part.a = REPEAT_MOST;
    pp_ops_push(ops, part);
    op.a -= REPEAT_MOST;
    op.id += REPEAT_MOST * step;
  }
  pp_ops_push(ops, op);
}

void pp_fuzz_each_profile(const struct pp_fuzz_profiles *profiles,
                          const char *name, const struct pp_op *ops,
                          size_t count, void *ctx, pp_fuzz_give *give) {
  struct pp_ops fitting = {NULL, 0, 0};
  char full_name[128];
  bool fits = true;
  for (size_t i = 0; i < count; i++)
    if (ops[i].kind != PP_OP_EXPECT) push_in_parts(&fitting, ops[i]);
  for (unsigned i = 0; i < profiles->count; i++) {
    struct pp_fuzz_program program = {.profile =
                                          &pp_profiles[profiles->first + i],
                                      .full = true,
                                      .walk = i % 4 == 0 ? WALK : 0,
                                      .twin = i % 2 != 0,
                                      .many = true,
                                      .at = fitting.at,
                                      .count = fitting.count};
    snprintf(full_name, sizeof full_name, "%.*s-%s", (int)strcspn(name, "."),
             name, program.profile->name);
    fits = pp_fuzz_write(profiles, full_name, &program, ctx, give) && fits;
  }
  pp_ops_free(&fitting);
  if (!fits)
    fprintf(stderr, "poolproof: %s does not fit records: left out\n", name);
}

void pp_fuzz_print(const struct pp_fuzz_program *program, FILE *out,
                   const char *subject, bool profile) {
  const char *reference = getenv("POOLPROOF_REFERENCE");
  fputs("# poolproof replay", out);
  if (*subject != '\0') fprintf(out, " --subject %s", subject);
  if (profile) fprintf(out, " --profile %s", program->profile->name);
  if (reference != NULL && *reference != '\0')
    fprintf(out, " --reference %s", reference);
  else if (*subject != '\0')
    fputs(" --level object", out);
  fputc('\n', out);
  pp_trace_print(out, program->at, program->count);
}
