/* Verdicts as a user meets them: exit codes, the table and the JSON document,
 * jobs, interruptions, and pipes that are closed. */
#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check/clock.h"
#include "check/generate.h"
#include "check/trace.h"
#include "check/worker.h"
#include "poolproof/clause.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HEADER PP_TRACE_HEADER "\n"

enum { SUBJECTS_MAX = 8 };

static char folder[64];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(cli, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_14, .init = make_folder, .fini = remove_folder);

static void nap(double seconds) {
  time_t whole = (time_t)seconds;
  struct timespec time = {whole, (long)((seconds - (double)whole) * 1e9)};
  nanosleep(&time, NULL);
}

/* ---- exit codes ---- */

static int status_of(const char *fault, const char *subject, const char *also,
                     const char *operations) {
  if (fault != NULL)
    setenv("POOLPROOF_FAULT", fault, 1);
  else
    unsetenv("POOLPROOF_FAULT");
  struct pp_ran ran =
      pp_run_poolproof(NULL, "check", "--ops", operations, subject, also, NULL);
  int status = ran.status;
  pp_ran_free(&ran);
  return status;
}

Test(cli, the_gravest_verdict_is_the_exit_code) {
  const char *faulty = pp_setting("POOLPROOF_FAULTY");
  cr_assert_eq(status_of(NULL, "reference:tiny", NULL, "100k"), 0);
  cr_assert_eq(status_of(NULL, faulty, "reference:tiny", "100k"), 0);
  cr_assert_eq(status_of("twice", faulty, NULL, "30k"), 1);
  cr_assert_eq(status_of("twice", "reference:tiny", faulty, "100k"), 1);
  cr_assert_eq(status_of("twice", faulty, "libm.so.6", "30k"), 1);
  cr_assert_eq(status_of(NULL, "libm.so.6", NULL, "30k"), 3);
  cr_assert_eq(status_of(NULL, "reference:3.9", "libm.so.6", "10"), 3);
  cr_assert_eq(status_of(NULL, "reference:3.9", NULL, "10"), 4);
  cr_assert_eq(status_of(NULL, "reference:3.9", faulty, "10"), 4);
}

/* ---- the table and the document ---- */

/* What the row of a subject says. */
struct row {
  char profile[16];
  char operations[16];
  char checks[16];
  unsigned evaluated, armed;
  unsigned deviates;
  unsigned violations;
  char verdict[32];
};

static struct row row_of(const char *table, const char *name) {
  struct row row = {.armed = 0};
  const char *column = strstr(table, "profile");
  const char *line = strstr(table, name);
  cr_assert(column != NULL && line != NULL, "%s: %s", name, table);
  cr_assert_eq(line[-1], '\n');
  int read = sscanf(line + (column - table),
                    "%15s %15s %15s %u/%u %u %u %*[0-9.]s %31[a-z ]",
                    row.profile, row.operations, row.checks, &row.evaluated,
                    &row.armed, &row.deviates, &row.violations, row.verdict);
  cr_assert_eq(read, 8, "%d of 8 columns: %s", read, line);
  return row;
}

/* The table rounds: 2.0M for 2000123. */
static void same_number(const char *shown, json_int_t number) {
  char *end;
  double value = strtod(shown, &end);
  double unit = *end == 'k' ? 1e3 : *end == 'M' ? 1e6 : 1;
  double error = unit == 1 ? 0 : unit * 0.05000001;
  double difference = value * unit - (double)number;
  cr_assert(difference <= error && -difference <= error, "%s for %lld", shown,
            (long long)number);
}

static json_int_t number_of(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  cr_assert(json_is_integer(value), "no number %s", key);
  return json_integer_value(value);
}

static const char *text_of(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  cr_assert_not_null(text, "no text %s", key);
  return text;
}

/* The sentences that are quoted are the clauses' own. */
static void quotes_clause(const json_t *entry) {
  enum pp_clause clause = pp_clause_find(text_of(entry, "clause"));
  cr_assert_neq(clause, PP_HOLDS);
  cr_assert_str_eq(text_of(entry, "sentence"),
                   pp_clause_texts[clause].sentence);
}

