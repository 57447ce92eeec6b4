/* Which clauses a run promises to look at (check/armed.c): what a subject has
 * no call for has no oracle, and each call that it has brings its own. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/driver.h"

enum { TEXT_MAX = 4096 };

/* A run that has not begun. */
struct run {
  struct pp_subject calls;
  struct pp_loaded subject;
  struct pp_report report;
  struct pp_driver driver;
};

static struct run plain(void) {
  static struct run run;
  memset(&run, 0, sizeof run);
  return run;
}

/* The ids of the clauses that are armed, and of those only that the plain run
 * has not. */
static const char *armed(struct run *run, enum pp_level level,
                         const uint8_t *without) {
  static char text[TEXT_MAX];
  char *at = text;
  run->driver.subject = &run->subject;
  run->driver.calls = &run->calls;
  run->driver.report = &run->report;
  pp_arm(&run->driver, level);
  *at = '\0';
  for (int i = 0; i < PP_CLAUSE_COUNT; i++) {
    cr_assert_leq(run->report.armed[i], 1);
    if (!run->report.armed[i] || (without != NULL && without[i])) continue;
    at += sprintf(at, " %s", pp_clause_texts[i].id);
  }
  return text;
}

/* What the run promises that the plain one does not. */
static const char *more(struct run *run) {
  struct run without = plain();
  armed(&without, PP_LEVEL_NONE, NULL);
  return armed(run, PP_LEVEL_NONE, without.report.armed);
}

/* ---- calls that any subject may have; none of them is made here ---- */

static void *array(void *ctx, void *block, size_t count, size_t size) {
  (void)ctx, (void)block, (void)count, (void)size;
  return NULL;
}

static void *aligned(void *ctx, size_t alignment, size_t size) {
  (void)ctx, (void)alignment, (void)size;
  return NULL;
}

static int memalign(void *ctx, void **out, size_t alignment, size_t size) {
  (void)ctx, (void)out, (void)alignment, (void)size;
  return 0;
}

static void sized(void *ctx, void *block, size_t size) {
  (void)ctx, (void)block, (void)size;
}

static void aligned_end(void *ctx, void *block, size_t alignment, size_t size) {
  (void)ctx, (void)block, (void)alignment, (void)size;
}

static size_t usable(void *ctx, void *block) {
  (void)ctx, (void)block;
  return 0;
}

static struct run with_all_calls(void) {
  struct run run = plain();
  run.calls.reallocarray = array;
  run.calls.aligned_alloc = aligned;
  run.calls.posix_memalign = memalign;
  run.calls.free_sized = sized;
  run.calls.usable_size = usable;
  run.calls.sets_errno = 1;
  return run;
}

Test(armed, four_calls_are_enough_for_these) {
  struct run run = plain();
  cr_assert_str_eq(armed(&run, PP_LEVEL_NONE, NULL),
                   " API-04 API-05 API-06 API-07 API-10 API-11 API-14 API-15"
                   " API-16 API-17 API-34 API-35 API-36 API-37 API-38 API-39"
                   " API-40 API-42 API-61 API-62 API-64");
}

/* How closely the reference watches matters where there is one. */
Test(armed, level_does_not_matter_to_any_malloc) {
  struct run none = plain();
  char *text = strdup(armed(&none, PP_LEVEL_NONE, NULL));
  for (int level = 0; level < PP_LEVEL_COUNT; level++) {
    struct run run = plain();
    cr_assert_str_eq(armed(&run, (enum pp_level)level, NULL), text);
  }
  free(text);
}

Test(armed, options_bring_what_they_watch) {
  struct run run = plain();
  run.driver.options.shadow = true;
  cr_assert_str_eq(more(&run), " API-01");
  for (int contents = PP_CONTENTS_HEADER; contents <= PP_CONTENTS_FULL;
       contents++) {
    run = plain();
    run.driver.options.contents = (enum pp_contents)contents;
    cr_assert_str_eq(more(&run), " API-02 API-03 API-09 API-12 API-13 API-63");
  }
}

Test(armed, calls_bring_their_clauses) {
  struct run run = plain();
  run.calls.aligned_alloc = aligned;
  cr_assert_str_eq(more(&run), " API-23 API-24 API-41 API-44 API-50 API-51"
                               " API-52 API-56");
  run = plain();
  run.calls.posix_memalign = memalign;
  cr_assert_str_eq(more(&run),
                   " API-25 API-26 API-27 API-28 API-45 API-46 API-47 API-48"
                   " API-49 API-53 API-54 API-55 API-57 API-60");
  run = plain();
  run.calls.reallocarray = array;
  cr_assert_str_eq(more(&run), " API-29 API-65 API-66 API-69 API-70");
  run = plain();
  run.calls.usable_size = usable;
  cr_assert_str_eq(more(&run), " API-30 API-31 API-74 API-76");
  run = plain();
  run.calls.free_sized = sized;
  cr_assert_str_eq(more(&run), " API-32 API-77");
}

