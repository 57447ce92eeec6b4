/* `poolproof spec --matrix`: every clause once, in the terminal, as a page and
 * as JSON; evaluations as a run wrote them; holes in the exit code; and what
 * is no verdict is refused. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "poolproof/clause.h"
#include "proptests/programs.h"

static char folder[64];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(matrix, .init = make_folder, .fini = remove_folder);

static char *inside(const char *name) {
  static char paths[4][128];
  static unsigned next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static char *contents(const char *path) {
  FILE *file = fopen(path, "r");
  cr_assert_not_null(file, "%s was not written", path);
  char *text = NULL;
  size_t size = 0;
  cr_assert(getdelim(&text, &size, '\0', file) > 0);
  fclose(file);
  return text;
}

/* "153 clauses, 7 holes", the last line. */
static unsigned holes_of(const char *out) {
  unsigned clauses = 0, holes = 0;
  const char *last = strstr(out, " clauses, ");
  cr_assert_not_null(last, "%s", out);
  while (last > out && last[-1] != '\n')
    last--;
  cr_assert_eq(sscanf(last, "%u clauses, %u holes", &clauses, &holes), 2);
  cr_assert_eq(clauses, PP_CLAUSE_COUNT - 1);
  return holes;
}

static struct pp_ran with_verdicts(const char *text, const char *option,
                                   const char *file) {
  char path[128];
  pp_file_write(path, folder, "verdicts.json", text, strlen(text));
  return pp_run_poolproof(NULL, "spec", "--matrix", "--verdicts", path, option,
                          file, NULL);
}

static const char verdicts[] =
    "{\"poolproof\": \"0\", \"subjects\": ["
    "{\"evaluated\": {\"POOL-05\": 1000, \"API-01\": 7}},"
    "{\"evaluated\": {\"POOL-05\": 234}}]}";

Test(matrix, every_clause_is_a_row) {
  struct pp_ran ran = with_verdicts(verdicts, NULL, NULL);
  unsigned rows = 0, holes = 0;
  const char *line = strchr(ran.out, '\n') + 1;
  for (; strncmp(line, "evaluations: ", 13) != 0;
       line = strchr(line, '\n') + 1) {
    char id[16], evaluations[32];
    unsigned sites, tests, harnesses, faults;
    cr_assert_eq(sscanf(line, "%15s %u %u %u %u %31s", id, &sites, &tests,
                        &harnesses, &faults, evaluations),
                 6, "%s", line);
    cr_assert_str_eq(id, pp_clause_texts[++rows].id);
    const char *wanted = rows == PP_POOL_05  ? "1,234"
                         : rows == PP_API_01 ? "7"
                                             : "0";
    cr_assert_str_eq(evaluations, wanted, "%s", id);
    cr_assert_gt(tests, 0, "%s", id);
    const char *lacks = strstr(line, "  no ");
    holes += lacks != NULL && lacks < strchr(line, '\n');
  }
  cr_assert_eq(rows, PP_CLAUSE_COUNT - 1);
  cr_assert_eq(holes_of(ran.out), holes);
  cr_assert_eq(ran.status, holes > 0);
  pp_ran_free(&ran);
}

Test(matrix, json_has_the_places) {
  char *path = inside("matrix.json");
  struct pp_ran ran = with_verdicts(verdicts, "--json", path);
  json_t *document = json_load_file(path, 0, NULL);
  cr_assert_not_null(document);
  json_t *clauses = json_object_get(document, "clauses");
  cr_assert_eq(json_array_size(clauses), PP_CLAUSE_COUNT - 1);
  json_t *one = json_array_get(clauses, PP_POOL_05 - 1);
  cr_assert_str_eq(json_string_value(json_object_get(one, "clause")),
                   "POOL-05");
  cr_assert_eq(json_integer_value(json_object_get(one, "evaluated")), 1234);
  json_t *fault = json_array_get(json_object_get(one, "faults"), 0);
  cr_assert_str_eq(json_string_value(json_object_get(fault, "file")),
                   "mutants/alloc/pool-05-none-carved.sed");
  json_t *site = json_array_get(json_object_get(one, "sites"), 0);
  cr_assert_not_null(
      strstr(json_string_value(json_object_get(site, "file")), "reference/"));
  cr_assert_gt(json_integer_value(json_object_get(site, "line")), 1);
  cr_assert_eq(json_integer_value(json_object_get(document, "holes")),
               holes_of(ran.out));
  json_decref(document);
  pp_ran_free(&ran);
}

