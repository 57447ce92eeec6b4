/* Strengths (SPEC.md, strength and verdict): which clauses decide, what a
 * promise makes of latitude, and what is declared makes of a promise. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/declared.h"
#include "proptests/programs.h"
#include "proptests/scripted.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool promised[PP_CLAUSE_COUNT];

static void promise(enum pp_clause clause) {
  memset(promised, 0, sizeof promised);
  promised[clause] = true;
  pp_script.driver.options.promised = promised;
}

TestSuite(strengths, .init = pp_script_open, .fini = pp_script_close);

Test(strengths, must_and_bound_decide) {
  cr_assert(pp_strength_decides(PP_MUST));
  cr_assert(pp_strength_decides(PP_BOUND));
  cr_assert_not(pp_strength_decides(PP_LATITUDE));
  cr_assert_not(pp_strength_decides(PP_QUALITY));
  static const char *const names[] = {"must", "bound", "latitude", "quality"};
  for (size_t i = 0; i < COUNT(names); i++)
    cr_assert_str_eq(pp_strength_names[i], names[i]);
}

Test(strengths, promises_and_declarations_have_their_say) {
  bool declared[PP_CLAUSE_COUNT] = {false};
  struct pp_drive_options options = {0};
  cr_assert(pp_driver_decides(&options, PP_API_01));
  cr_assert(pp_driver_decides(&options, PP_API_34));
  cr_assert_not(pp_driver_decides(&options, PP_API_06));
  promise(PP_API_06);
  options.promised = promised;
  cr_assert(pp_driver_decides(&options, PP_API_06));
  cr_assert_not(pp_driver_decides(&options, PP_API_14));
  cr_assert(pp_driver_decides(&options, PP_API_01));
  options.declared = declared;
  cr_assert(pp_driver_decides(&options, PP_API_06));
  declared[PP_API_01] = declared[PP_API_06] = true;
  cr_assert_not(pp_driver_decides(&options, PP_API_01));
  cr_assert_not(pp_driver_decides(&options, PP_API_06));
}

/* ---- latitude, taken where it is promised that it is not ---- */

Test(strengths, zero_bytes_are_a_block_where_promised) {
  promise(PP_API_06);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 0, 0));
  pp_script_answer(NULL, 0);
  cr_assert_not(pp_script_step(PP_OP_MALLOC, 2, 0, 0));
  pp_script_broke(PP_API_06, "a request of zero bytes is null");
  cr_assert_eq(pp_script.report.deviated[PP_API_06], 0);
}

Test(strengths, resized_to_nothing_is_a_block_where_promised) {
  promise(PP_API_14);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 8, 0));
  cr_assert(pp_script_step(PP_OP_REALLOC, 1, 0, 0));
  pp_script_answer(NULL, 0);
  cr_assert_not(pp_script_step(PP_OP_REALLOC, 1, 0, 0));
  pp_script_broke(PP_API_14, "block 1 was resized to nothing, and is null");
}

Test(strengths, small_blocks_are_aligned_where_promised) {
  promise(PP_API_05);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 8, 0));
  pp_script_answer(pp_script_at(8), 0);
  cr_assert_not(pp_script_step(PP_OP_MALLOC, 2, 8, 0));
  pp_script_broke(PP_API_05, "block at %p of 8 bytes is not aligned to 16",
                  (void *)pp_script_at(8));
}

Test(strengths, errno_is_kept_where_promised) {
  promise(PP_API_59);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 8, 0));
  pp_script_answer(pp_script_at(0), EAGAIN);
  cr_assert_not(pp_script_step(PP_OP_MALLOC, 2, 8, 0));
  pp_script_broke(PP_API_59, "a request that was granted left errno at %d",
                  EAGAIN);
}

/* Neither without a promise, nor where another one is made, nor against what
 * is declared. */
Test(strengths, latitude_is_a_deviation_elsewhere) {
  bool declared[PP_CLAUSE_COUNT] = {[PP_API_06] = true};
  for (uint64_t i = 0; i < 3; i++) {
    if (i == 1) promise(PP_API_05);
    if (i == 2) {
      promise(PP_API_06);
      pp_script.driver.options.declared = declared;
    }
    pp_script_answer(NULL, 0);
    cr_assert(pp_script_step(PP_OP_MALLOC, 1, 0, 0));
    cr_assert_eq(pp_script.report.deviated[PP_API_06], i + 1);
  }
  pp_script.driver.options.declared = NULL;
}

/* ---- in a file ---- */

static char folder[64];

static void in_folder(void) {
  pp_folder_make(folder);
  cr_assert_eq(chdir(folder), 0);
}

static void leave_folder(void) {
  cr_assert_eq(chdir("/"), 0);
  pp_folder_remove(folder);
}

TestSuite(promises, .init = in_folder, .fini = leave_folder);

static void write_declaration(const char *lines) {
  char path[128], text[512];
  snprintf(text, sizeof text, "name odd\nversion 1.2\n%s", lines);
  pp_file_write(path, folder, "odd-1.2.declared", text, strlen(text));
  pp_file_write(path, folder, "shows.c", "", 0);
}

Test(promises, are_read_from_a_declaration) {
  static struct pp_declared declared;
  write_declaration("promises API-06 Always a block.\n"
                    "promises api-59 Kept.\n");
  cr_assert(pp_declared_read("odd-1.2.declared", &declared), "%s",
            declared.error);
  for (int i = 0; i < PP_CLAUSE_COUNT; i++) {
    cr_assert_eq(declared.promises[i], i == PP_API_06 || i == PP_API_59);
    cr_assert_not(declared.deviates[i]);
  }
}