Test(armed, calls_and_options_bring_theirs) {
  static const struct pp_subject with[] = {{.free_aligned_sized = aligned_end},
                                           {.usable_size = usable},
                                           {.reallocarray = array},
                                           {.aligned_alloc = aligned},
                                           {.posix_memalign = memalign}};
  static const enum pp_clause clauses[][2] = {{PP_API_78, PP_API_78},
                                              {PP_API_73, PP_API_75},
                                              {PP_API_68, PP_API_68},
                                              {PP_API_71, PP_API_71},
                                              {PP_API_71, PP_API_71}};
  for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
    struct run run = plain(), without = plain();
    run.calls = with[i];
    run.driver.options.shadow = without.driver.options.shadow = true;
    run.driver.options.contents = without.driver.options.contents =
        PP_CONTENTS_FULL;
    armed(&run, PP_LEVEL_NONE, NULL);
    armed(&without, PP_LEVEL_NONE, NULL);
    for (size_t j = 0; j < 2; j++) {
      cr_assert(run.report.armed[clauses[i][j]], "row %zu", i);
      cr_assert_not(without.report.armed[clauses[i][j]], "row %zu", i);
    }
  }
}

Test(armed, errno_is_looked_at_where_it_is_claimed) {
  struct run run = plain();
  run.calls.sets_errno = 1;
  cr_assert_str_eq(more(&run),
                   " API-08 API-18 API-19 API-20 API-43 API-59 API-79");
  run = plain();
  run.calls.sets_errno = 1;
  run.calls.aligned_alloc = aligned;
  cr_assert_str_eq(more(&run),
                   " API-08 API-18 API-19 API-20 API-21 API-23 API-24 API-41"
                   " API-43 API-44 API-50 API-51 API-52 API-56 API-59 API-79");
  run = plain();
  run.calls.sets_errno = 1;
  run.calls.reallocarray = array;
  cr_assert_str_eq(more(&run),
                   " API-08 API-18 API-19 API-20 API-22 API-29 API-43"
                   " API-59 API-65 API-66 API-67 API-69 API-70 API-79");
}

/* ---- CPython's family ---- */

/* Its calls are four, whatever else the object exports. */
Test(armed, family_is_held_to_its_own_calls) {
  struct run run = with_all_calls();
  run.calls.sets_errno = 0;
  run.subject.profile = &pp_profiles[PP_PROFILE_3_9];
  cr_assert_str_eq(armed(&run, PP_LEVEL_NONE, NULL),
                   " BLOCK-01 ARENA-22 HEAP-12 HEAP-13 HEAP-14 API-04 API-07"
                   " API-10 API-11 API-15 API-16 API-17 API-36 API-37 API-38"
                   " API-39 API-40");
}

/* What the profile has and the run has not. */
static const char *left_out(enum pp_profile_id profile, enum pp_level level,
                            unsigned arenas_before) {
  static char text[TEXT_MAX];
  struct run run = plain();
  char *at = text;
  *at = '\0';
  run.subject.profile = &pp_profiles[profile];
  run.subject.arenas_before = arenas_before;
  armed(&run, level, NULL);
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    bool holds = pp_clause_texts[i].profiles >> profile & 1;
    bool api = strcmp(pp_clause_texts[i].area, "API") == 0;
    if (!holds && run.report.armed[i])
      cr_assert(api, "%s is not of %s", pp_clause_texts[i].id,
                pp_profiles[profile].name);
    if (!holds || run.report.armed[i]) continue;
    if (i >= PP_OBJ_01 && i <= PP_GRAPH_18) continue; /* of objects, no heap */
    at += sprintf(at, " %s", pp_clause_texts[i].id);
  }
  return text;
}

Test(armed, reference_brings_the_clauses_of_the_profile) {
  /* Misaligned arenas are met where a pool is larger than a page. */
  cr_assert_str_eq(left_out(PP_PROFILE_3_13, PP_LEVEL_HEAP, 0),
                   " MAP-07 REALLOC-10");
  cr_assert_str_eq(left_out(PP_PROFILE_3_10, PP_LEVEL_OBJECT, 0),
                   " MAP-07 REALLOC-10");
  cr_assert_str_eq(left_out(PP_PROFILE_3_9, PP_LEVEL_HEAP, 0),
                   " GEO-05 REALLOC-10");
  cr_assert_str_eq(left_out(PP_PROFILE_3_6, PP_LEVEL_HEAP, 0),
                   " GEO-05 REALLOC-11");
  cr_assert_str_eq(left_out(PP_PROFILE_TINY, PP_LEVEL_HEAP, 0),
                   " GEO-05 MAP-07 REALLOC-10");
  /* A heap that was primed has blocks that live for ever. */
  cr_assert_str_eq(left_out(PP_PROFILE_3_13, PP_LEVEL_HEAP, 1),
                   " MAP-07 HEAP-11 REALLOC-10");
}

Test(armed, copies_are_not_compared_at_level_cheap) {
  cr_assert_str_eq(left_out(PP_PROFILE_3_13, PP_LEVEL_CHEAP, 0),
                   " MAP-07 REALLOC-05 REALLOC-10");
}