Test(matrix, page_has_every_clause) {
  char *path = inside("matrix.html");
  struct pp_ran ran = with_verdicts(verdicts, "--html", path);
  char *page = contents(path);
  cr_assert_eq(strncmp(page, "<!doctype html>", 15), 0);
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    char anchor[32];
    snprintf(anchor, sizeof anchor, "id=\"%s\"", pp_clause_texts[i].id);
    cr_assert_eq(pp_occurrences(page, anchor), 1, "%s", anchor);
  }
  cr_assert_eq(pp_occurrences(page, "<details"),
               pp_occurrences(page, "</details>"));
  cr_assert_eq(pp_occurrences(page, "<div"), pp_occurrences(page, "</div>"));
  cr_assert_eq(pp_occurrences(page, "<span"), pp_occurrences(page, "</span>"));
  cr_assert_eq(pp_occurrences(page, " class=\"hole\""), holes_of(ran.out));
  cr_assert_eq(pp_occurrences(page, ">1,234</span>"), 1);
  cr_assert_eq(pp_occurrences(page, "http"), 0, "nothing is fetched");
  free(page);
  pp_ran_free(&ran);
  ran = with_verdicts(verdicts, "--html", "-");
  cr_assert_eq(strncmp(ran.out, "<!doctype html>", 15), 0);
  cr_assert_eq(pp_occurrences(ran.out, "evaluations: "), 0, "no table");
  pp_ran_free(&ran);
}

Test(matrix, a_run_is_read_as_check_writes_it) {
  char *path = inside("run.json");
  struct pp_ran ran = pp_run_poolproof(NULL, "check", "reference:tiny", "libc",
                                       "--ops", "2k", "--json", path, NULL);
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "spec", "--matrix", "--verdicts", path, NULL);
  cr_assert_not_null(strstr(ran.out, "run.json, 2 subjects\n"), "%s", ran.out);
  pp_ran_free(&ran);
}

Test(matrix, what_is_no_run_is_refused) {
  static const char *const texts[] = {
      "",
      "{",
      "[]",
      "{\"subjects\": []}",
      "{\"poolproof\": \"0\"}",
      "{\"poolproof\": \"0\", \"subjects\": [7]}"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct pp_ran ran = with_verdicts(texts[i], NULL, NULL);
    cr_assert_eq(ran.status, 2, "%s: %d", texts[i], ran.status);
    cr_assert_eq(ran.out_size, 0);
    cr_assert_not_null(strstr(ran.err, "verdicts.json: "), "%s", ran.err);
    pp_ran_free(&ran);
  }
}

Test(matrix, misuse_is_told) {
  static const char *const lines[][4] = {
      {"--html", "page", NULL, NULL},
      {"--json", "file", NULL, NULL},
      {"--verdicts", "file", NULL, NULL},
      {"--matrix", "POOL", NULL, NULL},
      {"--matrix", "--html=-", "--json=-", NULL},
      {"--matrix", "--verdicts", "/nosuch/run.json", NULL},
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    struct pp_ran ran = pp_run_poolproof(NULL, "spec", lines[i][0], lines[i][1],
                                         lines[i][2], NULL);
    cr_assert_eq(ran.status, 2, "%s %s", lines[i][0], lines[i][1]);
    cr_assert_gt(ran.err_size, 0);
    pp_ran_free(&ran);
  }
  struct pp_ran ran = pp_run_poolproof(NULL, "spec", "--matrix", "--html",
                                       "/nosuch/page.html", NULL);
  cr_assert_eq(ran.status, 5);
  cr_assert_not_null(strstr(ran.err, "/nosuch/page.html"));
  pp_ran_free(&ran);
}
