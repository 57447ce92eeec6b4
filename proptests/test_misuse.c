/* Misuse (check/misuse.c): each kind ends as the allocator deserves, in a
 * process that it may take along, and no verdict depends on it. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/misuse.h"
#include "proptests/programs.h"

static struct pp_misused misused[PP_MISUSE_COUNT];

static void judge(const char *kind, const char *module) {
  static char path[4096];
  struct pp_subject_spec spec = {
      .name = path, .kind = PP_SUBJECT_PLUGIN, .path = path};
  snprintf(path, sizeof path, "%s/%s", pp_setting("POOLPROOF_MODULES"), module);
  setenv("POOLPROOF_PLUGIN", kind, 1);
  pp_misuse_judge(&spec, 10, misused);
}

static void ends(enum pp_misuse misuse, enum pp_misuse_end end,
                 enum pp_clause clause) {
  cr_assert_eq(misused[misuse].end, end, "%s: %s %s", pp_misuse_names[misuse],
               pp_misuse_end_names[misused[misuse].end], misused[misuse].words);
  cr_assert_eq(misused[misuse].clause, clause, "%s: %s",
               pp_misuse_names[misuse], misused[misuse].words);
}

/* A list that nothing guards is a circle then, or leads where it should not. */
Test(misuse, what_is_not_guarded_is_corrupted) {
  judge("unguarded", "plugin.so");
  ends(PP_MISUSE_FREE_TWICE, PP_MISUSE_CORRUPTS, PP_API_01);
  ends(PP_MISUSE_FREE_TWICE_APART, PP_MISUSE_CORRUPTS, PP_API_01);
  ends(PP_MISUSE_FREE_INSIDE, PP_MISUSE_CORRUPTS, PP_API_01);
  ends(PP_MISUSE_FREE_STACK, PP_MISUSE_SILENT, PP_HOLDS);
  ends(PP_MISUSE_WRITE_AFTER_FREE, PP_MISUSE_CORRUPTS, PP_API_37);
  ends(PP_MISUSE_WRITE_BEYOND, PP_MISUSE_SILENT, PP_HOLDS);
  cr_assert_not_null(strstr(misused[PP_MISUSE_FREE_TWICE].words, "overlaps"));
}

Test(misuse, what_is_looked_for_is_detected) {
  judge("stern", "plugin.so");
  ends(PP_MISUSE_FREE_TWICE, PP_MISUSE_DETECTED, PP_HOLDS);
  ends(PP_MISUSE_FREE_TWICE_APART, PP_MISUSE_DETECTED, PP_HOLDS);
  ends(PP_MISUSE_WRITE_BEYOND, PP_MISUSE_SILENT, PP_HOLDS);
  cr_assert_not_null(
      strstr(misused[PP_MISUSE_FREE_TWICE].words, "ended by signal 6"));
}

Test(misuse, what_frees_nothing_is_silent) {
  judge("deaf", "plugin.so");
  for (int i = 0; i < PP_MISUSE_COUNT; i++)
    ends((enum pp_misuse)i, PP_MISUSE_SILENT, PP_HOLDS);
}

/* What ends without misuse says nothing by its end. */
Test(misuse, nothing_is_known_of_what_fails_anyway) {
  judge("same block", "plugin.so");
  for (int i = 0; i < PP_MISUSE_COUNT; i++)
    ends((enum pp_misuse)i, PP_MISUSE_UNKNOWN, PP_HOLDS);
  judge("without malloc", "plugin.so");
  for (int i = 0; i < PP_MISUSE_COUNT; i++)
    ends((enum pp_misuse)i, PP_MISUSE_UNKNOWN, PP_HOLDS);
}

/* ---- in the report ---- */

Test(misuse, it_is_shown_and_decides_nothing) {
  char subject[4096];
  snprintf(subject, sizeof subject, "%s/plugin.so",
           pp_setting("POOLPROOF_MODULES"));
  setenv("POOLPROOF_PLUGIN", "unguarded", 1);
  struct pp_ran ran =
      pp_run_poolproof(NULL, "report-card", "--hardening", "--ops", "6k",
                       subject, "reference:tiny", NULL);
  struct pp_ran plain = pp_run_poolproof(NULL, "report-card", "--ops", "6k",
                                         subject, "reference:tiny", NULL);
  cr_assert_eq(ran.status, plain.status, "%d: %s", ran.status, ran.err);
  pp_ran_free(&plain);
  cr_assert_not_null(strstr(ran.out, "\n## Hardening\n"), "%s", ran.out);
  cr_assert_not_null(strstr(ran.out, "\n| free twice | corrupts API-01: "));
  cr_assert_not_null(strstr(ran.out, "\n| free on the stack | silent | - |\n"));
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "report-card", "--hardening", "--html", "--ops",
                         "6k", subject, NULL);
  cr_assert_not_null(
      strstr(ran.out, "<td class=\"violated\">corrupts API-01<br/>"));
  struct pp_ran read = pp_run(
      (const char *[]){"xmllint", "--nonet", "--noout", "-", NULL}, ran.out);
  cr_assert_eq(read.status, 0, "%s", read.err);
  pp_ran_free(&read);
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "report-card", "--ops", "6k", subject, NULL);
  cr_assert_null(strstr(ran.out, "Hardening"));
  pp_ran_free(&ran);
}
