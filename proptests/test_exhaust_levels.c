/* The exhaustive search, level by level: what is counted at each depth, with
 * one process or more; where it ends, and what it tells then. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proptests/programs.h"
#include "proptests/searched.h"

static struct pp_exhaust_geometry geometry;
static struct pp_exhaust_options options;

static void choose(void) {
  geometry = pp_searched_geometry("tiny, 3 arenas, 1 class", 1);
  options = pp_searched_options(&geometry);
}

TestSuite(exhaust_levels, .init = choose);

static void counts(const struct pp_exhaust_progress *is, uint64_t states,
                   uint64_t transitions, uint64_t start, uint64_t depth,
                   uint64_t widest) {
  cr_expect_eq(is->states, states, "%" PRIu64, is->states);
  cr_expect_eq(is->transitions, transitions, "%" PRIu64, is->transitions);
  cr_expect_eq(is->level_transitions, transitions);
  cr_expect_eq(is->level_start, start, "%" PRIu64, is->level_start);
  cr_expect_eq(is->level_end, states);
  cr_expect_eq(is->position, start);
  cr_expect_eq(is->depth, depth, "%" PRIu64, is->depth);
  cr_expect_eq(is->widest, widest, "%" PRIu64, is->widest);
  cr_expect_eq(is->hidden, PP_LINK_NONE);
  cr_expect_gt(is->seconds, 0);
}

/* ---- an end ---- */

Test(exhaust_levels, each_depth_has_its_counts) {
  static const struct {
    uint64_t states, transitions, start, widest;
  } depths[] = {{1, 0, 0, 1}, {7, 56, 1, 6}, {11, 290, 7, 6}, {14, 404, 11, 6}};
  for (unsigned depth = 1; depth <= 3; depth++) {
    for (options.jobs = 1; options.jobs <= 2; options.jobs++) {
      options.depth = depth;
      struct pp_exhaust_result result = pp_searched_run(&options);
      cr_expect_eq(result.end, PP_EXHAUST_DEPTH);
      counts(&result.progress, depths[depth].states, depths[depth].transitions,
             depths[depth].start, depth, depths[depth].widest);
      cr_expect_eq(result.memory, depths[depth].states * (4096 + 28) +
                                      depths[depth].widest * 8);
      cr_expect_eq(result.finding.clause, PP_HOLDS);
      cr_expect_not(result.hidden);
      cr_expect_eq(result.operations, 0);
      cr_expect_eq(result.trace.count, 0);
    }
  }
}

/* And each clause is evaluated as often. */
Test(exhaust_levels, a_fixpoint_is_the_same_for_any_number_of_processes) {
  struct pp_exhaust_result one = pp_searched_run(&options);
  cr_expect_eq(one.end, PP_EXHAUST_FIXPOINT);
  counts(&one.progress, 44, 1563, 44, 9, 9);
  cr_expect_gt(one.progress.evaluated[PP_HEAP_01], 0);
  cr_expect_gt(one.progress.evaluated[PP_MAP_01], 0);
  for (options.jobs = 2; options.jobs <= 3; options.jobs++) {
    struct pp_exhaust_result more = pp_searched_run(&options);
    cr_expect_eq(more.end, PP_EXHAUST_FIXPOINT);
    counts(&more.progress, 44, 1563, 44, 9, 9);
    cr_expect_eq(memcmp(one.progress.evaluated, more.progress.evaluated,
                        sizeof one.progress.evaluated),
                 0);
  }
}

/* A level that does not fit is left as if it had not been begun. */
Test(exhaust_levels, memory_ends_before_the_level_that_meets_it) {
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  options.memory = 13312; /* 256 states */
  for (options.jobs = 1; options.jobs <= 2; options.jobs++) {
    struct pp_exhaust_result result = pp_searched_run(&options);
    cr_expect_eq(result.end, PP_EXHAUST_MEMORY);
    counts(&result.progress, 202, 4719, 105, 5, 97);
    cr_expect_eq(result.finding.clause, PP_HOLDS);
  }
}

/* ---- in pieces ---- */

Test(exhaust_levels, a_search_that_is_stopped_before_has_not_begun) {
  static const volatile int stop = 1;
  options.stop = &stop;
  struct pp_exhaust_result result = pp_searched_run(&options);
  cr_expect_eq(result.end, PP_EXHAUST_INTERRUPTED);
  counts(&result.progress, 1, 0, 0, 0, 1);
}

static volatile int stop_now;
static struct pp_reference slow;
static unsigned told;
static struct pp_exhaust *piece;

/* With five blocks in pools, which the sixth level is the first to have: until
 * the parent has passed on that it is to stop. */
static void *wait_once(struct pp_heap *heap, size_t size) {
  static bool waited;
  if (!waited && heap->live_blocks - heap->system_blocks == 5) {
    waited = true;
    while (!atomic_load(&piece->control->stop))
      usleep(1000);
  }
  return pp_reference_none.malloc(heap, size);
}

