/* What statements do when they are performed (SPEC.md, OPS-03, OPS-09 to
 * OPS-13 and OPS-18): the driver calls a subject that writes down what it was
 * asked. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/builds.h"
#include "check/driver.h"
#include "mutants/ops/probe.h"

/* ---- a subject that only writes down ---- */

enum { ROOM = 1 << 16 };

/* Blocks are named by the letters A, B, ... in the order of requests; 0 is
 * null. "m16A" is malloc(16) that answered A, "fA" its free. */
struct recorder {
  _Alignas(16) uint8_t memory[ROOM];
  size_t used;
  char *starts[26]; /* of the blocks, in the order of requests */
  size_t count;
  char log[512];
};

static char letter_of(const struct recorder *recorder, const void *block) {
  for (size_t i = recorder->count; block != NULL && i-- > 0;) {
    if (recorder->starts[i] == block) return (char)('A' + i);
  }
  return block == NULL ? '0' : '?';
}

static void note(struct recorder *recorder, char what, size_t size,
                 const void *old, const void *block) {
  size_t length = strlen(recorder->log);
  char *at = recorder->log + length;
  size_t room = sizeof recorder->log - length;
  char from = letter_of(recorder, old), to = letter_of(recorder, block);
  if (what == 'f') snprintf(at, room, "f%c ", from);
  if (what == 'm') snprintf(at, room, "m%zu%c ", size, to);
  if (what == 'r') snprintf(at, room, "r%c%zu%c ", from, size, to);
}

static void *fresh(struct recorder *recorder, size_t size) {
  size_t rounded = (size + 31) / 16 * 16;
  if (size > PP_SIZE_GRANTED || recorder->count == COUNT(recorder->starts) ||
      rounded > ROOM - recorder->used) {
    return NULL;
  }
  void *block = recorder->memory + recorder->used;
  recorder->used += rounded;
  recorder->starts[recorder->count++] = block;
  return block;
}

static void *record_malloc(void *ctx, size_t size) {
  void *block = fresh(ctx, size);
  note(ctx, 'm', size, NULL, block);
  return block;
}

static void *record_calloc(void *ctx, size_t count, size_t size) {
  return record_malloc(ctx, count * size);
}

static void *record_realloc(void *ctx, void *old, size_t size) {
  void *block = fresh(ctx, size);
  note(ctx, 'r', size, old, block);
  return block;
}

static void record_free(void *ctx, void *block) {
  note(ctx, 'f', 0, block, NULL);
}

/* ---- the driver on it ---- */

struct run {
  struct recorder recorder;
  struct pp_loaded loaded;
  struct pp_driver driver;
  struct pp_report report;
};

static bool perform(struct pp_driver *driver, const char *statements) {
  static struct pp_ops ops; /* is not lost when an oracle jumps */
  jmp_buf stop;
  pp_ops_free(&ops);
  ops = probe_read(statements);
  driver->stop = &stop;
  bool broken = setjmp(stop) != 0; /* by an oracle */
  for (size_t i = 0; i < ops.count && !broken; i++)
    pp_drive_op(driver, &ops.at[i]);
  driver->stop = NULL;
  return ops.count > 0 && !broken;
}

/* A recorder is no allocator, so nothing but the calls is looked at. */
static const struct pp_drive_options only_calls = {.contents = PP_CONTENTS_NONE,
                                                   .shadow = false};

/* The calls that statements lead to, as the recorder wrote them down. */
static bool calls(const char *statements, const char *log, uint64_t operations,
                  uint64_t skipped) {
  static struct run run;
  run = (struct run){.loaded = {.domain_count = 1}};
  run.loaded.calls[0] = (struct pp_subject){.version = PP_SUBJECT_VERSION,
                                            .name = "recorder",
                                            .ctx = &run.recorder,
                                            .malloc = record_malloc,
                                            .calloc = record_calloc,
                                            .realloc = record_realloc,
                                            .free = record_free};
  pp_driver_open(&run.driver, &run.loaded, NULL, NULL, &only_calls,
                 &run.report);
  bool performed = perform(&run.driver, statements);
  pp_driver_close(&run.driver);
  return performed && strcmp(run.recorder.log, log) == 0 &&
         run.report.operations == operations && run.report.skipped == skipped;
}

bool probe_null_ids(void) {
  return calls("free 7\nmalloc 7 10\nfree 7\nfree 7\nrealloc 7 20\n"
               "malloc 8 6000000\nfree 8\n",
               "f0 m10A fA f0 r020B m60000000 f0 ", 7, 0);
}

