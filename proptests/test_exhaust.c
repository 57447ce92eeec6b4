/* The exhaustive search: it comes to an end with the same counts however it is
 * done, in one process or more, at once or in pieces; and what is planted is
 * found, with a trace that shows it when it is replayed. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check/exhaust.h"
#include "check/trace.h"
#include "proptests/judged.h"
#include "proptests/programs.h"

enum { MEMORY = 100000000, SILENCE = 2 };

static volatile int never;
static char folder[64];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(exhaust, .init = make_folder, .fini = remove_folder);

/* ---- searches of our own ---- */

/* The geometry of a profile that has most arenas, cut down to this many. */
static struct pp_exhaust_geometry geometry_of(const char *profile,
                                              unsigned arenas) {
  size_t count;
  const struct pp_exhaust_geometry *all =
      pp_exhaust_geometries(pp_profile_find(profile), &count);
  cr_assert_not_null(all);
  struct pp_exhaust_geometry geometry = all[0];
  for (size_t i = 1; i < count; i++)
    if (all[i].arenas > geometry.arenas) geometry = all[i];
  cr_assert_leq(arenas, geometry.arenas);
  geometry.arenas = arenas;
  return geometry;
}

static struct pp_exhaust_geometry geometry_named(const char *name) {
  for (int id = PP_PROFILE_TINY; id <= PP_PROFILE_SMALL; id++) {
    size_t count;
    const struct pp_exhaust_geometry *all =
        pp_exhaust_geometries(&pp_profiles[id], &count);
    for (size_t i = 0; i < count; i++)
      if (strcmp(all[i].name, name) == 0) return all[i];
  }
  cr_assert_fail("there is no search named %s", name);
  abort();
}

static struct pp_exhaust *open_search(struct pp_exhaust_options *options) {
  char why[256];
  options->memory = MEMORY;
  options->silence_seconds = SILENCE;
  if (options->stop == NULL) options->stop = &never;
  if (options->jobs == 0) options->jobs = 1;
  struct pp_exhaust *search = pp_exhaust_open(options, why, sizeof why);
  cr_assert_not_null(search, "%s", why);
  return search;
}

static struct pp_exhaust_result run_search(struct pp_exhaust_options options) {
  struct pp_exhaust_result result;
  struct pp_exhaust *search = open_search(&options);
  pp_exhaust_run(search, &result);
  pp_exhaust_close(search);
  return result;
}

static void same_counts(const struct pp_exhaust_progress *left,
                        const struct pp_exhaust_progress *right) {
  cr_assert_eq(left->states, right->states, "%" PRIu64 " and %" PRIu64,
               left->states, right->states);
  cr_assert_eq(left->transitions, right->transitions);
  cr_assert_eq(left->depth, right->depth);
  cr_assert_eq(left->widest, right->widest);
}

/* ---- the end of a search ---- */

Test(exhaust, one_arena_has_as_many_states_as_on_paper) {
  /* Three pools of one class with two blocks each. Without an arena: nothing,
   * the vector, or the vector and a node of the map. With one: 20 ways to share
   * three pools among never carved, empty, used and full, less the one in which
   * no pool was ever carved. Each with a block of the system or without. */
  struct pp_exhaust_geometry geometry = geometry_of("tiny", 1);
  struct pp_exhaust_result result =
      run_search((struct pp_exhaust_options){.geometry = &geometry});
  cr_assert_eq(result.end, PP_EXHAUST_FIXPOINT);
  cr_assert_eq(result.progress.states, 2 * (3 + 20 - 1));
  cr_assert_gt(result.progress.evaluated[PP_HEAP_01], result.progress.states);
}

/* As counted, not derived: a change of what is a state or a move is meant. */
Test(exhaust, counts_are_what_they_were) {
  static const struct {
    const char *name;
    uint64_t states, transitions, depth, widest;
  } counted[] = {
      {"tiny, 1 arena, 2 classes", 2734, 118656, 24, 236},
      {"small-classes, 1 arena", 782, 33432, 19, 104},
  };
  for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
    struct pp_exhaust_geometry geometry = geometry_named(counted[i].name);
    struct pp_exhaust_progress is =
        run_search((struct pp_exhaust_options){.geometry = &geometry}).progress;
    cr_expect_eq(is.states, counted[i].states);
    cr_expect_eq(is.transitions, counted[i].transitions);
    cr_expect_eq(is.depth, counted[i].depth);
    cr_expect_eq(is.widest, counted[i].widest);
  }
}

