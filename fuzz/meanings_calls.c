/* Calls (SPEC.md, OPS-03, OPS-09 to OPS-12, OPS-18): a subject with the four
 * calls of C, which notes each; and, for each statement, the calls that it
 * should have made, by a table of names that knows nothing of the driver's. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/driver.h"
#include "fuzz/meanings.h"

enum { CALLS_MOST = 2 * 8192 + 2, NAMES = 1 << 15 };

/* Larger requests are refused, which is legal. */
#define GRANTED PP_SIZE_GRANTED

struct noted {
  char what; /* m, c, r or f */
  const void *old;
  uint64_t count, size;
  void *answer;
};

static struct noted noted[CALLS_MOST];
static size_t noted_count, next;

/* Noted before it is done, while the old block is one. */
static struct noted *note(char what, const void *old, uint64_t count,
                          uint64_t size) {
  static struct noted beyond;
  struct noted *call =
      noted_count < CALLS_MOST ? &noted[noted_count++] : &beyond;
  *call = (struct noted){what, old, count, size, NULL};
  return call;
}

static void *answer(struct noted *call, void *block) {
  if (block == NULL) errno = ENOMEM;
  return call->answer = block;
}

static void *note_malloc(void *ctx, size_t size) {
  struct noted *call = note('m', NULL, 1, size);
  (void)ctx;
  return answer(call, size > GRANTED ? NULL : malloc(size + 1));
}

static void *note_calloc(void *ctx, size_t count, size_t size) {
  struct noted *call = note('c', NULL, count, size);
  bool refused = size != 0 && count > GRANTED / size;
  (void)ctx;
  return answer(call, refused ? NULL : calloc(1, count * size + 1));
}

static void *note_realloc(void *ctx, void *old, size_t size) {
  struct noted *call = note('r', old, 1, size);
  (void)ctx;
  return answer(call, size > GRANTED ? NULL : realloc(old, size + 1));
}

static void note_free(void *ctx, void *old) {
  note('f', old, 0, 0);
  (void)ctx;
  free(old);
}

/* ---- names ---- */

static struct name {
  uint64_t id;
  const void *block; /* NULL: of no block any more */
  bool used;
} names[NAMES];
static size_t used[NAMES], used_count;

static const void **name_of(uint64_t id) {
  size_t at = (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 40) % NAMES;
  while (names[at].used && names[at].id != id)
    at = (at + 1) % NAMES;
  if (!names[at].used) {
    names[at] = (struct name){id, NULL, true};
    used[used_count++] = at;
  }
  return &names[at].block;
}

static void forget_names(void) {
  while (used_count > 0)
    names[used[--used_count]].used = false;
}

/* ---- what should have been called ---- */

static const char *clause_of(const struct pp_op *op) {
  if (op->kind == PP_OP_BURST) return "OPS-10";
  if (op->kind == PP_OP_DRAIN) return "OPS-11";
  return op->kind == PP_OP_REALLOC ? "OPS-12" : "OPS-03";
}

static _Noreturn void differs(const char *clause, const struct pp_op *op) {
  char statement[160];
  pp_op_print(op, statement, sizeof statement);
  pp_fuzz_found(clause, "%s, call %zu of %zu", statement, next, noted_count);
}

/* The next call is this one, and answered that. */
static void *is_called(const char *clause, const struct pp_op *op, char what,
                       const void *old, uint64_t count, uint64_t size) {
  const struct noted *call = &noted[next];
  if (next++ >= noted_count || call->what != what || call->old != old ||
      call->count != count || call->size != size)
    differs(clause, op);
  return call->answer;
}

static void is_asked(const struct pp_op *op, uint64_t id, char what,
                     uint64_t count, uint64_t size) {
  const void **block = name_of(id);
  if (*block != NULL) is_called("OPS-18", op, 'f', *block, 0, 0);
  *block = is_called(clause_of(op), op, what, NULL, count, size);
}

static void is_freed(const struct pp_op *op, uint64_t id) {
  const void **block = name_of(id);
  is_called(clause_of(op), op, 'f', *block, 0, 0);
  *block = NULL;
}

static void is_moved(const struct pp_op *op) {
  const void **block = name_of(op->id);
  void *answer = is_called(clause_of(op), op, 'r', *block, 1, op->a);
  if (answer != NULL) *block = answer;
}

/* Whether it is one that this subject has a call for. */
static bool expect_calls(const struct pp_op *op) {
  switch (op->kind) {
  case PP_OP_MALLOC: is_asked(op, op->id, 'm', 1, op->a); return true;
  case PP_OP_CALLOC: is_asked(op, op->id, 'c', op->a, op->b); return true;
  case PP_OP_REALLOC: is_moved(op); return true;
  case PP_OP_FREE: is_freed(op, op->id); return true;
  case PP_OP_BURST:
    for (uint64_t i = 0; i < op->a; i++)
      is_asked(op, op->id + i, 'm', 1, op->b);
    return true;
  case PP_OP_DRAIN:
    for (uint64_t i = 0; i < op->a; i++)
      is_freed(op, op->id + i * op->b);
    return true;
  default: return false;
  }
}

/* ---- */

static struct pp_driver *opened(struct pp_report **report) {
  static struct pp_driver driver;
  static struct pp_report its;
  static struct pp_loaded loaded = {.domain_count = 1,
                                    .calls[0] = {.version = PP_SUBJECT_VERSION,
                                                 .name = "noting",
                                                 .malloc = note_malloc,
                                                 .calloc = note_calloc,
                                                 .realloc = note_realloc,
                                                 .free = note_free}};
  static const struct pp_drive_options options = {.contents =
                                                      PP_CONTENTS_HEADER};
  *report = &its;
  if (driver.subject == NULL)
    pp_driver_open(&driver, &loaded, NULL, NULL, &options, &its);
  pp_driver_again(&driver);
  return &driver;
}

/* A statement that has no call is counted, and a call is not. */
static void is_counted(const struct pp_op *op, bool performed, uint64_t skipped,
                       uint64_t operations) {
  if (performed ? skipped != 0 : skipped != 1 || operations != 0)
    differs("OPS-09", op);
}

static void perform(struct pp_driver *driver, const struct pp_report *report,
                    const struct pp_fuzz_program *program) {
  for (size_t i = 0; i < program->count; i++) {
    const struct pp_op *op = &program->at[i];
    uint64_t skipped = report->skipped, operations = report->operations;
    noted_count = next = 0;
    pp_drive_op(driver, op);
    bool performed = expect_calls(op);
    if (next != noted_count) differs(clause_of(op), op);
    is_counted(op, performed, report->skipped - skipped,
               report->operations - operations);
  }
}

void pp_meaning_of_calls(const struct pp_fuzz_program *program) {
  struct pp_report *report;
  struct pp_driver *driver = opened(&report);
  jmp_buf stop;
  driver->stop = &stop;
  if (setjmp(stop) != 0)
    pp_fuzz_found(pp_clause_texts[report->finding.clause].id, "%s",
                  report->finding.what);
  forget_names();
  perform(driver, report, program);
}
