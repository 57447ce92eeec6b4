/* Declarations that the program writes (check --profile-out): what an odd
 * allocator deviates in is read back from the file and conforms, and no file
 * comes of what was not judged. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/declared.h"
#include "proptests/programs.h"

static char folder[64];
static char subject[128];
static char file[128];

static void make(void) {
  pp_folder_make(folder);
  cr_assert_eq(chdir(folder), 0);
}

static void forget(void) {
  cr_assert_eq(chdir("/"), 0);
  pp_folder_remove(folder);
}

TestSuite(declare, .init = make, .fini = forget);

/* The plug-in alone, without what lies beside it elsewhere. */
static void take(const char *setting, const char *name) {
  char from[512];
  snprintf(from, sizeof from, "%s/%s", pp_setting(setting), name);
  snprintf(subject, sizeof subject, "%s/%s", folder, name);
  cr_assert_eq(symlink(from, subject), 0);
}

static struct pp_ran checked(const char *operations) {
  return pp_run_poolproof(NULL, "check", "--ops", operations, subject, NULL);
}

static struct pp_ran declared(const char *path, const char *operations) {
  return pp_run_poolproof(NULL, "check", "--ops", operations, "--profile-out",
                          path, subject, NULL);
}

static void exits(struct pp_ran ran, int status, const char *says) {
  cr_assert_eq(ran.status, status, "%d: %s%s", ran.status, ran.out, ran.err);
  if (says != NULL) {
    cr_assert(strstr(ran.out, says) != NULL || strstr(ran.err, says) != NULL,
              "no \"%s\": %s%s", says, ran.out, ran.err);
  }
  pp_ran_free(&ran);
}

static void in_folder(const char *name) {
  snprintf(file, sizeof file, "%s/%s", folder, name);
}

static void nothing_is_at(const char *name) {
  in_folder(name);
  cr_assert_neq(access(file, F_OK), 0, "%s", file);
}

static void has_line(const char *path, const char *start) {
  char line[1024];
  FILE *in = fopen(path, "re");
  bool found = false;
  cr_assert_not_null(in, "%s", path);
  while (!found && fgets(line, sizeof line, in) != NULL)
    found = strncmp(line, start, strlen(start)) == 0;
  fclose(in);
  cr_assert(found, "%s: %s", path, start);
}

/* On the C library, which has none of it, the program finds nothing. */
static void is_whole(const char *program) {
  exits(pp_run((const char *[]){"cc", "-Wall", "-Werror", "-o", "shows",
                                program, NULL},
               NULL),
        0, NULL);
  exits(pp_run((const char *[]){"./shows", NULL}, NULL), 0, NULL);
}

/* What is in the hands of others is never excused. */
Test(declare, memory_is_not_to_be_excused) {
  static const enum pp_clause never[] = {
      PP_HOLDS,  PP_API_01, PP_API_02, PP_API_03, PP_API_09,
      PP_API_10, PP_API_12, PP_API_13, PP_API_15, PP_API_29,
      PP_API_36, PP_API_37, PP_API_38, PP_API_40, PP_POOL_01};
  for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
    cr_assert_not(pp_declared_may_excuse(never[i]), "%s",
                  pp_clause_texts[never[i]].id);
  }
  cr_assert(pp_declared_may_excuse(PP_API_04));
  cr_assert(pp_declared_may_excuse(PP_API_20));
  cr_assert(pp_declared_may_excuse(PP_API_30));
  cr_assert(pp_declared_may_excuse(PP_API_33));
}

/* ---- what is written ---- */

static void lay_beside(const char *name) {
  char from[512];
  snprintf(from, sizeof from, "%s/%s", pp_setting("POOLPROOF_MUTANTS"), name);
  cr_assert_eq(symlink(from, name), 0);
}

/* What is declared already is seen anew. A name that nobody would look for is
 * taken, and told how to be read. */
