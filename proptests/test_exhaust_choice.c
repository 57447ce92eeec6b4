/* What an exhaustive search is asked for, and what becomes of it when one of
 * its processes is stopped or ended by somebody else. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check/exhaust.h"
#include "proptests/judged.h"
#include "proptests/programs.h"

enum { MEMORY = 100000000, SILENCE = 1 };

static volatile int never;
static char folder[64];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(exhaust, .init = make_folder, .fini = remove_folder);

/* ---- which searches ---- */

static size_t choose(const char *profile, uint64_t arenas, uint64_t classes,
                     struct pp_exhaust_geometry *chosen) {
  return pp_exhaust_choose(pp_profile_find(profile), arenas, classes, chosen);
}

Test(exhaust, searches_are_chosen_by_arenas_and_classes) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  size_t all;
  pp_exhaust_geometries(pp_profile_find("tiny"), &all);
  cr_assert_eq(choose("tiny", 0, 0, chosen), all);
  cr_assert_eq(choose("tiny", 2, 0, chosen), 2);
  cr_assert_eq(choose("tiny", 2, 2, chosen), 1);
  cr_assert_eq(chosen[0].arenas, 2);
  cr_assert_eq(chosen[0].classes, 3);
  cr_assert_eq(choose("tiny", 0, 1, chosen), 2);
  cr_assert_eq(pp_exhaust_classes(&chosen[0]), 1);
}

Test(exhaust, a_search_with_more_arenas_is_cut_down) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  cr_assert_eq(choose("small", 2, 1, chosen), 1);
  cr_assert_eq(chosen[0].arenas, 2);
  cr_assert_eq(pp_exhaust_classes(&chosen[0]), 1);
  cr_assert_str_eq(chosen[0].name, "small-table, 2 of 3 arenas");
  cr_assert_eq(choose("tiny", 4, 0, chosen), 0);
  cr_assert_eq(choose("tiny", 0, 3, chosen), 0);
  cr_assert_eq(choose("3.9", 0, 0, chosen), 0);
}

Test(exhaust, what_cannot_be_searched_is_said) {
  static const struct {
    const char *option, *value, *says;
    int status;
  } cases[] = {
      {"--profile", "3.9", "too many states", 2},
      {"--arenas", "6", "no search of tiny has so many", 2},
      {"--classes", "3", "--arenas 2 --classes 2", 2},
      {"--memory", "100", "too little memory", 2},
      {"--arenas", "0", "not a value", 2},
      {"--subject", "libc", "no such option", 2},
      {"--state", "/nowhere/state", "No such file", 2},
      {"--state", "/", "Is a directory", 2},
      {"--json", "/nowhere/verdict", "No such file", 5},
      {"--json", "/", "Is a directory", 5},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct pp_ran ran = pp_run_poolproof(NULL, "exhaust", cases[i].option,
                                         cases[i].value, NULL);
    cr_assert_eq(ran.status, cases[i].status, "%s", cases[i].says);
    cr_assert_not_null(strstr(ran.err, cases[i].says), "%s", ran.err);
    cr_assert_eq(ran.out_size, 0);
    pp_ran_free(&ran);
  }
}

Test(exhaust, a_bare_name_is_that_of_a_file_here) {
  if (strcmp(pp_setting("POOLPROOF_SANITIZE"), "none") != 0)
    cr_skip("no variation is built with sanitizers");
  const char *library = pp_mutant_file("libmutant-pool-04-two-spares");
  cr_assert_eq(chdir(folder), 0);
  cr_assert_eq(symlink(library, "here.so"), 0);
  struct pp_ran ran = pp_run_poolproof(NULL, "exhaust", "--arenas", "1",
                                       "--reference", "here.so", NULL);
  cr_assert_eq(ran.status, 1, "%s", ran.err);
  cr_assert_not_null(strstr(ran.out, "replayed, ./here.so"), "%s", ran.out);
  pp_ran_free(&ran);
}

/* ---- processes of the search ---- */

struct meddling {
  int signal;
  unsigned times;
};

/* Our children, of which a search with one job has one. */
static pid_t child(void) {
  char path[64];
  int pid = 0;
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  FILE *file = fopen(path, "r");
  cr_assert_not_null(file);
  cr_assert_eq(fscanf(file, "%d", &pid), 1);
  fclose(file);
  return pid;
}

static void meddle(void *ctx, const struct pp_exhaust_progress *progress) {
  struct meddling *meddling = ctx;
  (void)progress;
  if (meddling->times++ == 0) kill(child(), meddling->signal);
}

static struct pp_exhaust_geometry geometry;

/* The last of its levels takes longer than it takes to look at a process. */
static struct pp_exhaust *open_search(struct meddling *meddling) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  char why[256];
  cr_assert_eq(choose("tiny", 2, 2, chosen), 1);
  geometry = chosen[0];
  struct pp_exhaust_options options = {
      .geometry = &geometry,
      .jobs = 1,
      .depth = 12,
      .memory = MEMORY,
      .silence_seconds = SILENCE,
      .stop = &never,
      .on_progress = meddling == NULL ? NULL : meddle,
      .on_progress_ctx = meddling,
  };
  struct pp_exhaust *search = pp_exhaust_open(&options, why, sizeof why);
  cr_assert_not_null(search, "%s", why);
  return search;
}

static struct pp_exhaust_result run_whole(struct meddling *meddling) {
  struct pp_exhaust_result result;
  struct pp_exhaust *search = open_search(meddling);
  pp_exhaust_run(search, &result);
  pp_exhaust_close(search);
  return result;
}

Test(exhaust, a_process_that_is_stopped_goes_on) {
  struct meddling stop = {.signal = SIGSTOP};
  struct pp_exhaust_result whole = run_whole(NULL);
  struct pp_exhaust_result stopped = run_whole(&stop);
  cr_assert_gt(stop.times, 1, "it was never stopped");
  cr_assert_eq(stopped.end, PP_EXHAUST_DEPTH);
  cr_assert_eq(stopped.progress.states, whole.progress.states);
  cr_assert_eq(stopped.progress.transitions, whole.progress.transitions);
}

Test(exhaust, a_process_that_is_ended_costs_one_level) {
  struct meddling end = {.signal = SIGKILL};
  struct pp_exhaust_result whole = run_whole(NULL), result;
  struct pp_exhaust *search = open_search(&end);
  char path[128], why[256];
  snprintf(path, sizeof path, "%s/state", folder);
  pp_exhaust_run(search, &result);
  cr_assert_eq(result.end, PP_EXHAUST_FAULT);
  cr_assert_not_null(strstr(result.finding.what, "ended from outside"));
  cr_assert(pp_exhaust_save(search, path, why, sizeof why), "%s", why);
  pp_exhaust_close(search);
  search = open_search(NULL);
  cr_assert(pp_exhaust_load(search, path, why, sizeof why), "%s", why);
  pp_exhaust_run(search, &result);
  pp_exhaust_close(search);
  cr_assert_eq(result.end, PP_EXHAUST_DEPTH);
  cr_assert_eq(result.progress.states, whole.progress.states);
  cr_assert_eq(result.progress.transitions, whole.progress.transitions);
}
