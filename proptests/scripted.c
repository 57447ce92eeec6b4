/* The scripted subject: it hands out stretches of its memory one after the
 * other, and nothing twice, unless it is told what to answer. */
#include "proptests/scripted.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/pages.h"

struct pp_script pp_script;

/* Blocks lie this far apart, behind their sizes. */
enum { GAP = 64 };

static void note(enum pp_op_kind call, void *block, size_t a, size_t b) {
  pp_script.call = call;
  pp_script.block = block;
  pp_script.a = a;
  pp_script.b = b;
  pp_script.where = (enum pp_where)pp_script.report.where;
  pp_script.stake = (enum pp_clause)pp_script.report.stake;
  if (pp_script.where != PP_WHERE_SUBJECT) pp_script.unannounced++;
  if (pp_script.spoils != NULL) *pp_script.spoils ^= 1;
  pp_script.spoils = NULL;
}

static void *take(size_t size, size_t alignment) {
  size_t at = (pp_script.used + GAP + alignment - 1) / alignment * alignment;
  pp_script.requests++;
  if (pp_script.told) {
    pp_script.told = false;
    if (pp_script.error != 0) errno = pp_script.error;
    return pp_script.address;
  }
  if (pp_script.cramped) size = 0;
  bool refused = pp_script.refused_from != 0 &&
                 pp_script.requests >= pp_script.refused_from;
  if (refused || size > PP_SCRIPT_BYTES - at) {
    errno = ENOMEM;
    return NULL;
  }
  memcpy(pp_script.memory + at - sizeof size, &size, sizeof size);
  pp_script.used = pp_script.cramped ? at : at + size;
  return pp_script.memory + at;
}

static size_t size_of(const void *block) {
  size_t size;
  memcpy(&size, (const char *)block - sizeof size, sizeof size);
  return size;
}

static void *script_malloc(void *ctx, size_t size) {
  (void)ctx;
  note(PP_OP_MALLOC, NULL, size, 0);
  pp_script.asked += size;
  return take(size, GAP);
}

static size_t product(size_t count, size_t size) {
  return size != 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size;
}

static void *script_calloc(void *ctx, size_t count, size_t size) {
  (void)ctx;
  note(PP_OP_CALLOC, NULL, count, size);
  return take(product(count, size), GAP);
}

static void *resize(void *block, size_t size) {
  bool told = pp_script.told;
  void *fresh = take(size, GAP);
  if (told || fresh == NULL || block == NULL) return fresh;
  size_t former = size_of(block);
  memcpy(fresh, block, former < size ? former : size);
  return fresh;
}

static void *script_realloc(void *ctx, void *block, size_t size) {
  (void)ctx;
  note(PP_OP_REALLOC, block, size, 0);
  return resize(block, size);
}

static void *script_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  (void)ctx;
  note(PP_OP_REALLOCARRAY, block, count, size);
  return resize(block, product(count, size));
}

static void *script_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  (void)ctx;
  note(PP_OP_ALIGNED_ALLOC, NULL, alignment, size);
  return take(size, alignment < GAP ? GAP : alignment);
}

static int script_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  (void)ctx;
  note(PP_OP_POSIX_MEMALIGN, NULL, alignment, size);
  bool told = pp_script.told;
  int error = told ? pp_script.error : 0;
  void *address = take(size, alignment < GAP ? GAP : alignment);
  if (!told && address == NULL) error = ENOMEM;
  if (pp_script.before != NULL) out[-1] = pp_script.before;
  if (pp_script.after != NULL) out[1] = pp_script.after;
  if (told ? !pp_script.spares_out : error == 0) *out = address;
  return error;
}

static void end(enum pp_op_kind call, void *block, size_t a, size_t b) {
  note(call, block, a, b);
  pp_script.frees++;
  if (pp_script.error_of_free != 0) errno = pp_script.error_of_free;
}

static void script_free(void *ctx, void *block) {
  (void)ctx;
  end(PP_OP_FREE, block, 0, 0);
}

static void script_free_sized(void *ctx, void *block, size_t size) {
  (void)ctx;
  end(PP_OP_FREE_SIZED, block, size, 0);
}

