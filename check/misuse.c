/* Misuse of a subject, in a worker that may end of it: a block is asked for
 * by the trace, then the misuse is made behind the model's back, and the rest
 * of the trace is well-formed. What it finds broken was corrupted.
 *
 *   malloc 0 | misuse | free 0, and calls that use again what was freed */
#include "check/misuse.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "check/declared.h"
#include "check/pages.h"

const char *const pp_misuse_names[PP_MISUSE_COUNT] = {
    [PP_MISUSE_FREE_TWICE] = "free twice",
    [PP_MISUSE_FREE_TWICE_APART] = "free twice, another between",
    [PP_MISUSE_FREE_INSIDE] = "free inside a block",
    [PP_MISUSE_FREE_STACK] = "free on the stack",
    [PP_MISUSE_WRITE_AFTER_FREE] = "write after free",
    [PP_MISUSE_WRITE_BEYOND] = "write one byte beyond"};

const char *const pp_misuse_end_names[PP_MISUSE_ENDS] = {
    [PP_MISUSE_UNKNOWN] = "unknown",
    [PP_MISUSE_SILENT] = "silent",
    [PP_MISUSE_DETECTED] = "detected",
    [PP_MISUSE_CORRUPTS] = "corrupts"};

/* Of every block: small, so that neighbours lie close. */
enum { SIZE = 40, INSIDE = 16, JUNK = 0x41, LARGE = 1 << 20 };

/* Shared with the worker. */
struct act {
  enum pp_misuse misuse;
  volatile bool done;
};

/* ---- in the worker ---- */

static void free_block(struct pp_driver *driver, void *block) {
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  driver->calls->free(driver->calls->ctx, block);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
}

static uint8_t *take_block(struct pp_driver *driver, size_t size) {
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  void *block = driver->calls->malloc(driver->calls->ctx, size);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  return block;
}

static void write_block(struct pp_driver *driver, uint8_t *at, size_t size) {
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  memset(at, JUNK, size);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
}

/* A request that leaves no slack, where the subject tells. */
static size_t whole_size(struct pp_driver *driver) {
  const struct pp_subject *calls = driver->calls;
  if (calls->usable_size == NULL) return SIZE;
  void *block = take_block(driver, SIZE);
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  size_t size = block == NULL ? SIZE : calls->usable_size(calls->ctx, block);
  free_block(driver, block);
  return size;
}

/* Only what `misuse` wants is left undone, or done too often. */
static void make(struct pp_driver *driver, enum pp_misuse misuse) {
  _Alignas(16) uint8_t stack[4 * INSIDE] = {0};
  size_t size = whole_size(driver);
  uint8_t *first = take_block(driver, size);
  uint8_t *second = take_block(driver, size);
  if (first == NULL || second == NULL) return;
  write_block(driver, first, size);
  write_block(driver, second, size);
  if (misuse == PP_MISUSE_FREE_INSIDE) free_block(driver, first + INSIDE);
  if (misuse == PP_MISUSE_FREE_STACK) free_block(driver, stack + INSIDE);
  if (misuse == PP_MISUSE_WRITE_BEYOND) write_block(driver, first + size, 1);
  free_block(driver, first);
  if (misuse == PP_MISUSE_FREE_TWICE) free_block(driver, first);
  free_block(driver, second);
  if (misuse == PP_MISUSE_FREE_TWICE_APART) free_block(driver, first);
  if (misuse == PP_MISUSE_WRITE_AFTER_FREE) write_block(driver, first, size);
}

/* Called for the first block of the trace, and for all others. */
static void misuse(void *ctx, const struct pp_driver *told, uint64_t id,
                   const void *address) {
  struct act *act = ctx;
  struct pp_driver *driver = (struct pp_driver *)(uintptr_t)told;
  (void)id;
  (void)address;
  if (act->done) return;
  make(driver, act->misuse);
  act->done = true;
}

/* ---- in the parent ---- */

/* The first line of what it wrote that has a word in it. */
static void quote(const struct pp_outcome *outcome, char *words, size_t size) {
  const char *line = outcome->output;
  while (*line != '\0' && !isgraph((unsigned char)*line))
    line++;
  size_t length = strcspn(line, "\r\n");
  size_t used = strlen(words);
  if (length == 0) return;
  snprintf(words + used, size - used, ": %.*s", (int)length, line);
  for (char *at = words; *at != '\0'; at++) {
    if (!isprint((unsigned char)*at)) *at = '?';
  }
}

