/* The selftest tested: what it says of a fault that is found, of one that is
 * not, of what is sound, and of a catalogue that is none. Each catalogue here
 * lists a few of the real faults, some of them under a wrong name. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "proptests/programs.h"

static char folder[64];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(selftest, .init = make_folder, .fini = remove_folder);

/* A line: the file is one of the faults that were built. */
static void add(char *text, size_t size, const char *kind, const char *clause,
                const char *found, const char *file) {
  size_t used = strlen(text);
  snprintf(text + used, size - used, "%s\t%s\t%s\t%s\t-\t%s/%s.so\n", kind,
           file, clause, found, pp_setting("POOLPROOF_MUTANTS"), file);
}

/* The exit status of a selftest with this catalogue; its words stay in `ran`.
 */
static struct pp_ran judge(const char *catalogue) {
  char path[128];
  pp_file_write(path, folder, "faults.tsv", catalogue, strlen(catalogue));
  return pp_run_poolproof(NULL, "selftest", "--mutants", folder, NULL);
}

static void see(const char *catalogue, int status, const char *words) {
  struct pp_ran ran = judge(catalogue);
  cr_assert_eq(ran.status, status, "%d: %s%s", ran.status, ran.out, ran.err);
  cr_assert(strstr(ran.out, words) != NULL || strstr(ran.err, words) != NULL,
            "no \"%s\" in: %s%s", words, ran.out, ran.err);
  pp_ran_free(&ran);
}

Test(selftest, fault_found_as_expected_passes) {
  char text[1024] = "";
  add(text, sizeof text, "malloc", "API-09", "API-09", "api-09-zero-once");
  see(text, 0,
      "\n1 faults found as expected, 0 of them by another clause for "
      "a stated reason; 0 missed\n");
}

Test(selftest, fault_found_as_another_clause_is_missed) {
  char text[1024] = "";
  add(text, sizeof text, "malloc", "API-12", "API-12", "api-09-zero-once");
  see(text, 1, "MISSED");
}

Test(selftest, another_clause_passes_where_the_fault_says_why) {
  char text[1024] = "";
  add(text, sizeof text, "malloc", "API-12", "API-09", "api-09-zero-once");
  see(text, 0, "found, as explained");
}

Test(selftest, sound_allocator_as_a_fault_is_missed) {
  char text[1024] = "";
  add(text, sizeof text, "malloc", "API-12", "API-12", "sound-as-it-is");
  see(text, 1, "MISSED");
}

Test(selftest, odd_allocator_passes) {
  char text[1024] = "";
  add(text, sizeof text, "odd", "-", "-", "odd-zero-is-null");
  see(text, 0, "\n1 odd allocators found sound; 0 false alarms\n");
}

Test(selftest, fault_among_the_odd_is_a_false_alarm) {
  char text[1024] = "";
  add(text, sizeof text, "odd", "-", "-", "api-09-zero-once");
  see(text, 1, "FALSE ALARM");
}

Test(selftest, what_is_not_there_is_not_loaded) {
  char text[1024] = "";
  add(text, sizeof text, "malloc", "API-09", "API-09", "api-99-nowhere");
  see(text, 3, "api-99-nowhere");
}

Test(selftest, time_that_is_too_short_is_inconclusive) {
  char text[8192] = "";
  for (size_t i = 0, used = 0; i < 40; i++, used = strlen(text))
    snprintf(text + used, sizeof text - used,
             "odd\tsound-%zu\t-\t-\t-\t%s/sound-as-it-is.so\n", i,
             pp_setting("POOLPROOF_MUTANTS"));
  char path[128];
  pp_file_write(path, folder, "faults.tsv", text, strlen(text));
  struct pp_ran ran = pp_run_poolproof(NULL, "selftest", "--mutants", folder,
                                       "--time", "1", "--jobs", "1", NULL);
  cr_assert_eq(ran.status, 4, "%d: %s%s", ran.status, ran.out, ran.err);
  pp_ran_free(&ran);
}

Test(selftest, wrong_catalogue_is_refused_with_its_line) {
  static const char *const wrong[] = {
      "malloc\ta\tAPI-01\tAPI-01\t-\n",           /* a field too few */
      "malloc\ta\tAPI-01\tAPI-01\t-\tb\tc\n",     /* one too many */
      "oddity\ta\t-\t-\t-\tb\n",                  /* no kind */
      "malloc\ta\tAPI-99\tAPI-01\t-\tb\n",        /* no clause */
      "malloc\ta\t-\t-\t-\tb\n",                  /* a fault of nothing */
      "odd\ta\tAPI-01\tAPI-01\t-\tb\n",           /* sound and broken */
      "alloc\ta\tPOOL-01\tPOOL-01\t9.9\tlib.so\n" /* no profile */
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    see(wrong[i], 3, "faults.tsv:1: expected");
  see("", 3, "faults.tsv:0: expected a line");
  see("odd\ta\t-\t-\t-\tb\nodd\ta\t-\t-\t-\tc\n", 3,
      "faults.tsv:2: the name stands already");
}

Test(selftest, name_that_begins_no_fault_is_refused) {
  struct pp_ran ran = pp_run_poolproof(NULL, "selftest", "api-99", NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert(strstr(ran.err, "no fault begins with \"api-99\"") != NULL);
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "selftest", "", NULL);
  cr_assert_eq(ran.status, 2, "an empty name begins them all");
  pp_ran_free(&ran);
}

Test(selftest, folder_without_faults_is_refused) {
  struct pp_ran ran =
      pp_run_poolproof(NULL, "selftest", "--mutants", "/nonexistent", NULL);
  cr_assert_eq(ran.status, 3);
  cr_assert(strstr(ran.err, "there are no faults in /nonexistent") != NULL);
  pp_ran_free(&ran);
}

Test(selftest, document_says_the_same) {
  char text[1024] = "", path[128];
  add(text, sizeof text, "malloc", "API-09", "API-09", "api-09-zero-once");
  add(text, sizeof text, "odd", "-", "-", "sound-as-it-is");
  pp_file_write(path, folder, "faults.tsv", text, strlen(text));
  snprintf(path, sizeof path, "%s/verdicts.json", folder);
  struct pp_ran ran = pp_run_poolproof(NULL, "selftest", "--mutants", folder,
                                       "--json", path, NULL);
  cr_assert_eq(ran.status, 0, "%s%s", ran.out, ran.err);
  pp_ran_free(&ran);
  json_t *document = json_load_file(path, 0, NULL);
  json_t *faults = json_object_get(document, "faults");
  cr_assert_eq(json_array_size(faults), 2);
  json_t *first = json_array_get(faults, 0);
  cr_assert_str_eq(json_string_value(json_object_get(first, "found")),
                   "API-09");
  cr_assert_gt(json_integer_value(json_object_get(first, "operations")), 0);
  cr_assert_gt(json_integer_value(json_object_get(first, "statements")), 0);
  cr_assert_eq(json_integer_value(json_object_get(document, "sound")), 1);
  cr_assert_eq(json_integer_value(json_object_get(document, "exit_code")), 0);
  json_decref(document);
}