Test(promises, are_exact) {
  static const struct {
    const char *lines, *says;
  } rows[] = {
      {"promises\n", "3: expected the id of a clause of latitude or quality"},
      {"promises API-01 x\n", "latitude or quality, not \"API-01\""},
      {"promises API-34 x\n", "latitude or quality, not \"API-34\""},
      {"promises API-06\n", "3: expected a sentence on what it does"},
      {"promises API-06 x\npromises API-06 x\n", "4: expected API-06 once"},
      {"promises API-06 x\ndeviates API-06 shown-by shows.c x\n",
       "4: expected API-06 once"},
      {"deviates API-06 shown-by shows.c x\npromises API-06 x\n",
       "4: expected API-06 once"},
      {"promises API-06 x\nfoo\n", "4: expected name, version, deviates or "},
  };
  static struct pp_declared declared;
  for (size_t i = 0; i < COUNT(rows); i++) {
    write_declaration(rows[i].lines);
    cr_assert_not(pp_declared_read("odd-1.2.declared", &declared));
    cr_assert_not_null(strstr(declared.error, rows[i].says), "row %zu: %s", i,
                       declared.error);
    cr_assert_not(declared.promises[PP_API_06], "row %zu", i);
  }
}

/* ---- and on the command line ---- */

/* The shortest trace in which a plug-in that does it answers null. */
static const char asks_for_nothing[] = "poolproof-trace 1\nmalloc 0 0\n";

static void make_plugin(const char *odd) {
  char module[512];
  snprintf(module, sizeof module, "%s/plugin.so",
           pp_setting("POOLPROOF_MODULES"));
  cr_assert_eq(symlink(module, "odd.so"), 0);
  setenv("POOLPROOF_PLUGIN", odd, 1);
}

static void replays(const char *option, const char *id, int status,
                    const char *says) {
  struct pp_ran ran =
      pp_run_poolproof(asks_for_nothing, "replay", "-", "--subject", "./odd.so",
                       option, id, NULL);
  cr_assert_eq(ran.status, status, "%s: %d\n%s%s", option, ran.status, ran.out,
               ran.err);
  cr_assert_not_null(strstr(ran.out, says), "%s", ran.out);
  pp_ran_free(&ran);
}

Test(promises, of_the_user_decide) {
  make_plugin("zero is null");
  replays(NULL, NULL, 0, "conforms");
  replays("--promised", "API-05,API-59", 0, "conforms");
  replays("--promised", "API-05,api-06", 1,
          "./odd.so --promised API-06 - <<'END'\n");
  replays("--strict", NULL, 1, "./odd.so breaks API-06: ");
}

static void checks(const char *option, int status, const char *says) {
  struct pp_ran ran =
      pp_run_poolproof(NULL, "check", "./odd.so", "--ops", "3k", option, NULL);
  cr_assert_eq(ran.status == 1, status == 1, "%d\n%s%s", ran.status, ran.out,
               ran.err);
  cr_assert_not_null(strstr(ran.out, says), "%s", ran.out);
  pp_ran_free(&ran);
}

/* What is promised is a violation, what is declared a deviation, and strictness
 * changes nothing of that. */
Test(promises, of_a_release_decide) {
  make_plugin("zero is null");
  checks(NULL, 0, "API-06 has latitude, taken: ");
  checks("--strict", 1, "./odd.so breaks API-06: ");
  write_declaration("promises API-06 Always a block.\n");
  checks(NULL, 1, "./odd.so breaks API-06: ");
  write_declaration("promises API-05 Aligned.\npromises API-59 Kept.\n");
  checks(NULL, 0, "API-06 has latitude, taken: ");
  write_declaration("deviates API-06 shown-by shows.c It is null.\n"
                    "deviates API-14 shown-by shows.c It is null.\n");
  checks(NULL, 0, "API-06 is not kept, as declared: ");
  checks("--strict", 0, "API-06 is not kept, as declared: ");
}

Test(promises, of_what_decides_anyway_are_refused) {
  static const char *const wrong[] = {
      "API-01",  "API-34",        "API-00",          "",
      "API-06,", "API-06,API-33", "API-060000000000"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    struct pp_ran ran =
        pp_run_poolproof(NULL, "check", "libc", "--promised", wrong[i], NULL);
    cr_assert_eq(ran.status, 2, "%s: %d", wrong[i], ran.status);
    cr_assert_str_empty(ran.out);
    pp_ran_free(&ran);
  }
}

Test(promises, strengths_are_shown) {
  static const struct {
    const char *id, *line;
  } rows[] = {{"API-01", "strength  must\n"},
              {"API-34", "strength  bound\n"},
              {"API-06", "strength  latitude\n"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct pp_ran ran = pp_run_poolproof(NULL, "spec", rows[i].id, NULL);
    cr_assert_not_null(strstr(ran.out, rows[i].line), "%s", ran.out);
    pp_ran_free(&ran);
  }
  struct pp_ran ran = pp_run_poolproof(NULL, "spec", "API", NULL);
  cr_assert_not_null(strstr(ran.out, "API-06     latitude A request of zero"));
  cr_assert_not_null(strstr(ran.out, "API-34     bound    Resident memory"));
  pp_ran_free(&ran);
}
