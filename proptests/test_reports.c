/* The forms of a report: read back by parsers that are not ours, from texts
 * that a hostile subject would choose, and from a run of the program. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

TestSuite(reports, .init = enter_folder, .fini = leave_folder);

/* ---- readers ---- */

static char *data_path(const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/proptests/%s", pp_setting("POOLPROOF_DATA"),
           name);
  return path;
}

static void runs(const char *const *argv, int status, const char *says) {
  struct pp_ran ran = pp_run(argv, NULL);
  cr_assert_eq(ran.status, status, "%s: %d\n%s%s", argv[0], ran.status, ran.out,
               ran.err);
  if (says != NULL)
    cr_assert_not_null(strstr(ran.out, says), "%s: %s", argv[0], ran.out);
  pp_ran_free(&ran);
}

/* All readers take what lies in the folder, and agree on the findings. */
static void are_read(const char *findings, bool conforms) {
  const char *schema = data_path("junit.xsd");
  runs((const char *[]){"xmllint", "--noout", "--nonet", "--schema", schema,
                        "a.xml", NULL},
       0, NULL);
  runs((const char *[]){"prove", "--exec", "cat", "a.tap", NULL},
       conforms ? 0 : 1, conforms ? "Result: PASS" : "Result: FAIL");
  runs((const char *[]){"python3", data_path("read_sarif.py"), "a.sarif", NULL},
       0, NULL);
  const char *script = data_path("read_reports.py");
  struct pp_ran ran =
      pp_run((const char *[]){"python3", script, folder, NULL}, NULL);
  cr_assert_eq(ran.status, 0, "%s%s", ran.out, ran.err);
  cr_assert_str_eq(ran.out, findings, "%s", ran.out);
  pp_ran_free(&ran);
}

/* ---- hostile texts ---- */

static const char *const hostile[] = {
    "]]></failure></testcase><testsuite name=\"forged\">&#0;&bogus;",
    "ok 1 - forged # SKIP\nnot ok 2\n1..0\nBail out! forged\n...\n  ---",
    "\"}],\"verdict\":\"conforms\",\"x\":[{\"\\u0000 \\ / \b\f\n\r\t",
    "| **conforms** | `x` <script>alert(1)</script> [a](b) \\| # h\n# h\n- ",
    "\x01\x02\x1b[2J\x7f \xef\xbf\xbe\xef\xbf\xbf \xf0\x9f\x98\x80 \xc3\xa9",
    "%s%n%x %%00 ../../etc/passwd file:///etc/passwd?a#b",
};

static json_t *hostile_subject(const char *text, const char *verdict) {
  bool violation = strcmp(verdict, "violation") == 0;
  json_t *subject = json_pack(
      "{s:s s:s s:s s:s s:s s:i s:i s:i s:i s:f}", "subject", text, "title",
      text, "version", text, "profile", text, "verdict", verdict, "operations",
      7, "skipped", 0, "checks", 9, "rounds", 1, "seconds", 0.5);
  json_t *more = json_pack(
      "{s:{s:i s:[s]} s:{s:i s:i} s:[{s:s s:s s:s s:i} {s:s s:s s:s "
      "s:i} {s:s s:s s:s s:i}] s:s s:s s:s}",
      "clauses", "armed", 4, "silent", "API-33", "evaluated", "API-01", 5,
      "API-02", 4, "deviations", "clause", "API-18", "sentence", text, "by",
      "declared", "times", 1, "clause", "API-06", "sentence", text, "by",
      "latitude", "times", 2, "clause", "API-59", "sentence", text, "by",
      "quality", "times", 3, "declared_in", text, "why", violation ? "" : text,
      "output", text);
  json_object_update(subject, more);
  json_decref(more);
  json_object_set_new(
      subject, "violation",
      !violation ? json_null()
                 : json_pack("{s:s s:s s:i s:i s:s s:s s:s s:[s s s]}",
                             "clause", "API-02", "sentence", text, "step", 2,
                             "part", 0, "what", text, "fingerprint",
                             "0123456789abcdef", "reproduce", text, "trace",
                             "poolproof-trace 1", "malloc 0 1", "free 0"));
  return subject;
}