Test(exhaust, jobs_change_nothing) {
  struct pp_exhaust_geometry geometry = geometry_named("small-table, 1 arena");
  struct pp_exhaust_options options = {.geometry = &geometry};
  struct pp_exhaust_result one = run_search(options);
  options.jobs = 2;
  struct pp_exhaust_result two = run_search(options);
  cr_assert_eq(one.end, PP_EXHAUST_FIXPOINT);
  cr_assert_eq(two.end, PP_EXHAUST_FIXPOINT);
  same_counts(&one.progress, &two.progress);
  for (int clause = 0; clause < PP_CLAUSE_COUNT; clause++) {
    cr_assert_eq(one.progress.evaluated[clause],
                 two.progress.evaluated[clause]);
  }
}

Test(exhaust, bounds_are_kept) {
  struct pp_exhaust_geometry geometry = geometry_of("tiny", 2);
  struct pp_exhaust_options options = {.geometry = &geometry, .depth = 3};
  struct pp_exhaust_result result = run_search(options);
  cr_assert_eq(result.end, PP_EXHAUST_DEPTH);
  cr_assert_eq(result.progress.depth, 3);
  struct pp_ran ran = pp_run_poolproof(NULL, "exhaust", "--arenas", "2",
                                       "--memory", "50k", NULL);
  cr_assert_eq(ran.status, 4, "%s", ran.out);
  cr_assert_not_null(strstr(ran.out, "stopped: memory"));
  pp_ran_free(&ran);
}

/* ---- in pieces ---- */

Test(exhaust, a_search_goes_on_where_it_was_left) {
  struct pp_exhaust_geometry geometry =
      geometry_named("small-classes, 1 arena");
  struct pp_exhaust_options options = {.geometry = &geometry};
  struct pp_exhaust_result whole = run_search(options), piece;
  char path[128], why[256];
  snprintf(path, sizeof path, "%s/state", folder);
  uint64_t depth = 0;
  do {
    options.depth = depth += 5;
    struct pp_exhaust *search = open_search(&options);
    if (depth > 5)
      cr_assert(pp_exhaust_load(search, path, why, sizeof why), "%s", why);
    pp_exhaust_run(search, &piece);
    cr_assert(pp_exhaust_save(search, path, why, sizeof why), "%s", why);
    pp_exhaust_close(search);
  } while (piece.end == PP_EXHAUST_DEPTH);
  cr_assert_eq(piece.end, PP_EXHAUST_FIXPOINT);
  same_counts(&whole.progress, &piece.progress);
}

static void interrupt_after(struct pp_started *started, long milliseconds) {
  struct timespec soon = {0, milliseconds * 1000000};
  nanosleep(&soon, NULL);
  kill(started->pid, SIGINT);
}

static json_int_t number_in(const char *path, const char *key) {
  json_t *document = json_load_file(path, 0, NULL);
  cr_assert_not_null(document);
  json_t *search = json_array_get(json_object_get(document, "searches"), 0);
  json_int_t value = json_integer_value(json_object_get(search, key));
  json_decref(document);
  return value;
}

Test(exhaust, an_interrupted_search_goes_on) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  cr_assert_eq(pp_exhaust_choose(pp_profile_find("small"), 2, 1, chosen), 1);
  struct pp_exhaust_result whole =
      run_search((struct pp_exhaust_options){.geometry = &chosen[0]});
  char state[128], verdict[128];
  snprintf(state, sizeof state, "%s/state", folder);
  snprintf(verdict, sizeof verdict, "%s/verdict", folder);
  const char *const argv[] = {pp_setting("POOLPROOF"),
                              "exhaust",
                              "--profile",
                              "small",
                              "--arenas",
                              "2",
                              "--classes",
                              "1",
                              "--jobs",
                              "2",
                              "--state",
                              state,
                              "--json",
                              verdict,
                              NULL};
  int status = 130, pieces = 0;
  for (int i = 0; i < 200 && status == 130; i++) {
    struct pp_started started = pp_start(argv, NULL);
    if (pieces < 3 && i < 90) interrupt_after(&started, 10 * (i + 1));
    struct pp_ran ran = pp_finish(&started);
    status = ran.status;
    if (strstr(ran.out, "kept in") != NULL) pieces++;
    /* The signal may come before there is anybody to take it. */
    if (status == -SIGINT) status = 130;
    pp_ran_free(&ran);
  }
  cr_assert_eq(status, 0);
  cr_assert_gt(pieces, 0, "it was never interrupted");
  cr_assert_eq(number_in(verdict, "states"), (json_int_t)whole.progress.states);
  cr_assert_eq(number_in(verdict, "transitions"),
               (json_int_t)whole.progress.transitions);
  cr_assert_eq(number_in(verdict, "depth"), (json_int_t)whole.progress.depth);
}