Test(declare, what_deviates_conforms_when_it_is_read_back) {
  struct pp_declared read;
  take("POOLPROOF_MUTANTS", "odd-mute.so");
  exits(checked("6k"), 1, "breaks API-18");
  lay_beside("mute-1.declared");
  lay_beside("odd-mute.c");
  exits(declared("mine.text", "6k"), 0,
        "mine.text declares 4 clauses; it is read as mute-1.declared beside");
  has_line("mine.text", "# API-06 has latitude, taken: ");
  has_line("mine.text",
           "deviates API-18 shown-by mute-1-api-18.c a request of ");
  cr_assert_eq(remove("odd-mute.c"), 0);
  cr_assert_eq(rename("mine.text", "mute-1.declared"), 0);
  in_folder("mute-1.declared");
  cr_assert(pp_declared_read(file, &read), "%s", read.error);
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    bool deviates =
        i == PP_API_18 || i == PP_API_19 || i == PP_API_24 || i == PP_API_43;
    cr_assert_eq(read.deviates[i], deviates, "%s", pp_clause_texts[i].id);
  }
  exits(checked("6k"), 0, "(mute-1.declared)");
  is_whole("mute-1-api-18.c");
}

Test(declare, what_conforms_declares_nothing) {
  take("POOLPROOF_MODULES", "plugin.so");
  exits(declared(folder, "6k"), 0, "declares 0 clauses");
  in_folder("odd-1.2.declared");
  has_line(file, "version 1.2");
  exits(checked("6k"), 0, NULL);
}

/* A declaration that excused this would excuse anything. */
Test(declare, blocks_that_overlap_are_not_excused) {
  struct pp_declared read;
  setenv("POOLPROOF_PLUGIN", "same block", 1);
  take("POOLPROOF_MODULES", "plugin.so");
  exits(declared(folder, "6k"), 1, "declares 0 clauses");
  in_folder("odd-1.2.declared");
  has_line(file, "# API-58 is broken, and cannot be declared: ");
  cr_assert(pp_declared_read(file, &read), "%s", read.error);
  exits(checked("6k"), 1, "breaks API-58");
}

/* ---- what is not ---- */

Test(declare, nothing_is_written_of_what_was_not_judged) {
  snprintf(subject, sizeof subject, "%s/absent.so", folder);
  in_folder("file");
  exits(declared(file, "6k"), 3, "nothing was judged");
  nothing_is_at("file");
  take("POOLPROOF_MODULES", "plugin.so");
  setenv("POOLPROOF_PLUGIN", "without malloc", 1);
  exits(declared(file, "6k"), 3, "nothing was judged");
  nothing_is_at("file");
}

/* Neither for one that has no name or no version, nor for one whose name is
 * none of a file. */
Test(declare, nothing_is_written_without_a_release) {
  static const char *const names[] = {"mine", "1.0", "../mine 1.0",
                                      "mi\nne 1.0"};
  take("POOLPROOF_MODULES", "plugin.so");
  in_folder("file");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    setenv("POOLPROOF_PLUGIN_NAME", names[i], 1);
    exits(declared(file, "6k"), 2, "does not say which release it is");
    nothing_is_at("file");
  }
  /* That is graver. */
  setenv("POOLPROOF_PLUGIN", "same block", 1);
  exits(declared(file, "6k"), 1, "does not say which release it is");
  nothing_is_at("file");
}

Test(declare, one_subject_is_wanted) {
  static const char says[] = "--profile-out wants one SUBJECT";
  exits(pp_run_poolproof(NULL, "check", "--profile-out", "file", NULL), 2,
        says);
  exits(pp_run_poolproof(NULL, "check", "--profile-out", "file", "libc",
                         "reference", NULL),
        2, says);
  nothing_is_at("file");
}

/* Known before anything is judged. */
Test(declare, where_it_is_written_has_to_be_there) {
  take("POOLPROOF_MODULES", "plugin.so");
  struct pp_ran ran = declared("/nowhere/file", "6k");
  cr_assert_eq(ran.status, 5);
  cr_assert_str_empty(ran.out);
  cr_assert_not_null(strstr(ran.err, "/nowhere/file"), "%s", ran.err);
  pp_ran_free(&ran);
}
