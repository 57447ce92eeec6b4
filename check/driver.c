/* The driver: statement by statement (SPEC.md, OPS). It decides what a
 * statement means to this subject, and leaves the calls to requests.c and
 * ends.c, the judgement to oracles.c, lockstep.c and walk.c. */
#include "check/driver.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check/pages.h"

enum { BATCH = 256 };
/* Calls from one look at the memory held to the next. */
#define FOOTPRINT_INTERVAL 512

void pp_driver_broken(struct pp_driver *driver, enum pp_clause clause,
                      const char *format, ...) {
  struct pp_finding *finding = &driver->report->finding;
  if (!finding->ours && !pp_driver_decides(&driver->options, clause)) {
    driver->report->deviated[clause]++;
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(finding->what, sizeof finding->what, format, arguments);
  va_end(arguments);
  finding->clause = clause;
  finding->step = driver->report->step;
  finding->part = driver->part;
  if (driver->op != NULL) finding->op = *driver->op;
  longjmp(*driver->stop, 1);
}

/* Whether the subject has the call that a statement needs. */
static bool finds_call(const struct pp_driver *driver, enum pp_op_kind kind) {
  const struct pp_subject *calls = driver->calls;
  if (kind >= PP_OP_FIRST_OF_OBJECTS) return false;
  switch (kind) {
  case PP_OP_REALLOCARRAY: return calls->reallocarray != NULL;
  case PP_OP_ALIGNED_ALLOC: return calls->aligned_alloc != NULL;
  case PP_OP_POSIX_MEMALIGN: return calls->posix_memalign != NULL;
  case PP_OP_FREE_SIZED: return calls->free_sized != NULL;
  case PP_OP_FREE_ALIGNED_SIZED: return calls->free_aligned_sized != NULL;
  case PP_OP_USABLE: return calls->usable_size != NULL;
  case PP_OP_DOMAIN: return driver->subject->domain_count > 1;
  case PP_OP_ARENA_SKEW:
  case PP_OP_ARENA_FAIL:
  case PP_OP_SYSTEM_FAIL: return driver->twin != NULL;
  case PP_OP_THREAD:
  case PP_OP_FORK: return false;
  default: return true;
  }
}

void pp_driver_domain(struct pp_driver *driver, enum pp_domain domain) {
  driver->domain = domain;
  driver->calls = &driver->subject->calls[domain];
  for (int kind = 0; kind < PP_OP_KIND_COUNT; kind++) {
    driver->has_call[kind] = finds_call(driver, (enum pp_op_kind)kind);
  }
  if (driver->twin != NULL) driver->twin_calls = &driver->twin->calls[domain];
}

void pp_driver_open(struct pp_driver *driver, const struct pp_loaded *subject,
                    struct pp_places *places, struct pp_twin *twin,
                    const struct pp_drive_options *options,
                    struct pp_report *report) {
  memset(driver, 0, sizeof *driver);
  driver->subject = subject;
  driver->places = places;
  driver->twin = twin;
  driver->options = *options;
  driver->report = report;
  driver->until_walk = options->walk_interval;
  driver->until_footprint = FOOTPRINT_INTERVAL;
  pp_driver_domain(driver, PP_DOMAIN_OBJ);
  driver->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  pp_blocks_open(&driver->blocks);
  pp_shadow_open(&driver->shadow);
  pp_oracle_begin(driver);
  driver->resident_base = pp_resident(driver);
  if (twin != NULL) twin->driver = driver;
}

void pp_driver_close(struct pp_driver *driver) {
  close(driver->statm);
  pp_oracle_close(driver);
  pp_blocks_close(&driver->blocks);
  pp_shadow_close(&driver->shadow);
}

void pp_driver_again(struct pp_driver *driver) {
  struct pp_blocks *blocks = &driver->blocks;
  for (size_t i = 0; blocks->count > 0; i++) {
    const struct pp_block block = blocks->table[i];
    blocks->table[i].address = NULL;
    if (block.address == NULL) continue;
    blocks->count--;
    pp_driver_release(driver, &block);
  }
  *blocks = (struct pp_blocks){.table = blocks->table, .mask = blocks->mask};
  driver->report->step = 0;
  driver->serial = 0;
  driver->part = 0;
  driver->op = NULL;
  driver->until_walk = driver->options.walk_interval;
  driver->until_footprint = FOOTPRINT_INTERVAL;
  pp_driver_domain(driver, PP_DOMAIN_OBJ);
  if (driver->subject->profile == NULL)
    driver->resident_base = pp_resident(driver);
}

/* ---- statements ---- */

static void skip(struct pp_driver *driver) {
  driver->report->skipped++;
}

/* A request for an ID that still names a block: that block ends first. */
static void vacate(struct pp_driver *driver, uint64_t id) {
  static const struct pp_op plain_free = {.kind = PP_OP_FREE};
  if (pp_blocks_find(&driver->blocks, id) == NULL) return;
  pp_drive_free(driver, id, &plain_free);
}

static void burst(struct pp_driver *driver, const struct pp_op *op) {
  for (uint64_t i = 0; i < op->a; i++) {
    driver->part = i;
    driver->report->ticks++;
    vacate(driver, op->id + i);
    pp_drive_malloc(driver, op->id + i, op->b);
  }
  driver->part = 0;
}

static void drain(struct pp_driver *driver, const struct pp_op *op) {
  for (uint64_t i = 0; i < op->a; i++) {
    driver->part = i;
    driver->report->ticks++;
    pp_drive_free(driver, op->id + i * op->b, op);
  }
  driver->part = 0;
}

/* Where pools are smaller than a step of the skew, it is scaled down as they
 * are: from 4096 bytes to 32. */
static uint64_t skew_of(const struct pp_driver *driver,
                        const struct pp_op *op) {
  bool scaled = PP_SKEW_STEP >> driver->twin->profile->pool_bits > 1;
  return scaled ? op->a / PP_SKEW_SCALE : op->a;
}

/* Settings go to the subject's places and to the twin's alike. */
static void change_places(struct pp_driver *driver, const struct pp_op *op) {
  struct pp_places *both[] = {driver->places, &driver->twin->places};
  for (size_t i = 0; i < 2; i++) {
    if (op->kind == PP_OP_ARENA_SKEW) both[i]->skew = skew_of(driver, op);
    if (op->kind == PP_OP_ARENA_FAIL) both[i]->arena_fail = op->a;
    if (op->kind == PP_OP_SYSTEM_FAIL) both[i]->system_fail = op->a;
  }
}

static void perform(struct pp_driver *driver, const struct pp_op *op) {
  switch (op->kind) {
  case PP_OP_MALLOC:
    vacate(driver, op->id);
    pp_drive_malloc(driver, op->id, op->a);
    break;
  case PP_OP_CALLOC:
    vacate(driver, op->id);
    pp_drive_calloc(driver, op->id, op->a, op->b);
    break;
  case PP_OP_ALIGNED_ALLOC:
    vacate(driver, op->id);
    pp_drive_aligned(driver, op->id, op->a, op->b);
    break;
  case PP_OP_POSIX_MEMALIGN:
    vacate(driver, op->id);
    pp_drive_memalign(driver, op->id, op->a, op->b);
    break;
  case PP_OP_REALLOC: pp_drive_realloc(driver, op->id, op->a); break;
  case PP_OP_REALLOCARRAY:
    pp_drive_reallocarray(driver, op->id, op->a, op->b);
    break;
  case PP_OP_FREE:
  case PP_OP_FREE_SIZED:
  case PP_OP_FREE_ALIGNED_SIZED: pp_drive_free(driver, op->id, op); break;
  case PP_OP_USABLE: pp_drive_usable(driver, op->id); break;
  case PP_OP_BURST: burst(driver, op); break;
  case PP_OP_DRAIN: drain(driver, op); break;
  case PP_OP_DOMAIN: pp_driver_domain(driver, (enum pp_domain)op->a); break;
  case PP_OP_ARENA_SKEW:
  case PP_OP_ARENA_FAIL:
  case PP_OP_SYSTEM_FAIL: change_places(driver, op); break;
  default: break; /* expect is for people */
  }
}

void pp_drive_op(struct pp_driver *driver, const struct pp_op *op) {
  struct pp_report *report = driver->report;
  uint64_t calls = op->kind == PP_OP_BURST ? op->a + 1 : 1;
  driver->op = op;
  report->step++;
  report->ticks++;
  if (!driver->has_call[op->kind]) {
    skip(driver);
    return;
  }
  perform(driver, op);
  if (--driver->until_walk == 0) {
    driver->until_walk = driver->options.walk_interval;
    if (driver->twin != NULL) pp_walk(driver);
  }
  if (driver->until_footprint <= calls) {
    driver->until_footprint = FOOTPRINT_INTERVAL;
    pp_oracle_footprint(driver);
    return;
  }
  driver->until_footprint -= calls;
}

/* ---- traces ---- */

/* What a statement will touch is brought into the cache while those before it
 * are performed: its place in the table first, and when that has come, its
 * block and the claims on it. Heaps are larger than caches. */
enum { AHEAD_TABLE = 16, AHEAD_BLOCK = 8, CACHE_LINE = 64, LINES_MAX = 8 };

/* Live blocks from which on a heap counts as larger than the caches. */
enum { LARGE_HEAP = 32768 };

static void prefetch_block(const struct pp_driver *driver,
                           const struct pp_op *op) {
  const struct pp_block *block = pp_blocks_find(&driver->blocks, op->id);
  if (block == NULL) return;
  if (driver->options.shadow) {
    pp_shadow_prefetch(&driver->shadow, block->address);
  }
  uint64_t end = block->size;
  if (end > LINES_MAX * CACHE_LINE) end = LINES_MAX * CACHE_LINE;
  __builtin_prefetch(block->address - sizeof(void *)); /* of the subject */
  if (driver->options.contents == PP_CONTENTS_FULL) {
    for (uint64_t at = 0; at < end; at += CACHE_LINE) {
      __builtin_prefetch(block->address + at);
    }
  } else if (driver->options.contents == PP_CONTENTS_HEADER) {
    __builtin_prefetch(block->address + block->size);
  }
}

static void drive_batch(struct pp_driver *driver, const struct pp_op *batch,
                        size_t count) {
  bool large = driver->blocks.count >= LARGE_HEAP;
  if (large && driver->options.shadow) pp_shadow_expect_many(&driver->shadow);
  for (size_t i = 0; i < count; i++) {
    if (large && i + AHEAD_TABLE < count) {
      pp_blocks_prefetch(&driver->blocks, batch[i + AHEAD_TABLE].id);
      const struct pp_op *next = &batch[i + AHEAD_BLOCK];
      if (next->kind == PP_OP_FREE) prefetch_block(driver, next);
    }
    pp_drive_op(driver, &batch[i]);
  }
}

static void drive_all(struct pp_driver *driver, struct pp_op_source *source) {
  struct pp_op batch[BATCH];
  size_t count;
  while ((count = source->fill(source, batch, BATCH)) > 0) {
    drive_batch(driver, batch, count);
    if (driver->places != NULL && driver->places->exhausted) {
      driver->report->exhausted = true;
      return;
    }
  }
  driver->op = NULL;
  pp_refusals_end();
  pp_oracle_end(driver);
}

bool pp_drive(struct pp_driver *driver, struct pp_op_source *source) {
  jmp_buf stop;
  driver->stop = &stop;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  pp_refusals_begin();
  if (setjmp(stop) == 0) drive_all(driver, source);
  driver->report->live_peak = driver->blocks.peak_bytes;
  return driver->report->finding.clause == PP_HOLDS;
}