static void refuses_state(const char *path, const char *arenas,
                          const char *what) {
  struct pp_ran ran = pp_run_poolproof(NULL, "exhaust", "--arenas", arenas,
                                       "--classes", "1", "--state", path, NULL);
  cr_assert_eq(ran.status, 2, "%s", ran.out);
  cr_assert_not_null(strstr(ran.err, what), "%s", ran.err);
  pp_ran_free(&ran);
}

Test(exhaust, a_state_that_is_not_one_is_refused) {
  char path[128];
  snprintf(path, sizeof path, "%s/state", folder);
  struct pp_ran ran = pp_run_poolproof(NULL, "exhaust", "--arenas", "1",
                                       "--classes", "1", "--state", path, NULL);
  cr_assert_eq(ran.status, 0);
  pp_ran_free(&ran);
  refuses_state(path, "2", "the state of another search");
  FILE *file = fopen(path, "r+b");
  cr_assert_not_null(file);
  fseek(file, -24, SEEK_END);
  int byte = fgetc(file);
  fseek(file, -24, SEEK_END);
  fputc(byte ^ 1, file);
  long size = ftell(file);
  fclose(file);
  refuses_state(path, "1", "damaged");
  cr_assert_eq(truncate(path, size), 0);
  refuses_state(path, "1", "cut short");
  cr_assert_eq(truncate(path, 100), 0);
  refuses_state(path, "1", "too short");
  pp_file_write(path, folder, "text", "poolproof-trace 1\n", 18);
  refuses_state(path, "1", "too short");
}

/* ---- what is planted ---- */

/* Builds with one function replaced. Each stays sound until the call that is
 * faulty, so the search has to come there. */
static void *crashing_calloc(struct pp_heap *heap, size_t count, size_t size) {
  struct pp_counts counts;
  pp_reference_none.count(heap, &counts);
  if (counts.pool_blocks == 2) raise(SIGSEGV);
  return pp_reference_none.calloc(heap, count, size);
}

static void *endless_calloc(struct pp_heap *heap, size_t count, size_t size) {
  struct pp_counts counts;
  pp_reference_none.count(heap, &counts);
  while (counts.pool_blocks == 2) {
  }
  return pp_reference_none.calloc(heap, count, size);
}

static void *dirty_calloc(struct pp_heap *heap, size_t count, size_t size) {
  uint8_t *block = pp_reference_none.calloc(heap, count, size);
  struct pp_counts counts;
  pp_reference_none.count(heap, &counts);
  if (block != NULL && counts.pool_blocks == 2) block[9] = 1;
  return block;
}

static void writing_free(struct pp_heap *heap, void *block) {
  pp_reference_none.free(heap, block);
  if (block != NULL && pp_reference_none.owns(heap, block))
    ((uint8_t *)block)[8] = 0;
}

static void found(const struct pp_reference *subject, enum pp_clause clause,
                  const char *trace[], unsigned least_jobs) {
  struct pp_exhaust_geometry geometry = geometry_of("tiny", 1);
  for (unsigned jobs = least_jobs; jobs <= 2; jobs++) {
    struct pp_exhaust_result result = run_search((struct pp_exhaust_options){
        .geometry = &geometry, .subject = subject, .jobs = jobs});
    cr_assert_eq(result.end, PP_EXHAUST_FOUND);
    cr_assert_eq(result.finding.clause, clause, "%s, %s",
                 pp_clause_texts[result.finding.clause].id,
                 result.finding.what);
    for (size_t i = 0; i < result.trace.count; i++) {
      char line[128];
      pp_op_print(&result.trace.at[i], line, sizeof line);
      cr_assert_str_eq(line, trace[i]);
    }
    cr_assert_null(trace[result.trace.count]);
    pp_ops_free(&result.trace);
  }
}