bool probe_skipped_are_counted(void) {
  return calls("malloc 1 8\nusable 1\nfree_sized 1 8\ndomain mem\nthread 1\n"
               "fork\narena-skew 4096\narena-fail 1\nsystem-fail 1\n"
               "aligned_alloc 2 16 8\nfree 1\n",
               "m8A fA ", 2, 9);
}

bool probe_burst(void) {
  return calls("burst 5 3 16\nfree 7\nfree 5\nfree 6\nfree 8\nburst 1 0 16\n",
               "m16A m16B m16C fC fA fB f0 ", 7, 0);
}

bool probe_drain(void) {
  return calls("malloc 0 1\nmalloc 1 1\nmalloc 2 1\nmalloc 3 1\nmalloc 4 1\n"
               "drain 1 3 2\ndrain 0 0 1\nfree 2\nfree 4\n",
               "m1A m1B m1C m1D m1E fB fD f0 fC fE ", 10, 0);
}

bool probe_realloc_keeps_the_id(void) {
  return calls("malloc 1 8\nrealloc 1 16\nrealloc 1 6000000\nrealloc 1 24\n"
               "free 1\nmalloc 2 8\nrealloc 2 7000000\nfree 2\n",
               "m8A rA16B rB60000000 rB24C fC m8D rD70000000 fD ", 8, 0);
}

bool probe_live_id_is_freed_first(void) {
  return calls("malloc 1 8\nmalloc 1 16\ncalloc 1 2 12\nburst 0 2 40\n"
               "realloc 1 8\n",
               "m8A fA m16B fB m24C m40D fC m40E rE8F ", 9, 0);
}

/* ---- sources ---- */

static void not_broken(struct pp_witness *witness, enum pp_clause clause,
                       const char *where) {
  (void)witness;
  (void)clause;
  (void)where;
  abort();
}

/* Bytes past a boundary at which the arena starts. */
static uint64_t skew_of(const struct pp_places *places, uint32_t ordinal) {
  const struct pp_place_slot *slot = pp_places_arena(places, ordinal);
  return slot == NULL ? UINT64_MAX : slot->base % PP_SKEW_BASE;
}

static bool is_in_an_arena(const struct pp_driver *driver, uint64_t id) {
  uint32_t ordinal, offset;
  const struct pp_block *block = pp_blocks_find(&driver->blocks, id);
  return block != NULL &&
         pp_places_find(driver->places, block->address, &ordinal, &offset);
}

static bool is_null(const struct pp_driver *driver, uint64_t id) {
  return pp_blocks_find(&driver->blocks, id) == NULL;
}

/* An arena of the tiny profile holds eight blocks of 32 bytes, and is skewed by
 * so much less than others as it is smaller. */
static bool change_sources(struct pp_driver *driver) {
  const struct pp_places *places = driver->places;
  bool good = perform(driver, "malloc 0 32\narena-skew 8192\narena-fail 2\n"
                              "burst 1 10 32\n");
  good = good && skew_of(places, 0) == 0 &&
         skew_of(places, 1) == 8192 / PP_SKEW_SCALE;
  good = good && is_in_an_arena(driver, 7) && !is_in_an_arena(driver, 8);
  good = good && !is_in_an_arena(driver, 9) && is_in_an_arena(driver, 10);
  good = good && !is_null(driver, 8) && places->arena_refusals == 2;
  good = good && perform(driver, "malloc 20 5000\nsystem-fail 1\n"
                                 "malloc 21 5000\nmalloc 22 5000\n"
                                 "system-fail 3\nsystem-fail 0\n"
                                 "malloc 23 5000\n");
  return good && !is_null(driver, 20) && is_null(driver, 21) &&
         !is_null(driver, 22) && !is_null(driver, 23);
}

bool probe_sources_change_from_here(void) {
  static struct pp_places places;
  static struct pp_twin twin;
  static struct pp_loaded loaded;
  static struct pp_driver driver;
  static struct pp_report report;
  static struct pp_witness witness = {.broken = not_broken};
  struct pp_subject_spec spec = {.name = "reference:tiny",
                                 .kind = PP_SUBJECT_REFERENCE,
                                 .profile = pp_profile_find("tiny"),
                                 .level = PP_LEVEL_NONE,
                                 .witness = &witness};
  char why[256];
  if (!pp_places_open(&places)) abort();
  if (pp_load_reference(&spec, &places, &loaded, why, sizeof why) !=
      PP_LOAD_OK) {
    abort();
  }
  if (!pp_twin_open(&twin, pp_reference_at(PP_LEVEL_NONE), spec.profile,
                    loaded.arenas_before, not_broken)) {
    abort();
  }
  pp_places_begin(&places);
  pp_driver_open(&driver, &loaded, &places, &twin, &only_calls, &report);
  bool good = change_sources(&driver);
  pp_driver_close(&driver);
  return good;
}