/* Later, only what it says or does of its own will is a detection. */
static bool is_detection(const struct act *act, const struct pp_report *report,
                         const struct pp_outcome *outcome) {
  int status = outcome->status;
  bool ended = report->where != PP_WHERE_DONE && status >= 0;
  if (!ended || report->finding.clause == PP_API_36 ||
      report->finding.clause == PP_API_39)
    return false;
  if (!act->done) return true;
  bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
  return aborted || WIFEXITED(status) || outcome->output_size > 0;
}

static void conclude(const struct act *act, const struct pp_report *report,
                     const struct pp_outcome *outcome,
                     struct pp_misused *misused) {
  if (outcome->ending != PP_ENDING_COMPLETE || report->exhausted) return;
  misused->end = PP_MISUSE_SILENT;
  if (report->finding.clause == PP_HOLDS) {
    if (!act->done) misused->end = PP_MISUSE_UNKNOWN;
    return;
  }
  bool detected = is_detection(act, report, outcome);
  misused->end = detected ? PP_MISUSE_DETECTED : PP_MISUSE_CORRUPTS;
  misused->clause = detected ? PP_HOLDS : report->finding.clause;
  snprintf(misused->words, sizeof misused->words, "%s%.100s",
           detected && act->done ? "later " : "", report->finding.what);
  quote(outcome, misused->words, sizeof misused->words);
}

/* Uses again what was freed, in the same size and in others. */
static const struct pp_op behind[] = {
    {PP_OP_MALLOC, 0, SIZE, 0},        {PP_OP_FREE, 0, 0, 0},
    {PP_OP_BURST, 1, 64, SIZE},        {PP_OP_DRAIN, 1, 32, 2},
    {PP_OP_BURST, 100, 64, SIZE},      {PP_OP_CALLOC, 200, 1, SIZE},
    {PP_OP_REALLOC, 100, SIZE + 8, 0}, {PP_OP_BURST, 300, 64, SIZE + 8},
    {PP_OP_BURST, 400, 64, 500},       {PP_OP_DRAIN, 400, 64, 1},
    {PP_OP_BURST, 500, 4, LARGE},      {PP_OP_DRAIN, 500, 4, 1},
    {PP_OP_DRAIN, 300, 64, 1},         {PP_OP_DRAIN, 100, 64, 1},
    {PP_OP_DRAIN, 2, 32, 2},           {PP_OP_FREE, 200, 0, 0},
};

/* One worker; PP_MISUSE_COUNT is no misuse, only the calls around it. */
static void judge_one(const struct pp_subject_spec *spec, struct act *act,
                      double silence_seconds, enum pp_misuse kind,
                      struct pp_report *report, struct pp_misused *misused) {
  bool excused[PP_CLAUSE_COUNT];
  struct pp_outcome outcome;
  struct pp_ops_source source =
      pp_ops_read(behind, sizeof behind / sizeof *behind);
  struct pp_job job = {.spec = *spec,
                       .source = &source.source,
                       .silence_seconds = silence_seconds};
  *misused = (struct pp_misused){0};
  *act = (struct act){.misuse = kind};
  for (int i = 0; i < PP_CLAUSE_COUNT; i++)
    excused[i] = pp_declared_may_excuse((enum pp_clause)i);
  job.options.declared = excused; /* what it does anyway is no corruption */
  job.options.contents = PP_CONTENTS_FULL;
  job.options.shadow = true;
  job.options.on_block = misuse;
  job.options.on_block_ctx = act;
  pp_worker_run(&job, report, &outcome);
  if (report->profile[0] == '\0') conclude(act, report, &outcome, misused);
}

void pp_misuse_judge(const struct pp_subject_spec *spec, double silence_seconds,
                     struct pp_misused misused[PP_MISUSE_COUNT]) {
  struct act *act = pp_pages_shared(sizeof *act);
  struct pp_report *report = pp_pages_shared(sizeof *report);
  struct pp_misused sound = {0};
  memset(misused, 0, PP_MISUSE_COUNT * sizeof *misused);
  if (spec->kind == PP_SUBJECT_LIBC || spec->kind == PP_SUBJECT_MALLOC ||
      spec->kind == PP_SUBJECT_PLUGIN) {
    judge_one(spec, act, silence_seconds, PP_MISUSE_COUNT, report, &sound);
  }
  /* Of one that ends without misuse, an end says nothing. */
  for (int i = 0; i < PP_MISUSE_COUNT; i++) {
    if (sound.end != PP_MISUSE_SILENT || pp_interrupted) break;
    judge_one(spec, act, silence_seconds, (enum pp_misuse)i, report,
              &misused[i]);
  }
  pp_pages_free(report, sizeof *report);
  pp_pages_free(act, sizeof *act);
}