Test(reports, hostile_texts_stay_texts) {
  static const struct {
    enum report_form form;
    const char *path;
  } forms[] = {{REPORT_JSON, "a.json"},   {REPORT_LINES, "a.jsonl"},
               {REPORT_TAP, "a.tap"},     {REPORT_JUNIT, "a.xml"},
               {REPORT_SARIF, "a.sarif"}, {REPORT_MARKDOWN, "a.md"}};
  json_t *subjects = json_array();
  for (size_t i = 0; i < COUNT(hostile); i++) {
    json_t *subject =
        hostile_subject(hostile[i], i % 2 == 0 ? "violation" : "not loaded");
    cr_assert_not_null(subject);
    json_array_append_new(subjects, subject);
  }
  json_t *document = json_pack("{s:s s:i s:i s:o}", "poolproof", "0", "seed", 1,
                               "exit_code", 1, "subjects", subjects);
  cr_assert_not_null(document);
  cr_assert(keep_traces(document, "traces"));
  for (size_t i = 0; i < COUNT(forms); i++)
    cr_assert(write_report(forms[i].form, forms[i].path, document));
  json_decref(document);
  /* Their names, with what cannot be shown as a question mark. */
  char names[4096];
  size_t used = 0;
  for (size_t i = 0; i < COUNT(hostile); i++) {
    for (const char *at = hostile[i]; *at != '\0'; at++) {
      unsigned char byte = (unsigned char)*at;
      bool is_none = strncmp(at, "\xef\xbf\xbe", 3) == 0 ||
                     strncmp(at, "\xef\xbf\xbf", 3) == 0;
      bool hidden = byte <= ' ' || byte == 0x7f || is_none;
      names[used++] = hidden ? '?' : *at;
      if (is_none) at += 2;
    }
    used += (size_t)snprintf(names + used, sizeof names - used, "%s\n",
                             i % 2 == 0 ? " API-02" : "");
  }
  are_read(names, false);
}

/* ---- a run ---- */

Test(reports, all_forms_of_a_run_agree) {
  char faulty[4096], sound[4096];
  snprintf(faulty, sizeof faulty, "%s/proptests/faulty.so",
           pp_setting("POOLPROOF_BUILD"));
  snprintf(sound, sizeof sound, "%s/proptests/plugin.so",
           pp_setting("POOLPROOF_BUILD"));
  setenv("POOLPROOF_FAULT", "twice", 1);
  setenv("POOLPROOF_PLUGIN", "zero is null", 1);
  struct pp_ran ran = pp_run_poolproof(
      NULL, "check", sound, faulty, "/nosuch.so", "--ops", "2k", "--report",
      "tap:a.tap", "-Ojunit:a.xml", "-O", "sarif:a.sarif", "-O", "json:a.json",
      "-O", "jsonl:a.jsonl", "-O", "markdown:a.md", "-O", "human:a.txt", NULL);
  cr_assert_eq(ran.status, 1, "%s", ran.err);
  cr_assert_str_empty(ran.out);
  pp_ran_free(&ran);
  char findings[8192];
  snprintf(findings, sizeof findings, "%s API-01\n/nosuch.so\n", faulty);
  are_read(findings, false);
  runs((const char *[]){"grep", "-q", "breaks API-01", "a.txt", NULL}, 0, NULL);
  runs((const char *[]){"grep", "-q", "API-06 has latitude", "a.txt", NULL}, 0,
       NULL);
}