Test(exhaust, crashes_and_hangs_are_found) {
  struct pp_reference faulty = pp_reference_none;
  const char *trace[] = {"arena-skew 4096", "malloc 1 32", "malloc 2 32",
                         "calloc 3 1 31", NULL};
  faulty.calloc = crashing_calloc;
  found(&faulty, PP_API_37, trace, 1);
  faulty.calloc = endless_calloc;
  found(&faulty, PP_API_36, trace, 2);
}

Test(exhaust, faulty_contents_are_found) {
  struct pp_reference faulty = pp_reference_none;
  const char *dirty[] = {"arena-skew 4096", "malloc 1 32", "calloc 2 1 31",
                         NULL};
  faulty.calloc = dirty_calloc;
  found(&faulty, PP_HEAP_08, dirty, 1);
  faulty = pp_reference_none;
  const char *writing[] = {"arena-skew 4096", "malloc 1 32", "free 1", NULL};
  faulty.free = writing_free;
  found(&faulty, PP_BLOCK_04, writing, 1);
}

/* Each rule that is changed; the arenas that it takes to show it, the
 * operations after which the heap is another, and the statements that show it.
 */
static const struct planted {
  const char *name;
  const char *profile;
  const char *arenas;
  json_int_t operations;
  size_t statements;
} planted[] = {
    {"heap-05-calloc-gives-up", "tiny", "1", 1, 3},
    {"pool-04-two-spares", "tiny", "1", 1, 2},
    {"block-05-oldest-first", "tiny", "1", 2, 3},
    {"arena-11-last-kept", "small", "1", 2, 3},
    {"arena-12-none-kept", "tiny", "1", 2, 3},
    {"arena-06-descending", "tiny", "3", 8, 9},
    {"arena-09-behind-its-equals", "tiny", "3", 18, 19},
    {"arena-10-stale-table", "tiny", "3", 11, 12},
    {"heap-03-largest-refused", "tiny", "1", 1, 2},
    {"heap-07-product-wraps", "tiny", "1", 1, 1},
    {"heap-14-vector-given-back", "small", "1", 2, 3},
    {"heap-15-empty-pools-forgotten", "tiny", "1", 2, 3},
    {"map-01-arenas-counted", "small", "3", 12, 14},
    {"sc-02-powers-of-two", "small", "1", 1, 1},
    {"sc-05-header-counted-twice", "tiny", "1", 0, 0},
};

static void is_found(const struct planted *mutant) {
  char library[64], verdict[128];
  snprintf(library, sizeof library, "libmutant-%s", mutant->name);
  snprintf(verdict, sizeof verdict, "%s/verdict", folder);
  struct pp_ran ran = pp_run_poolproof(
      NULL, "exhaust", "--profile", mutant->profile, "--arenas", mutant->arenas,
      "--reference", pp_mutant_file(library), "--json", verdict, NULL);
  cr_assert_eq(ran.status, 1, "%s: %s%s", mutant->name, ran.out, ran.err);
  cr_assert_not_null(strstr(ran.out, "replayed, "), "%s: %s", mutant->name,
                     ran.out);
  pp_ran_free(&ran);
  json_t *document = json_load_file(verdict, 0, NULL);
  json_t *searches = json_object_get(document, "searches");
  json_t *search = json_array_get(searches, json_array_size(searches) - 1);
  json_t *violation = json_object_get(search, "violation");
  cr_expect_eq(json_integer_value(json_object_get(violation, "operations")),
               mutant->operations, "%s: %" JSON_INTEGER_FORMAT, mutant->name,
               json_integer_value(json_object_get(violation, "operations")));
  size_t statements = json_array_size(json_object_get(violation, "trace")) - 1;
  cr_expect_eq(statements, mutant->statements, "%s: %zu statements",
               mutant->name, statements);
  json_decref(document);
}

Test(exhaust, variations_are_found_with_a_shortest_trace) {
  if (strcmp(pp_setting("POOLPROOF_SANITIZE"), "none") != 0)
    cr_skip("no variation is built with sanitizers");
  for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++)
    is_found(&planted[i]);
}