static void same_subject(const json_t *subject, const char *table,
                         const char *name) {
  struct row row = row_of(table, name);
  const json_t *clauses = json_object_get(subject, "clauses");
  const json_t *silent = json_object_get(clauses, "silent");
  const json_t *deviations = json_object_get(subject, "deviations");
  const json_t *violation = json_object_get(subject, "violation");
  const json_t *count;
  const char *key, *profile = text_of(subject, "profile");
  json_int_t sum = 0;
  cr_assert_str_eq(text_of(subject, "subject"), name);
  cr_assert_str_eq(text_of(subject, "verdict"), row.verdict);
  cr_assert_str_eq(profile[0] == '\0' ? "-" : profile, row.profile);
  same_number(row.operations, number_of(subject, "operations"));
  same_number(row.checks, number_of(subject, "checks"));
  cr_assert_eq(number_of(clauses, "armed"), row.armed);
  cr_assert_eq(row.armed - json_array_size(silent), row.evaluated);
  cr_assert_eq(json_array_size(deviations), row.deviates);
  cr_assert_eq(json_is_object(violation), row.violations == 1);
  /* json_object_foreach is not for const objects. */
  json_object_foreach(json_object_get(subject, "evaluated"), key, count) {
    cr_assert_neq(pp_clause_find(key), PP_HOLDS, "%s", key);
    sum += json_integer_value(count);
  }
  cr_assert_eq(sum, number_of(subject, "checks"));
  for (size_t i = 0; i < json_array_size(deviations); i++)
    quotes_clause(json_array_get(deviations, i));
  if (row.violations == 1) {
    quotes_clause(violation);
    cr_assert_gt(json_array_size(json_object_get(violation, "trace")), 1);
    cr_assert_not_null(strstr(table, text_of(violation, "what")));
  }
}

static json_t *read_json(const char *path) {
  json_error_t error;
  json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  cr_assert_not_null(document, "%s:%d: %s", path, error.line, error.text);
  return document;
}

Test(cli, the_document_says_what_the_table_says) {
  char path[128], faulty[128];
  const char *names[] = {"reference:tiny", "libc", faulty, "libm.so.6"};
  /* A short name, which the table does not have to shorten. */
  const char *link[] = {"ln", "-s", pp_setting("POOLPROOF_FAULTY"), faulty,
                        NULL};
  snprintf(faulty, sizeof faulty, "%s", "./f.so");
  cr_assert_eq(chdir(folder), 0);
  struct pp_ran linked = pp_run(link, NULL);
  cr_assert_eq(linked.status, 0);
  pp_ran_free(&linked);
  snprintf(path, sizeof path, "%s/out.json", folder);
  setenv("POOLPROOF_FAULT", "forgets", 1);
  struct pp_ran ran =
      pp_run_poolproof(NULL, "check", names[0], names[1], names[2], names[3],
                       "--ops", "60k", "--seed", "77", "--json", path, NULL);
  cr_assert_eq(ran.status, 1);
  cr_assert_str_empty(ran.err);
  json_t *document = read_json(path);
  const json_t *subjects = json_object_get(document, "subjects");
  cr_assert_eq(number_of(document, "exit_code"), 1);
  cr_assert_eq(number_of(document, "seed"), 77);
  cr_assert_eq(json_array_size(subjects), COUNT(names));
  for (size_t i = 0; i < COUNT(names); i++)
    same_subject(json_array_get(subjects, i), ran.out, names[i]);
  json_decref(document);
  pp_ran_free(&ran);
  cr_assert_eq(chdir("/"), 0);
}

Test(cli, the_document_goes_where_it_is_told) {
  struct pp_ran ran = pp_run_poolproof(NULL, "check", "libc", "--ops", "1k",
                                       "--json", "-", NULL);
  const char *start = strstr(ran.out, "\n{\n");
  cr_assert_not_null(start, "%s", ran.out);
  json_t *document = json_loads(start, 0, NULL); /* and nothing behind it */
  cr_assert_not_null(document);
  cr_assert_eq(number_of(document, "exit_code"), ran.status);
  json_decref(document);
  pp_ran_free(&ran);
  ran = pp_run_poolproof(NULL, "check", "libc", "--ops", "1k", "--json",
                         "/nosuch/out.json", NULL);
  cr_assert_eq(ran.status, 5);
  cr_assert_not_null(strstr(ran.err, "/nosuch/out.json"), "%s", ran.err);
  pp_ran_free(&ran);
}