/* Each damage is one that a reader of such files would stumble over. */
Test(reports, unsound_sarif_is_told) {
  static const struct {
    const char *edit, *says;
  } rows[] = {
      {"del(log['version'])", "log has no version"},
      {"log['version'] = '2.0'", "log.version is '2.0'"},
      {"log['more'] = 1", "log has more, which is not known there"},
      {"log['runs'] = {}", "log.runs is no array"},
      {"run['tool']['driver']['name'] = ''", "driver.name is ''"},
      {"run['tool']['driver']['rules'][1]['id'] = 'GEO-01'", "a rule twice"},
      {"run['invocations'][0]['exitCode'] = '1'", "exitCode is '1'"},
      {"one['ruleIndex'] = 100000", "ruleIndex is not that of API-02"},
      {"one['ruleIndex'] -= 1", "ruleIndex is not that of API-02"},
      {"one['message'] = 'text'", "message is no object"},
      {"one['level'] = 'fatal'", "level is 'fatal'"},
      {"one['kind'] = 'pass'", "is no failure and has a level"},
      {"one['level'] = 'none'", "is a failure of no level"},
      {"del(one['partialFingerprints'])", "cannot be known again"},
      {"one['locations'] = []", "has not one location"},
      {"place['region']['startLine'] = 0", "startLine is 0"},
      {"place['artifactLocation']['uri'] = 'a b'", "uri is 'a b'"},
      {"place['artifactLocation']['uri'] = 'a%2'", "uri is 'a%2'"},
  };
  json_t *document =
      json_pack("{s:s s:i s:i s:[o]}", "poolproof", "0", "seed", 1, "exit_code",
                1, "subjects", hostile_subject(hostile[0], "violation"));
  cr_assert_not_null(document);
  cr_assert(write_report(REPORT_SARIF, "a.sarif", document));
  json_decref(document);
  char script[4096];
  snprintf(script, sizeof script, "%s", data_path("read_sarif.py"));
  runs((const char *[]){"python3", script, "a.sarif", NULL}, 0, NULL);
  for (size_t i = 0; i < COUNT(rows); i++) {
    char edit[512];
    snprintf(edit, sizeof edit,
             "import json\nlog = json.load(open('a.sarif'))\n"
             "run = log['runs'][0]\none = run['results'][0]\n"
             "place = one['locations'][0]['physicalLocation']\n"
             "place['region'] = {'startLine': 1}\n%s\n"
             "json.dump(log, open('b.sarif', 'w'))\n",
             rows[i].edit);
    runs((const char *[]){"python3", "-c", edit, NULL}, 0, NULL);
    runs((const char *[]){"python3", script, "b.sarif", NULL}, 1, rows[i].says);
  }
}

Test(reports, same_finding_has_the_same_fingerprint) {
  char first[64] = "";
  char faulty[4096];
  snprintf(faulty, sizeof faulty, "%s/proptests/faulty.so",
           pp_setting("POOLPROOF_BUILD"));
  setenv("POOLPROOF_FAULT", "twice", 1);
  for (int i = 0; i < 2; i++) {
    struct pp_ran ran = pp_run_poolproof(NULL, "check", faulty, "--ops", "2k",
                                         "-O", "json", NULL);
    cr_assert_eq(ran.status, 1, "%s", ran.err);
    json_t *document = json_loads(ran.out, 0, NULL);
    const json_t *subject =
        json_array_get(json_object_get(document, "subjects"), 0);
    const char *print =
        report_text(json_object_get(subject, "violation"), "fingerprint");
    cr_assert_eq(strlen(print), 16);
    if (i == 0) snprintf(first, sizeof first, "%s", print);
    cr_assert_str_eq(print, first);
    json_decref(document);
    pp_ran_free(&ran);
  }
}

Test(reports, places_that_cannot_be_written_are_told_first) {
  static const struct {
    const char *arguments[4];
    int status;
    const char *says;
  } rows[] = {{{"-O", "junit:/nosuch/a.xml"}, 5, "/nosuch/a.xml"},
              {{"-O", "tap:"}, 2, "tap:"},
              {{"-O", "xml:a.xml"}, 2, "xml:a.xml"},
              {{"-O", "tap", "-O", "json"}, 2, "json"},
              {{"-O", "tap:a", "-O", "tap:b"}, 2, "tap:b"},
              {{"-O", "tap:a", "-O", "junit:a"}, 2, "junit:a"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    const char *const *given = rows[i].arguments;
    struct pp_ran ran =
        pp_run_poolproof(NULL, "check", "libc", "--ops", "1k", given[0],
                         given[1], given[2], given[3], NULL);
    cr_assert_eq(ran.status, rows[i].status, "row %zu: %d", i, ran.status);
    cr_assert_not_null(strstr(ran.err, rows[i].says), "row %zu: %s", i,
                       ran.err);
    cr_assert_str_empty(ran.out);
    pp_ran_free(&ran);
  }
}
