/* Subjects that are loaded by LD_PRELOAD: the malloc of a whole process, from
 * its first instruction on. What they break is found as otherwise, how they end
 * the process is told, and what the loader did not take is not judged. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proptests/judged.h"
#include "proptests/programs.h"

static const char *module(const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/preloaded-%s.so",
           pp_setting("POOLPROOF_MODULES"), name);
  return path;
}

static struct pp_ran check(const char *name, const char *operations) {
  return pp_run_poolproof(NULL, "check", module(name), "--preload", "--ops",
                          operations, NULL);
}

static void says(struct pp_ran *ran, int status, const char *text) {
  cr_expect_eq(ran->status, status, "%d: %s%s", ran->status, ran->out,
               ran->err);
  bool said = strstr(ran->out, text) != NULL || strstr(ran->err, text) != NULL;
  cr_expect(said, "%s: %s%s", text, ran->out, ran->err);
  pp_ran_free(ran);
}

Test(preload, sound_one_conforms) {
  struct pp_ran ran = check("sound", "30k");
  says(&ran, 0, "malloc of preloade");
}

Test(preload, fault_is_found_and_shown) {
  struct pp_ran ran = check("freed-twice", "30k");
  cr_expect_not_null(strstr(ran.out, "breaks API-01"), "%s", ran.out);
  says(&ran, 1, "preloaded-freed-twice.so --preload -");
  ran = check("stamped", "30k");
  says(&ran, 1, "breaks API-03");
}

/* What is printed reproduces it. */
Test(preload, trace_is_replayed_and_shrunk) {
  static const char trace[] =
      "poolproof-trace 1\nmalloc 0 100\nmalloc 1 100\nrealloc 0 1000\n"
      "malloc 2 100\nmalloc 3 100\n";
  const char *file = module("freed-twice");
  struct pp_ran ran = pp_run_poolproof(trace, "replay", "--subject", file,
                                       "--preload", "-", NULL);
  says(&ran, 1, "breaks API-01");
  ran = pp_run_poolproof(trace, "shrink", "--subject", file, "--preload", "-",
                         NULL);
  cr_expect_null(strstr(ran.out, "malloc 1 100"), "%s", ran.out);
  says(&ran, 1, "poolproof-trace 1");
  file = module("sound");
  ran = pp_run_poolproof(trace, "replay", "--subject", file, "--preload", "-",
                         NULL);
  says(&ran, 0, "conforms");
}

/* Before the first instruction of ours. */
Test(preload, ends_of_the_process_are_named) {
  struct pp_ran ran = check("crash", "1k");
  says(&ran, 1, "ended by signal 11 (Segmentation fault) while it was loaded");
  ran = check("exit", "1k");
  says(&ran, 1, "exited with status 0 while it was loaded");
  ran = check("flood", "1k");
  says(&ran, 1, "breaks API-39");
}

/* With the other descriptors it closes the one behind which its job lies. */
Test(preload, closed_descriptors_are_no_verdict) {
  struct pp_ran ran = check("close", "1k");
  cr_expect_neq(ran.status, 0);
  cr_expect_null(strstr(ran.out, "conforms"), "%s", ran.out);
  pp_ran_free(&ran);
}

/* ---- runners ---- */

/* FOLDER/PROGRAM with this malloc of mutants/ inside. */
static const char *build_runner(const char *folder, const char *program,
                                const char *malloc_file, const char *define) {
  static char path[128];
  char tool[4096], sources[3][4096];
  const char *root = pp_setting("POOLPROOF_DATA");
  snprintf(path, sizeof path, "%s/%s", folder, program);
  snprintf(tool, sizeof tool, "%s/tools/build-runner", root);
  snprintf(sources[0], sizeof sources[0], "%s/proptests/preloaded.c", root);
  snprintf(sources[1], sizeof sources[1], "%s/mutants/mallocs/sound.c", root);
  snprintf(sources[2], sizeof sources[2], "%s/mutants/mallocs/%s", root,
           malloc_file);
  struct pp_ran ran =
      pp_run((const char *[]){tool, path, "gcc", "-O0", define, sources[0],
                              sources[1], sources[2], NULL},
             NULL);
  cr_assert_eq(ran.status, 0, "%s%s", ran.out, ran.err);
  pp_ran_free(&ran);
  return path;
}

static struct pp_ran check_runner(const char *path) {
  char subject[256];
  snprintf(subject, sizeof subject, "runner:%s", path);
  return pp_run_poolproof(NULL, "check", subject, "--ops", "30k", NULL);
}

Test(preload, runner_is_judged_by_the_malloc_inside) {
  char folder[64];
  pp_folder_make(folder);
  struct pp_ran ran = check_runner(
      build_runner(folder, "sound-1.5", "sound-as-it-is.c", "-DLOADING=0"));
  cr_expect_not_null(strstr(ran.out, "conforms"), "%s", ran.out);
  says(&ran, 0, "sound 1.5");
  ran = check_runner(
      build_runner(folder, "faulty", "api-01-freed-twice.c", "-DLOADING=0"));
  cr_expect_not_null(strstr(ran.out, "--subject runner:"), "%s", ran.out);
  says(&ran, 1, "breaks API-01");
  pp_folder_remove(folder);
}

Test(preload, runner_of_this_library_is_judged) {
  char path[4096], subject[4200];
  snprintf(path, sizeof path, "%s/check/runner", pp_setting("POOLPROOF_BUILD"));
  snprintf(subject, sizeof subject, "runner:%s", path);
  struct pp_ran ran = pp_run_poolproof(
      "poolproof-trace 1\nmalloc 0 100\nreallocarray 0 7 9\nusable 0\n",
      "replay", "--subject", subject, "-", NULL);
  says(&ran, 0, "conforms");
}

Test(preload, what_is_no_runner_is_not_judged) {
  struct pp_ran ran = check_runner("/bin/true");
  says(&ran, 3, "the runner could not be started");
  ran = check_runner("/nowhere/at/all");
  says(&ran, 3, "/nowhere/at/all cannot be run");
  ran = check_runner("/etc/passwd");
  says(&ran, 3, "cannot be run");
}

Test(preload, what_the_loader_did_not_take_is_not_judged) {
  char folder[64], path[128], spaced[128];
  pp_folder_make(folder);
  pp_file_write(path, folder, "text.so", "no library", 10);
  struct pp_ran ran = pp_run_poolproof(NULL, "check", path, "--preload", NULL);
  cr_expect_eq(ran.status, 3, "%d: %s", ran.status, ran.out);
  pp_ran_free(&ran);
  snprintf(spaced, sizeof spaced, "%s/a b.so", folder);
  cr_assert_eq(symlink(module("sound"), spaced), 0);
  ran = pp_run_poolproof(NULL, "check", spaced, "--preload", NULL);
  says(&ran, 3, "a blank or a colon");
  pp_folder_remove(folder);
}

Test(preload, what_has_no_malloc_is_a_mistake) {
  struct pp_ran ran =
      pp_run_poolproof(NULL, "check", "libc", "--preload", NULL);
  says(&ran, 2, "--preload");
  ran = pp_run_poolproof(NULL, "check", module("sound"), "--preload",
                         "--prefix", "je_", NULL);
  says(&ran, 2, "--preload");
  ran = pp_run_poolproof(NULL, "check", pp_mutant_file("sound-as-it-is"),
                         "--preload", NULL);
  says(&ran, 2, "--preload");
  ran = pp_run_poolproof(NULL, "--preloaded-worker", "0", NULL);
  says(&ran, 2, "--preloaded-worker");
}