static json_t *judged_with(const char *jobs) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s.json", folder, jobs);
  setenv("POOLPROOF_FAULT", "dirty", 1);
  struct pp_ran ran =
      pp_run_poolproof(NULL, "check", "--ops", "60k", "--jobs", jobs, "--json",
                       path, "reference:3.9", pp_setting("POOLPROOF_FAULTY"),
                       "reference:small", "libc", NULL);
  cr_assert_eq(ran.status, 1);
  cr_assert_str_empty(ran.err); /* no progress into a pipe */
  pp_ran_free(&ran);
  json_t *document = read_json(path);
  json_t *subjects = json_object_get(document, "subjects");
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    json_t *subject = json_array_get(subjects, i);
    json_t *violation = json_object_get(subject, "violation");
    json_object_del(subject, "seconds");
    json_object_del(subject, "output");
    /* Of some blocks more is usable than of others. */
    json_object_del(subject, "checks");
    json_object_del(json_object_get(subject, "evaluated"), "API-72");
    json_object_del(json_object_get(subject, "memory"), "resident_peak");
    if (json_is_object(violation))
      json_object_del(violation, "what"); /* it names addresses */
  }
  return document;
}

Test(OPS_14, jobs_do_not_matter) {
  json_t *one = judged_with("1");
  json_t *two = judged_with("2");
  json_t *three = judged_with("3");
  cr_assert(json_equal(one, two));
  cr_assert(json_equal(one, three));
  json_decref(one);
  json_decref(two);
  json_decref(three);
}

/* ---- ends before the end ---- */

/* True when no process of the group is left. */
static bool is_gone(pid_t group) {
  for (int i = 0; i < 100; i++) {
    if (kill(-group, 0) != 0 && errno == ESRCH) return true;
    nap(0.02);
  }
  return false;
}

/* Interrupts a program after a while; it ends long before a call that does not
 * return would be given up, and all of it. */
static struct pp_ran interrupted(const char *const *argv, int signal_number,
                                 bool group, double after) {
  struct pp_started started = pp_start(argv, NULL);
  pp_await_handler(started.pid, signal_number);
  nap(after);
  double start = pp_now();
  kill(group ? -started.pid : started.pid, signal_number);
  struct pp_ran ran = pp_finish(&started);
  cr_assert_lt(pp_now() - start, PP_SILENCE_SECONDS - 2, "%s", argv[1]);
  cr_assert_eq(ran.status, 130, "%s: %d: %s%s", argv[1], ran.status, ran.out,
               ran.err);
  cr_assert(is_gone(started.pid), "%s left a process behind", argv[1]);
  return ran;
}

Test(cli, an_interrupted_check_ends_at_once) {
  const char *poolproof = pp_setting("POOLPROOF");
  const char *const check[] = {
      poolproof,   "check", "reference:tiny", "reference:3.9",
      "--time",    "100s",  "--jobs",         "2",
      "libm.so.6", NULL};
  static const struct {
    int number;
    bool group;
    double after;
  } ways[] = {{SIGINT, false, 0.7},
              {SIGINT, true, 0.7},
              {SIGTERM, false, 0.3},
              {SIGINT, false, 0.2}};
  for (size_t i = 0; i < COUNT(ways); i++) {
    struct pp_ran ran =
        interrupted(check, ways[i].number, ways[i].group, ways[i].after);
    cr_assert_str_empty(ran.err);
    cr_assert_geq(pp_occurrences(ran.out, "interrupted"), 1, "%s", ran.out);
    pp_ran_free(&ran);
  }
}

