/* Subjects that crash, hang, exit, write without end, close what is not theirs
 * or multiply, in a call and while they are loaded: each has its verdict within
 * the limits, and none of them is left over (SPEC.md, API-36 to API-39). */
#include <criterion/criterion.h>
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proptests/judged.h"
#include "proptests/programs.h"

enum { OPERATIONS = 2500 };

static const char *const whens[] = {"malloc", "loading"};

/* Whether the process has this file mapped. */
static bool maps(const char *pid, const char *file) {
  char path[64], line[4096];
  bool found = false;
  snprintf(path, sizeof path, "/proc/%.20s/maps", pid);
  FILE *text = fopen(path, "r");
  if (text == NULL) return false;
  while (!found && fgets(line, sizeof line, text) != NULL)
    found = strstr(line, file) != NULL;
  fclose(text);
  return found;
}

static unsigned processes_with(const char *file) {
  DIR *folder = opendir("/proc");
  unsigned count = 0;
  cr_assert_not_null(folder);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    count +=
        isdigit((unsigned char)entry->d_name[0]) && maps(entry->d_name, file);
  closedir(folder);
  return count;
}

/* What was told to end may take a moment to. */
static void nothing_is_left(const char *file) {
  unsigned left = 1;
  for (int i = 0; i < 100 && (left = processes_with(file)) > 0; i++)
    usleep(20000);
  cr_assert_eq(left, 0, "%u processes of %s are left", left, file);
}

static struct pp_judgement *judged(const char *act, const char *when) {
  char name[64];
  snprintf(name, sizeof name, "hostile-%s-in-%s", act, when);
  struct pp_judgement *judgement = pp_judged(name, OPERATIONS);
  nothing_is_left(pp_mutant_file(name));
  return judgement;
}

/* The same end in a call and while loading. */
static void ends(const char *act, enum pp_clause clause) {
  for (size_t i = 0; i < 2; i++) {
    struct pp_judgement *judgement = judged(act, whens[i]);
    bool loading = i == 1;
    pp_judged_breaks(judgement, clause, 1);
    cr_assert_eq(strstr(judgement->finding.what, "while it was loaded") != NULL,
                 loading && clause != PP_API_39, "%s",
                 pp_judged_text(judgement));
    cr_assert_eq(judgement->finding.step, loading ? 0 : 1);
    cr_assert(judgement->seconds < 2 * PP_SILENCE_IN_TESTS + 3);
  }
}

Test(API_36, endless_loop) {
  ends("loop", PP_API_36);
}

Test(API_36, endless_loop_with_all_signals_blocked) {
  ends("loop-deaf", PP_API_36);
}

Test(API_36, stopped_by_itself) {
  ends("stop", PP_API_36);
}

Test(API_37, crash) {
  ends("crash", PP_API_37);
}

Test(API_37, abort) {
  ends("abort", PP_API_37);
}

Test(API_37, stack_overflow) {
  ends("overflow", PP_API_37);
}

Test(API_38, exit_at_once) {
  ends("exit-at-once", PP_API_38);
}

/* Its child keeps the output open behind it. */
Test(API_38, goes_on_in_a_child) {
  ends("depart", PP_API_38);
}

Test(API_39, flood) {
  ends("flood", PP_API_39);
}

/* exit() runs what this test's own process left to be run at its end, so here
 * it is the program that judges. */
Test(API_38, exit) {
  for (size_t i = 0; i < 2; i++) {
    char name[64];
    snprintf(name, sizeof name, "hostile-exit-in-%s", whens[i]);
    struct pp_ran ran =
        pp_run_poolproof(NULL, "check", pp_mutant_file(name), NULL);
    cr_assert_eq(ran.status, 1, "%d: %s", ran.status, ran.out);
    cr_assert_not_null(strstr(ran.out, "API-38"), "%s", ran.out);
    cr_assert_not_null(strstr(ran.out, "exited with status 0"), "%s", ran.out);
    pp_ran_free(&ran);
  }
}

/* What cannot be watched to the end has no verdict. */
Test(API_39, closing_all_descriptors_is_not_a_pass) {
  for (size_t i = 0; i < 2; i++) {
    struct pp_judgement *judgement = judged("close", whens[i]);
    cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE, "%s",
                 pp_judged_text(judgement));
    cr_assert_not_null(strstr(judgement->why, "closed the output"));
  }
}

/* A child that goes on where its parent does cannot answer in its place: what
 * is counted is what is counted without it. */
Test(API_37, a_second_process_is_not_counted) {
  struct pp_judgement *alone = pp_judged("sound-as-it-is", OPERATIONS);
  for (size_t i = 0; i < 2; i++) {
    struct pp_judgement *judgement = judged("multiply", whens[i]);
    pp_judged_conforms(judgement);
    cr_assert_eq(judgement->operations, alone->operations);
    cr_assert_eq(pp_judgement_checks(judgement), pp_judgement_checks(alone));
  }
}
