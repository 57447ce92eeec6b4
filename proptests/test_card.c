/* The report card: each clause with each subject, as text and as a page that
 * parsers other than ours take, whatever a subject says of itself. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/card.h"
#include "cli/report.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char folder[64];

static void enter_folder(void) {
  pp_folder_make(folder);
  cr_assert_eq(chdir(folder), 0);
}

static void leave_folder(void) {
  cr_assert_eq(chdir("/"), 0);
  pp_folder_remove(folder);
}

TestSuite(card, .init = enter_folder, .fini = leave_folder);

/* One that was found to break API-02, with one clause of each kind. */
static json_t *subject_of(const char *text, const char *verdict) {
  return json_pack(
      "{s:s s:s s:s s:s s:{s:i s:[s]} s:{s:i s:i s:i s:i s:i}"
      " s:[{s:s s:s} {s:s s:s}] s:{s:s s:s s:s s:s s:[s s]}}",
      "subject", text, "title", text, "verdict", verdict, "why", text,
      "clauses", "armed", 6, "silent", "API-33", "evaluated", "API-01", 5,
      "API-02", 4, "API-06", 1, "API-18", 2, "POOL-01", 1, "deviations",
      "clause", "API-18", "by", "declared", "clause", "API-06", "by",
      "latitude", "violation", "clause", "API-02", "sentence", text, "what",
      text, "reproduce", text, "trace", "poolproof-trace 1", "malloc 0 1");
}

static json_t *document_of(json_t *subjects) {
  json_t *document = json_pack("{s:s s:i s:o}", "poolproof", "0", "seed", 1,
                               "subjects", subjects);
  cr_assert_not_null(document);
  return document;
}

/* ---- cells ---- */

Test(card, each_clause_has_what_became_of_it) {
  static const struct {
    enum pp_clause clause;
    enum card_cell cell;
  } rows[] = {{PP_API_01, CARD_HOLDS},    {PP_API_02, CARD_VIOLATED},
              {PP_API_06, CARD_LATITUDE}, {PP_API_18, CARD_DECLARED},
              {PP_API_33, CARD_UNSEEN},   {PP_API_03, CARD_UNARMED}};
  json_t *subject = subject_of("x", "violation");
  for (size_t i = 0; i < COUNT(rows); i++)
    cr_assert_eq(card_cell(subject, rows[i].clause), rows[i].cell, "%zu", i);
  json_decref(subject);
  /* What we broke ourselves is no violation. */
  subject = subject_of("x", "own fault");
  cr_assert_eq(card_cell(subject, PP_API_02), CARD_HOLDS);
  json_decref(subject);
}

static void area_says(const json_t *subject, const char *area,
                      const char *expected) {
  char *text;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  card_print_area(out, subject, area);
  fclose(out);
  cr_assert_str_eq(text, expected);
  free(text);
}

Test(card, areas_are_those_of_any_subject) {
  json_t *subject = subject_of("x", "violation");
  json_t *document =
      document_of(json_pack("[{s:s} O]", "verdict", "", subject));
  enum pp_clause area = card_next_area(document, PP_HOLDS);
  cr_assert_eq(area, PP_POOL_01);
  area = card_next_area(document, area);
  cr_assert_eq(area, PP_API_01);
  cr_assert_eq(card_next_area(document, area), PP_CLAUSE_COUNT);
  area_says(subject, "API",
            "1 hold, 1 latitude, 1 declared, 1 violated, 1 not seen");
  area_says(subject, "POOL", "1 hold");
  area_says(subject, "GEO", "-");
  json_decref(subject);
  json_decref(document);
}

/* ---- hostile texts ---- */

static const char *const hostile[] = {
    "</td></table><script>alert(1)</script><!--",
    "&#0;&bogus;&lt;b> \" ' `",
    "| x | **conforms** | <b>y</b> [a](b) \\|",
    "</pre></body></html><h1>forged</h1>",
    "\xc3\xa9 \xf0\x9f\x98\x80 ]]> %s%n",
};

static void prints(const char *const *argv, const char *expected) {
  struct pp_ran ran = pp_run(argv, NULL);
  cr_assert_eq(ran.status, 0, "%d: %s%s", ran.status, ran.out, ran.err);
  cr_assert_str_empty(ran.err);
  if (ran.out_size > 0 && ran.out[ran.out_size - 1] == '\n')
    ran.out[ran.out_size - 1] = '\0';
  cr_assert_str_eq(ran.out, expected);
  pp_ran_free(&ran);
}

static void holds_at(const char *path, const char *expected) {
  prints(
      (const char *[]){"xmllint", "--nonet", "--xpath", path, "a.html", NULL},
      expected);
}

static void is_well_formed(void) {
  prints((const char *[]){"xmllint", "--nonet", "--noout", "a.html", NULL}, "");
  prints((const char *[]){"xmllint", "--nonet", "--noout", "--html", "a.html",
                          NULL},
         "");
}