static void stop_at(void *ctx, const struct pp_exhaust_progress *progress) {
  cr_expect_eq(ctx, &told);
  if (progress->depth < 5) return; /* on a slow machine */
  cr_expect_gt(progress->seconds, 0.04);
  cr_expect_lt(progress->seconds, 60);
  cr_expect_geq(progress->states, 202);
  cr_expect_leq(progress->position, 105 + 128);
  cr_expect_eq(progress->depth, 5);
  told++;
  stop_now = 1;
}

static void same_search(const struct pp_exhaust *left,
                        const struct pp_exhaust *right) {
  uint64_t states = left->progress.states;
  cr_assert_eq(right->progress.states, states);
  cr_expect_eq(right->progress.transitions, left->progress.transitions);
  cr_expect_eq(right->progress.widest, left->progress.widest);
  cr_expect_eq(right->progress.depth, left->progress.depth);
  for (uint64_t i = 0; i < states; i++) {
    cr_assert(pp_key_equal(&left->table.keys[i], &right->table.keys[i]));
    cr_assert_eq(left->table.links[i], right->table.links[i]);
  }
}

/* Stopped in the middle of a level, saved, and gone on with; beside one that
 * was never stopped. */
Test(exhaust_levels, an_interrupted_level_is_gone_on_with) {
  char folder[64], path[128], why[256];
  struct pp_exhaust_result result;
  pp_folder_make(folder);
  snprintf(path, sizeof path, "%s/state", folder);
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  slow = pp_reference_none;
  options.subject = &slow;
  options.depth = 6;
  struct pp_exhaust *whole = pp_searched_open(&options);
  pp_exhaust_run(whole, &result);
  cr_expect_eq(result.end, PP_EXHAUST_DEPTH);
  slow.malloc = wait_once;
  options.stop = &stop_now;
  options.on_progress = stop_at;
  options.on_progress_ctx = &told;
  piece = pp_searched_open(&options);
  pp_exhaust_run(piece, &result);
  cr_expect_gt(told, 0);
  cr_expect_eq(result.end, PP_EXHAUST_INTERRUPTED);
  cr_expect_eq(result.progress.position, 105 + 64);
  cr_expect_eq(result.progress.level_end, 202);
  cr_expect_gt(result.progress.states, 202);
  cr_assert(pp_exhaust_save(piece, path, why, sizeof why), "%s", why);
  pp_exhaust_close(piece);
  options = pp_searched_options(&geometry);
  options.subject = &slow;
  options.depth = 6;
  slow.malloc = pp_reference_none.malloc;
  piece = pp_searched_open(&options);
  cr_assert(pp_exhaust_load(piece, path, why, sizeof why), "%s", why);
  pp_exhaust_run(piece, &result);
  cr_expect_eq(result.end, PP_EXHAUST_DEPTH);
  same_search(whole, piece);
  cr_expect_gt(piece->progress.seconds, 0.05);
  pp_exhaust_close(piece);
  pp_exhaust_close(whole);
  pp_folder_remove(folder);
}

/* ---- what cannot be searched ---- */

Test(exhaust_levels, a_search_that_cannot_be_made_leaves_nothing) {
  char why[256] = "";
  size_t mapped = pp_pages_mapped();
  options.memory = 13311;
  cr_expect_null(pp_exhaust_open(&options, why, sizeof why));
  cr_expect_str_eq(why, "that is too little memory for a search");
  cr_expect_eq(pp_pages_mapped(), mapped);
  geometry.arenas = 6;
  geometry.classes = 3;
  cr_expect_null(pp_exhaust_open(&options, why, sizeof why));
  cr_expect_str_eq(why, "a state of this geometry takes more than 128 bits");
  cr_expect_eq(pp_pages_mapped(), mapped);
}

Test(exhaust_levels, a_search_that_is_closed_leaves_nothing) {
  size_t mapped = pp_pages_mapped();
  pp_exhaust_close(pp_searched_open(&options));
  cr_expect_eq(pp_pages_mapped(), mapped);
  options.depth = 1;
  pp_searched_run(&options);
  options.subject = &pp_reference_none;
  pp_searched_run(&options);
  cr_expect_eq(pp_pages_mapped(), mapped);
}

Test(exhaust_levels, there_are_no_more_processes_than_there_may_be) {
  options.jobs = PP_JOBS_MAX;
  struct pp_exhaust *search = pp_searched_open(&options);
  cr_expect_eq(search->options.jobs, PP_JOBS_MAX);
  pp_exhaust_close(search);
  options.jobs = PP_JOBS_MAX + 1;
  search = pp_searched_open(&options);
  cr_expect_eq(search->options.jobs, PP_JOBS_MAX);
  cr_expect_not(search->lockstep);
  cr_expect_eq(search->subject, &pp_reference_object);
  pp_exhaust_close(search);
  options.subject = &pp_reference_none;
  search = pp_searched_open(&options);
  cr_expect(search->lockstep);
  cr_expect_eq(search->subject, &pp_reference_none);
  pp_exhaust_close(search);
}