static void script_free_aligned_sized(void *ctx, void *block, size_t alignment,
                                      size_t size) {
  (void)ctx;
  end(PP_OP_FREE_ALIGNED_SIZED, block, alignment, size);
}

static size_t script_usable_size(void *ctx, void *block) {
  (void)ctx;
  note(PP_OP_USABLE, block, 0, 0);
  if (block == NULL) return pp_script.usable_of_null;
  if (!pp_script.usable_told) return size_of(block);
  size_t usable = pp_script.usable[0];
  pp_script.usable[0] = pp_script.usable[1];
  return usable;
}

/* ---- what a test does ---- */

void pp_script_open(void) {
  static const struct pp_drive_options all = {.contents = PP_CONTENTS_FULL,
                                              .shadow = true};
  memset(&pp_script, 0, sizeof pp_script);
  pp_script.memory = pp_pages(PP_SCRIPT_BYTES);
  pp_script.subject.domain_count = 1;
  pp_script.subject.calls[0] =
      (struct pp_subject){.version = PP_SUBJECT_VERSION,
                          .name = "scripted",
                          .malloc = script_malloc,
                          .calloc = script_calloc,
                          .realloc = script_realloc,
                          .free = script_free,
                          .reallocarray = script_reallocarray,
                          .aligned_alloc = script_aligned_alloc,
                          .posix_memalign = script_posix_memalign,
                          .free_sized = script_free_sized,
                          .free_aligned_sized = script_free_aligned_sized,
                          .usable_size = script_usable_size,
                          .sets_errno = 1};
  pp_driver_open(&pp_script.driver, &pp_script.subject, NULL, NULL, &all,
                 &pp_script.report);
}

void pp_script_close(void) {
  pp_driver_close(&pp_script.driver);
  pp_pages_free(pp_script.memory, PP_SCRIPT_BYTES);
}

void pp_script_again(void) {
  pp_script_close();
  pp_script_open();
}

uint8_t *pp_script_at(size_t offset) {
  return pp_script.memory + PP_SCRIPT_BYTES / 2 + offset;
}

bool pp_script_claimed(const uint8_t *address) {
  return pp_shadow_claimed(&pp_script.driver.shadow, address);
}

/* Whatever it said, the driver is back in its own code. */
static bool is_sound(void) {
  cr_assert_eq(pp_script.report.where, PP_WHERE_ENGINE);
  cr_assert_eq(pp_script.report.stake, PP_HOLDS);
  cr_assert_eq(pp_script.unannounced, 0);
  return pp_script.report.finding.clause == PP_HOLDS;
}

bool pp_script_step(enum pp_op_kind kind, uint64_t id, uint64_t a, uint64_t b) {
  static struct pp_op op;
  jmp_buf stop;
  op = (struct pp_op){kind, id, a, b};
  pp_script.driver.stop = &stop;
  pp_script.report.where = PP_WHERE_ENGINE;
  if (setjmp(stop) == 0) pp_drive_op(&pp_script.driver, &op);
  return is_sound();
}

bool pp_script_end(void) {
  struct pp_ops_source none = pp_ops_read(NULL, 0);
  bool holds = pp_drive(&pp_script.driver, &none.source);
  cr_assert_eq(holds, is_sound());
  return holds;
}

void pp_script_answer(void *address, int error) {
  pp_script.told = true;
  pp_script.address = address;
  pp_script.error = error;
}

struct pp_block *pp_script_block(uint64_t id) {
  struct pp_block *block = pp_blocks_find(&pp_script.driver.blocks, id);
  cr_assert_not_null(block, "no block %lu", (unsigned long)id);
  return block;
}

void pp_script_broke(enum pp_clause clause, const char *format, ...) {
  struct pp_finding *finding = &pp_script.report.finding;
  char words[PP_WHAT_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  cr_assert_eq(finding->clause, clause, "not %s but %s: %s",
               pp_clause_texts[clause].id, pp_clause_texts[finding->clause].id,
               finding->what);
  cr_assert_str_eq(finding->what, words);
  cr_assert_eq(finding->step, pp_script.report.step);
  memset(finding, 0, sizeof *finding);
}

uint64_t pp_script_evaluated(enum pp_clause clause) {
  uint64_t evaluated = pp_script.report.evaluated[clause];
  pp_script.report.evaluated[clause] = 0;
  return evaluated;
}