static void write_long_trace(char path[128]) {
  struct pp_generate_options options = {.seed = 1, .operations = 2000000};
  struct pp_generator generator;
  struct pp_ops ops = {0};
  struct pp_op op;
  pp_generator_open(&generator, &options);
  while (generator.source.fill(&generator.source, &op, 1) == 1)
    pp_ops_push(&ops, op);
  pp_generator_close(&generator);
  snprintf(path, 128, "%s/long.trace.zst", folder);
  cr_assert(pp_trace_save(path, ops.at, ops.count));
  pp_ops_free(&ops);
}

Test(cli, an_interrupted_replay_ends_at_once) {
  char path[128];
  const char *const replay[] = {
      pp_setting("POOLPROOF"),        "replay", path, "--subject",
      pp_setting("POOLPROOF_FAULTY"), NULL};
  write_long_trace(path);
  setenv("POOLPROOF_FAULT", "sleep", 1);
  struct pp_ran ran = interrupted(replay, SIGINT, false, 1.5);
  pp_ran_free(&ran);
}

/* A judge that is killed takes its worker along, and one whose program is
 * killed goes as well. */
Test(cli, a_killed_check_leaves_nothing) {
  const char *const check[] = {pp_setting("POOLPROOF"),
                               "check",
                               "reference:tiny",
                               "reference:3.9",
                               "--time",
                               "100s",
                               NULL};
  struct pp_started started = pp_start(check, NULL);
  nap(0.5);
  kill(started.pid, SIGKILL);
  struct pp_ran ran = pp_finish(&started);
  cr_assert_eq(ran.status, -SIGKILL);
  cr_assert(is_gone(started.pid));
  pp_ran_free(&ran);
}

/* Runs a line of the shell in a group of its own. */
static struct pp_ran shell(const char *line) {
  const char *const argv[] = {"sh", "-c", line, NULL};
  struct pp_started started = pp_start(argv, NULL);
  struct pp_ran ran = pp_finish(&started);
  cr_assert(is_gone(started.pid), "%s left a process behind", line);
  return ran;
}

Test(cli, a_closed_pipe_is_no_crash) {
  static const char *const lines[] = {
      "\"$POOLPROOF\" spec | head -n 1",
      "\"$POOLPROOF\" check --help | head -n 1",
      "\"$POOLPROOF\" check libc --time 1s --json - | head -n 0",
      "\"$POOLPROOF\" check libm.so.6 libm.so.6 libc --jobs 1 --time 1s |"
      " head -n 1",
      "\"$POOLPROOF\" replay --placements --subject reference \"$TRACE\" |"
      " head -n 1",
  };
  char path[128];
  const char burst[] = HEADER "burst 0 100000 16\n";
  pp_file_write(path, folder, "burst.trace", burst, strlen(burst));
  setenv("TRACE", path, 1);
  for (size_t i = 0; i < COUNT(lines); i++) {
    double start = pp_now();
    struct pp_ran ran = shell(lines[i]);
    cr_assert_eq(ran.status, 0, "%s: %d", lines[i], ran.status);
    cr_assert_str_empty(ran.err, "%s: %s", lines[i], ran.err);
    cr_assert_lt(pp_now() - start, 20, "%s", lines[i]);
    pp_ran_free(&ran);
  }
}

Test(cli, output_that_is_lost_is_no_success) {
  struct pp_ran ran = shell("\"$POOLPROOF\" spec >/dev/full");
  cr_assert_eq(ran.status, 5);
  cr_assert_not_null(strstr(ran.err, "standard output"), "%s", ran.err);
  pp_ran_free(&ran);
  ran = shell("\"$POOLPROOF\" check reference:tiny --ops 100k >/dev/full");
  cr_assert_eq(ran.status, 5);
  pp_ran_free(&ran);
  ran = shell("printf '%s\\n' 'poolproof-trace 1' 'malloc 1 9' |"
              " \"$POOLPROOF\" replay --placements - >/dev/full");
  cr_assert_eq(ran.status, 5, "%d", ran.status);
  cr_assert_not_null(strstr(ran.err, "standard output"), "%s", ran.err);
  pp_ran_free(&ran);
}