static json_t *hostile_document(void) {
  json_t *subjects = json_array();
  for (size_t i = 0; i < COUNT(hostile); i++)
    json_array_append_new(subjects, subject_of(hostile[i], "violation"));
  json_array_append_new(subjects, subject_of("\x01\x1b[2J\x7f", hostile[0]));
  return document_of(subjects);
}

Test(card, hostile_texts_stay_texts_on_the_page) {
  char path[128];
  json_t *document = hostile_document();
  cr_assert(write_report(REPORT_HTML, "a.html", document));
  json_decref(document);
  is_well_formed();
  for (size_t i = 0; i < COUNT(hostile); i++) {
    snprintf(path, sizeof path, "string((//table)[1]//tr[%zu]/th)", i + 2);
    holds_at(path, hostile[i]);
  }
  holds_at("string((//table)[1]//tr[7]/th)", "??[2J?");
  holds_at("count(//script)", "0");
  holds_at("count(//h1)", "1");
  holds_at("count(//b)", "0");
  holds_at("count(//td[@class='violated' and text()='violated'])", "5");
  holds_at("count(//td[@class='latitude'])", "6");
  holds_at("count(//pre[contains(., 'malloc 0 1')])", "6");
}

static size_t bars_of(const char *line) {
  size_t bars = 0;
  for (const char *at = line; *at != '\0'; at++) {
    if (*at == '\\')
      at++;
    else
      bars += *at == '|';
  }
  return bars;
}

/* A row has as many cells as its table has columns, whatever subjects are
 * called: of areas, three and those two; of clauses, one for each subject. */
Test(card, hostile_texts_stay_texts_in_the_tables) {
  char line[4096];
  size_t rows[2] = {0};
  json_t *document = hostile_document();
  cr_assert(write_report(REPORT_CARD, "a.md", document));
  json_decref(document);
  FILE *in = fopen("a.md", "re");
  int table = 0;
  while (fgets(line, sizeof line, in) != NULL) {
    if (strncmp(line, "## ", 3) == 0) table = 1;
    if (line[0] != '|') continue;
    cr_assert_eq(bars_of(line), table == 0 ? 6 : COUNT(hostile) + 3, "%s",
                 line);
    rows[table]++;
  }
  fclose(in);
  cr_assert_eq(rows[0], 2 + COUNT(hostile) + 1);
  cr_assert_eq(rows[1], 2 + 1 + 2 + 5);
}

/* ---- a run ---- */

static struct pp_ran carded(const char *form) {
  char sound[4096];
  snprintf(sound, sizeof sound, "%s/plugin.so",
           pp_setting("POOLPROOF_MODULES"));
  setenv("POOLPROOF_FAULT", "twice", 1);
  return pp_run_poolproof(NULL, "report-card", form, "--ops", "6k", sound,
                          pp_setting("POOLPROOF_FAULTY"), "/nosuch.so", NULL);
}

Test(card, a_run_ends_as_check_does_and_shows_the_trace) {
  struct pp_ran ran = carded("--markdown");
  cr_assert_eq(ran.status, 1, "%s", ran.err);
  cr_assert_eq(strncmp(ran.out, "# Report card, ", 15), 0, "%s", ran.out);
  cr_assert_not_null(
      strstr(ran.out, " | holds | **violated** | not armed |\n"));
  cr_assert_not_null(strstr(ran.out, "\n## API-01: "));
  cr_assert_not_null(strstr(ran.out, "\n    poolproof-trace 1\n    "));
  cr_assert_not_null(strstr(ran.out, "\n- /nosuch.so: "));
  pp_ran_free(&ran);
  ran = carded("--html");
  cr_assert_eq(ran.status, 1, "%s", ran.err);
  FILE *page = fopen("a.html", "we");
  cr_assert_eq(fwrite(ran.out, 1, ran.out_size, page), ran.out_size);
  fclose(page);
  pp_ran_free(&ran);
  is_well_formed();
  holds_at("string((//table)[1]//tr[4]/td[2])", "not loaded");
  holds_at("count(//td[@class='violated' and text()='violated'])", "1");
}

Test(card, what_conforms_ends_so) {
  struct pp_ran ran = pp_run_poolproof(NULL, "report-card", "--ops", "6k",
                                       pp_setting("POOLPROOF_FAULTY"), NULL);
  cr_assert_eq(ran.status, 0, "%s", ran.err);
  cr_assert_not_null(strstr(ran.out, " | **conforms** | "), "%s", ran.out);
  cr_assert_null(strstr(ran.out, "violated"), "%s", ran.out);
  pp_ran_free(&ran);
}

Test(card, one_form_is_chosen) {
  struct pp_ran ran =
      pp_run_poolproof(NULL, "report-card", "--html", "--markdown", NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert_str_empty(ran.out);
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "report-card", "--help", NULL);
  cr_assert_eq(ran.status, 0);
  cr_assert_not_null(strstr(ran.out, "--html "), "%s", ran.out);
  pp_ran_free(&ran);
}
