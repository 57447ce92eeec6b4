/* Pairs: the subject is the reference, loaded as such, behind two calls that
 * may lie. */
#include "proptests/pair.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct pp_pair pp_pair;

static struct pp_witness witness;
static void *(*sound_malloc)(void *ctx, size_t size);
static void (*sound_free)(void *ctx, void *block);

static void *lying_malloc(void *ctx, size_t size) {
  void *address = sound_malloc(ctx, size);
  if (!pp_pair.lie.told) return address;
  pp_pair.lie.told = false;
  return pp_pair.lie.address;
}

static void lying_free(void *ctx, void *block) {
  sound_free(ctx, block);
  if (pp_pair.lie.wiped > 0) ((uint8_t *)block)[pp_pair.lie.wiped] ^= 1;
}

void pp_pair_broken(struct pp_witness *self, enum pp_clause clause,
                    const char *where) {
  (void)self;
  cr_assert(false, "%s at %s", pp_clause_texts[clause].id, where);
}

void pp_pair_begin(const char *profile, unsigned arenas_before) {
  static const struct pp_drive_options options = {.contents = PP_CONTENTS_FULL,
                                                  .shadow = true};
  struct pp_subject_spec spec = {.name = "reference",
                                 .kind = PP_SUBJECT_REFERENCE,
                                 .profile = pp_profile_find(profile),
                                 .witness = &witness};
  char why[PP_WHY_MAX];
  memset(&pp_pair.report, 0, sizeof pp_pair.report);
  witness.broken = pp_pair_broken;
  cr_assert(pp_places_open(&pp_pair.places));
  cr_assert_eq(pp_subject_load(&spec, &pp_pair.places, &pp_pair.subject, why,
                               sizeof why),
               PP_LOAD_OK);
  sound_malloc = pp_pair.subject.calls[0].malloc;
  sound_free = pp_pair.subject.calls[0].free;
  pp_pair.subject.calls[0].malloc = lying_malloc;
  pp_pair.subject.calls[0].free = lying_free;
  cr_assert(pp_twin_open(&pp_pair.twin, &pp_reference_none, spec.profile,
                         arenas_before, pp_pair_broken));
  pp_driver_open(&pp_pair.driver, &pp_pair.subject, &pp_pair.places,
                 &pp_pair.twin, &options, &pp_pair.report);
}

bool pp_pair_step(enum pp_op_kind kind, uint64_t id, uint64_t a, uint64_t b) {
  static struct pp_op op;
  jmp_buf stop;
  op = (struct pp_op){kind, id, a, b};
  pp_pair.driver.stop = &stop;
  if (setjmp(stop) == 0) pp_drive_op(&pp_pair.driver, &op);
  return pp_pair.report.finding.clause == PP_HOLDS;
}

bool pp_pair_walk(void) {
  jmp_buf stop;
  pp_pair.driver.stop = &stop;
  if (setjmp(stop) == 0) pp_walk(&pp_pair.driver);
  return pp_pair.report.finding.clause == PP_HOLDS;
}

void pp_pair_broke(enum pp_clause clause, const char *format, ...) {
  char words[PP_WHAT_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  cr_assert_str_eq(pp_pair.report.finding.what, words);
  cr_assert_eq(pp_pair.report.finding.clause, clause);
  memset(&pp_pair.report.finding, 0, sizeof pp_pair.report.finding);
}

struct pp_block pp_pair_block(uint64_t id) {
  const struct pp_block *block = pp_blocks_find(&pp_pair.driver.blocks, id);
  cr_assert_not_null(block);
  return *block;
}

uint64_t pp_pair_evaluated(enum pp_clause clause) {
  uint64_t count = pp_pair.report.evaluated[clause];
  pp_pair.report.evaluated[clause] = 0;
  return count;
}
