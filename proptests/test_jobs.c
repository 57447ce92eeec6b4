/* The jobs of examples/ci: sound YAML, steps that their servers know, and a
 * command that poolproof of today takes, writing what the job hands on. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proptests/programs.h"

static char folder[64];

static void enter_folder(void) {
  pp_folder_make(folder);
  cr_assert_eq(chdir(folder), 0);
}

static void leave_folder(void) {
  cr_assert_eq(chdir("/"), 0);
  pp_folder_remove(folder);
}

TestSuite(jobs, .init = enter_folder, .fini = leave_folder);

static const char *const files[] = {"github.yml", "gitlab.yml"};

static void path_of(char path[4096], const char *place, const char *name) {
  snprintf(path, 4096, "%s/%s/%s", pp_setting("POOLPROOF_DATA"), place, name);
}

/* The servers want no mark where a document begins, and "on" is a name. */
Test(jobs, are_lint_free) {
  char path[4096];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    path_of(path, "examples/ci", files[i]);
    struct pp_ran ran = pp_run(
        (const char *[]){"yamllint", "-s", "-d",
                         "{extends: default, rules: {document-start: disable, "
                         "truthy: {check-keys: false}}}",
                         path, NULL},
        NULL);
    int status = ran.status;
    if (status != 127) cr_assert_eq(status, 0, "%s%s", ran.out, ran.err);
    pp_ran_free(&ran);
    if (status == 127) cr_skip("there is no yamllint");
  }
}

Test(jobs, do_what_they_say) {
  char path[4096], script[4096], faulty[4096];
  snprintf(faulty, sizeof faulty, "%s/proptests/faulty.so",
           pp_setting("POOLPROOF_BUILD"));
  path_of(script, "proptests", "read_jobs.py");
  setenv("POOLPROOF_FAULT", "twice", 1);
  cr_assert_eq(symlink(faulty, "libmine.so"), 0);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    path_of(path, "examples/ci", files[i]);
    struct pp_ran ran = pp_run((const char *[]){"python3", script, path,
                                                pp_setting("POOLPROOF"), NULL},
                               NULL);
    int status = ran.status;
    if (status != 77)
      cr_assert_eq(status, 0, "%s: %s%s", files[i], ran.out, ran.err);
    pp_ran_free(&ran);
    if (status == 77) cr_skip("there is no python3-yaml");
  }
}
