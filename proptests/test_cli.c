/* The command line as a user meets it: help, mistakes, files that are not what
 * they should be. Verdicts, JSON and signals are in test_cli_check.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/trace.h"
#include "poolproof/clause.h"
#include "poolproof/reference.h"
#include "proptests/damage.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HEADER PP_TRACE_HEADER "\n"

enum { ARGUMENTS_MAX = 6, MALFORMED_EXPECTED = 200, EVERY = 5 };

static char folder[64];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(cli, .init = make_folder, .fini = remove_folder);

static const char *const commands[] = {"check", "replay", "shrink", "subjects",
                                       "spec"};

/* ---- help ---- */

/* Each option of a help text that wants a value misses it; each that does not
 * is taken, for a subject or a trace that is not there. */
static void try_options(const char *command, const char *help) {
  for (const char *at = help; (at = strstr(at, "\n  --")) != NULL;) {
    char option[32], argument[8];
    at += 3;
    cr_assert_eq(sscanf(at, "%31s %7s", option, argument), 2);
    bool wanted = at[strlen(option) + 1] != ' ';
    struct pp_ran ran = pp_run_poolproof(NULL, command, option,
                                         wanted ? NULL : "/nosuch.so", NULL);
    cr_assert_eq(strstr(ran.err, "a value is missing") != NULL, wanted,
                 "%s %s: %s", command, option, ran.err);
    cr_assert_null(strstr(ran.err, "no such option"), "%s", ran.err);
    pp_ran_free(&ran);
  }
}

Test(cli, every_command_has_help) {
  struct pp_ran general = pp_run_poolproof(NULL, "--help", NULL);
  struct pp_ran none = pp_run_poolproof(NULL, NULL);
  cr_assert_eq(general.status, 0);
  cr_assert_eq(none.status, 2);
  cr_assert_str_empty(general.err);
  cr_assert_str_empty(none.out);
  cr_assert_str_eq(general.out, none.err);
  for (size_t i = 0; i < COUNT(commands); i++) {
    char start[64];
    snprintf(start, sizeof start, "usage: poolproof %s", commands[i]);
    struct pp_ran long_one =
        pp_run_poolproof(NULL, commands[i], "--help", NULL);
    struct pp_ran short_one = pp_run_poolproof(NULL, commands[i], "-h", NULL);
    struct pp_ran other = pp_run_poolproof(NULL, "help", commands[i], NULL);
    cr_assert_eq(long_one.status, 0);
    cr_assert_str_empty(long_one.err);
    cr_assert_eq(strncmp(long_one.out, start, strlen(start)), 0);
    cr_assert_str_eq(short_one.out, long_one.out);
    cr_assert_str_eq(other.out, long_one.out);
    cr_assert_not_null(strstr(general.out, start + strlen("usage: ")));
    cr_assert_not_null(strstr(long_one.out, "--help"));
    try_options(commands[i], long_one.out);
    pp_ran_free(&long_one);
    pp_ran_free(&short_one);
    pp_ran_free(&other);
  }
  pp_ran_free(&general);
  pp_ran_free(&none);
  struct pp_ran version = pp_run_poolproof(NULL, "--version", NULL);
  cr_assert_eq(version.status, 0);
  cr_assert_eq(strncmp(version.out, "poolproof ", 10), 0);
  pp_ran_free(&version);
}

/* ---- mistakes ---- */

/* clang-format off */
static const struct {
  const char *arguments[ARGUMENTS_MAX];
  const char *culprit; /* what the message has to name */
} mistakes[] = {
  { { "chek" }, "chek" },
  { { "--nosuch" }, "--nosuch" },
  { { "help", "nosuch" }, "nosuch" },
  { { "check", "--nosuch" }, "--nosuch" },
  { { "check", "libc", "--nosuch=7" }, "--nosuch=7" },
  { { "check", "-q" }, "-q" },
  { { "check", "libc", "-qz" }, "-q" },
  { { "check", "--help=3" }, "--help=3" },
  { { "check", "--p", "3.9" }, "--p" },
  { { "check", "--placements" }, "--placements" },
  { { "check", "--subject", "libc" }, "--subject" },
  { { "replay", "--jobs", "1", "-" }, "--jobs" },
  { { "spec", "--seed", "1" }, "--seed" },
  { { "check", "--ops" }, "--ops" },
  { { "check", "--ops", "0" }, "0" },
  { { "check", "--ops", "ten" }, "ten" },
  { { "check", "--ops", "-5" }, "-5" },
  { { "check", "--ops", "1x" }, "1x" },
  { { "check", "--ops", "1kk" }, "1kk" },
  { { "check", "--ops", "" }, "value" },
  { { "check", "--ops", " 5" }, " 5" },
  { { "check", "--ops", "99999999999999999999" }, "99999999999999999999" },
  { { "check", "--ops=20000000000G" }, "20000000000G" },
  { { "check", "--time", "0s" }, "0s" },
  { { "check", "--time", "5d" }, "5d" },
  { { "check", "--seed", "1.5" }, "1.5" },
  { { "check", "--seed", "0x" }, "0x" },
  { { "check", "--seed", "0x8000000000000000" }, "0x8000000000000000" },
  { { "check", "--jobs", "0" }, "0" },
  { { "check", "--jobs", "100000" }, "100000" },
  { { "check", "--level", "extreme" }, "extreme" },
  { { "check", "--level", "HEAP" }, "HEAP" },
  { { "check", "--contents", "half" }, "half" },
  { { "check", "--profile", "9.9" }, "9.9" },
  { { "check", "--profile", "" }, "value" },
  { { "check", "--json", "" }, "value" },
  { { "check", "libc", "--against", "x.so" }, "--against" },
  { { "replay" }, "TRACE" },
  { { "replay", "a", "b" }, "TRACE" },
  { { "replay", "--subject", "" }, "value" },
  { { "shrink" }, "TRACE" },
  { { "shrink", "-o" }, "-o" },
  { { "shrink", "--output", "", "x" }, "value" },
  { { "spec", "nosuch" }, "nosuch" },
  { { "spec", "POOL-99" }, "POOL-99" },
  { { "spec", "POOL-05x" }, "POOL-05x" },
  { { "spec", "POOL", "SC" }, "one ID or AREA" },
  { { "subjects", "all" }, "no arguments" },
};
/* clang-format on */

Test(cli, mistakes_are_named) {
  for (size_t i = 0; i < COUNT(mistakes); i++) {
    const char *argv[ARGUMENTS_MAX + 2] = {pp_setting("POOLPROOF")};
    memcpy(argv + 1, mistakes[i].arguments, sizeof mistakes[i].arguments);
    struct pp_ran ran = pp_run(argv, NULL);
    cr_expect_eq(ran.status, 2, "mistake %zu: %d, %s", i, ran.status, ran.err);
    cr_expect_str_empty(ran.out, "mistake %zu", i);
    cr_expect_not_null(strstr(ran.err, mistakes[i].culprit),
                       "%s is not named: %s", mistakes[i].culprit, ran.err);
    cr_expect_leq(pp_occurrences(ran.err, "\n"), 2, "%s", ran.err);
    pp_ran_free(&ran);
  }
}

/* ---- subjects that are none ---- */

static void no_subject(const char *name, const char *named) {
  struct pp_ran check =
      pp_run_poolproof(NULL, "check", name, "--ops", "10", NULL);
  struct pp_ran replay = pp_run_poolproof(HEADER "free 1\n", "replay",
                                          "--subject", name, "-", NULL);
  cr_assert_eq(check.status, 3, "%s: %d", name, check.status);
  cr_assert_eq(replay.status, 3, "%s: %d", name, replay.status);
  bool said = strstr(check.out, named) != NULL || strstr(check.err, named);
  cr_assert(said, "%s: %s%s", named, check.out, check.err);
  pp_ran_free(&check);
  pp_ran_free(&replay);
}

static char *read_bytes(const char *path, size_t *size) {
  struct stat status;
  FILE *in = fopen(path, "r");
  cr_assert(in != NULL && fstat(fileno(in), &status) == 0, "%s", path);
  *size = (size_t)status.st_size;
  char *bytes = malloc(*size + 1);
  cr_assert_eq(fread(bytes, 1, *size, in), *size);
  fclose(in);
  return bytes;
}

Test(cli, what_is_no_subject_is_not_loaded) {
  char path[128];
  size_t size;
  char *whole = read_bytes(pp_setting("POOLPROOF_FAULTY"), &size);
  no_subject("nosuch", "nosuch");
  no_subject("./nosuch", "./nosuch");
  no_subject("libnosuch.so.7", "libnosuch.so.7");
  no_subject("reference:9.9", "9.9");
  no_subject("reference:", "3.9");
  no_subject(folder, folder);
  no_subject("libm.so.6", "no malloc");
  no_subject(pp_setting("POOLPROOF"), "poolproof");
  pp_file_write(path, folder, "empty.so", "", 0);
  no_subject(path, "empty.so");
  pp_file_write(path, folder, "text.so", "int main(void);\n", 16);
  no_subject(path, "text.so");
  for (size_t part = 1; part < 16; part++) {
    pp_file_write(path, folder, "cut.so", whole, size * part / 16);
    no_subject(path, "cut short");
  }
  pp_file_write(path, folder, "cut.so", whole, 64); /* a header, no more */
  no_subject(path, "cut.so");
  pp_file_write(path, folder, "cut.so", whole, size - 1);
  no_subject(path, "cut short");
  /* A header that lies about all that follows. */
  memset(whole + 16, 0xff, 48);
  pp_file_write(path, folder, "lies.so", whole, size);
  no_subject(path, "lies.so");
  free(whole);
}

/* ---- traces that are none ---- */

static void refused(const char *path, const char *place) {
  static const char *const readers[] = {"replay", "shrink"};
  for (size_t i = 0; i < COUNT(readers); i++) {
    struct pp_ran ran = pp_run_poolproof(NULL, readers[i], path, NULL);
    cr_assert_eq(ran.status, 2, "%s: %d: %s", path, ran.status, ran.err);
    cr_assert_str_empty(ran.out);
    cr_assert_eq(strncmp(ran.err, place, strlen(place)), 0,
                 "expected %s, not %s", place, ran.err);
    cr_assert_eq(pp_occurrences(ran.err, "\n"), 1, "%s", ran.err);
    pp_ran_free(&ran);
    if (i == 0 && strstr(place, ".zst") == NULL)
      break; /* one reader is enough for most of them */
  }
}

static unsigned malformed;

static void try_damage(void *ctx, const struct pp_damage *damage) {
  unsigned *seen = ctx;
  char path[128], place[192];
  if (damage->line == 0 || (*seen)++ % EVERY != 0) return;
  pp_file_write(path, folder, "damaged.trace", damage->text, damage->size);
  snprintf(place, sizeof place, "%s:%lu:%lu: expected ", path, damage->line,
           damage->column);
  refused(path, place);
  malformed++;
}

Test(cli, malformed_traces_are_refused_where_they_are) {
  unsigned seen = 0;
  pp_damage_each(&seen, try_damage);
  cr_assert_geq(malformed, MALFORMED_EXPECTED);
}

Test(cli, malformed_packed_files_are_refused) {
  static const struct pp_op story[] = {{PP_OP_BURST, 0, 300, 32},
                                       {PP_OP_REALLOC, 70, SIZE_MAX, 0},
                                       {PP_OP_DRAIN, 0, 300, 1}};
  char path[128], damaged[128], place[192];
  size_t size;
  snprintf(path, sizeof path, "%s/whole.trace.zst", folder);
  cr_assert(pp_trace_save(path, story, COUNT(story)));
  struct pp_ran ran = pp_run_poolproof(NULL, "replay", path, NULL);
  cr_assert_eq(ran.status, 0, "%s", ran.err);
  pp_ran_free(&ran);
  char *bytes = read_bytes(path, &size);
  snprintf(place, sizeof place, "%s/damaged.trace.zst:", folder);
  for (size_t cut = 0; cut < size; cut++) {
    pp_file_write(damaged, folder, "damaged.trace.zst", bytes, cut);
    refused(damaged, place);
  }
  /* test_ops_damage.c knows which bits of a frame are free; this is none. */
  for (size_t i = 4; i < size; i++) {
    bytes[i] = (char)(bytes[i] ^ 0x01);
    pp_file_write(damaged, folder, "damaged.trace.zst", bytes, size);
    refused(damaged, place);
    bytes[i] = (char)(bytes[i] ^ 0x01);
  }
  free(bytes);
}

Test(cli, what_is_no_trace_is_refused) {
  char path[128], place[192];
  snprintf(path, sizeof path, "%s/nosuch.trace", folder);
  refused(path, path);
  refused(folder, folder);
  pp_file_write(path, folder, "empty.trace", "", 0);
  snprintf(place, sizeof place, "%s:1:1: expected", path);
  refused(path, place);
  pp_file_write(path, folder, "other.zst", "\x1f\x8b\x08\x01", 4);
  snprintf(place, sizeof place, "%s:1:", path);
  refused(path, place);
  struct pp_ran ran = pp_run_poolproof("", "replay", "-", NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert_eq(strncmp(ran.err, "<stdin>:1:1: expected", 21), 0, "%s", ran.err);
  pp_ran_free(&ran);
  /* Nothing is run of a trace that is wrong at its end. */
  ran = pp_run_poolproof(HEADER "malloc 1 16\nmalloc 1\n", "replay",
                         "--placements", "-", NULL);
  cr_assert_eq(ran.status, 2);
  cr_assert_str_empty(ran.out);
  cr_assert_eq(strncmp(ran.err, "<stdin>:3:9: expected SIZE", 26), 0, "%s",
               ran.err);
  pp_ran_free(&ran);
}

/* ---- spec, subjects, shrink ---- */

Test(cli, spec_prints_clauses) {
  const struct pp_clause_text *text = &pp_clause_texts[PP_POOL_05];
  struct pp_ran one = pp_run_poolproof(NULL, "spec", "POOL-05", NULL);
  struct pp_ran same = pp_run_poolproof(NULL, "spec", "pool-05", NULL);
  struct pp_ran area = pp_run_poolproof(NULL, "spec", "POOL", NULL);
  struct pp_ran all = pp_run_poolproof(NULL, "spec", NULL);
  cr_assert_eq(one.status + same.status + area.status + all.status, 0);
  cr_assert_not_null(strstr(one.out, text->sentence));
  cr_assert_not_null(strstr(one.out, text->source));
  cr_assert_not_null(strstr(one.out, "POOL_05"));
  cr_assert_str_eq(one.out, same.out);
  size_t members = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    bool member = strcmp(pp_clause_texts[i].area, "POOL") == 0;
    members += member;
    cr_assert_not_null(strstr(all.out, pp_clause_texts[i].sentence));
    cr_assert_eq(strstr(area.out, pp_clause_texts[i].sentence) != NULL, member);
  }
  cr_assert_eq(pp_occurrences(area.out, "\n"), members);
  cr_assert_eq(pp_occurrences(all.out, "\n"), PP_CLAUSE_COUNT - 1);
  pp_ran_free(&one);
  pp_ran_free(&same);
  pp_ran_free(&area);
  pp_ran_free(&all);
}

Test(cli, subjects_are_listed) {
  struct pp_ran ran = pp_run_poolproof(NULL, "subjects", NULL);
  cr_assert_eq(ran.status, 0);
  cr_assert_str_empty(ran.err);
  for (int i = 0; i < PP_PROFILE_COUNT; i++) {
    char name[32];
    snprintf(name, sizeof name, " reference:%s\n", pp_profiles[i].name);
    cr_assert_not_null(strstr(ran.out, name), "%s", ran.out);
  }
  cr_assert_not_null(strstr(ran.out, " libc\n"));
  pp_ran_free(&ran);
}

Test(cli, what_breaks_nothing_is_not_shrunk) {
  char path[128];
  struct pp_ran ran =
      pp_run_poolproof(HEADER "malloc 1 16\nfree 1\n", "shrink", "-", NULL);
  cr_assert_eq(ran.status, 0);
  cr_assert_str_empty(ran.out);
  cr_assert_not_null(strstr(ran.err, "nothing to shrink"), "%s", ran.err);
  pp_ran_free(&ran);
  snprintf(path, sizeof path, "%s/out.trace", folder);
  ran = pp_run_poolproof(HEADER "fork\n", "shrink", "-o", path, "-", NULL);
  cr_assert_eq(ran.status, 4, "%d", ran.status);
  cr_assert_neq(access(path, F_OK), 0);
  pp_ran_free(&ran);
}

Test(cli, shrunk_traces_go_where_they_are_told) {
  static const char *const names[] = {"out.trace", "out.trace.zst"};
  const char *faulty = pp_setting("POOLPROOF_FAULTY");
  setenv("POOLPROOF_FAULT", "twice", 1);
  for (size_t i = 0; i < COUNT(names); i++) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    struct pp_ran ran =
        pp_run_poolproof(HEADER "malloc 9 5\nburst 1 40 3000\nfree 2\n",
                         "shrink", "--subject", faulty, "-o", path, "-", NULL);
    cr_assert_eq(ran.status, 1, "%s", ran.err);
    cr_assert_str_empty(ran.out);
    pp_ran_free(&ran);
    ran = pp_run_poolproof(NULL, "replay", "--subject", faulty, path, NULL);
    cr_assert_eq(ran.status, 1);
    cr_assert_not_null(strstr(ran.out, "API-01"));
    pp_ran_free(&ran);
  }
  struct pp_ran ran =
      pp_run_poolproof(HEADER "burst 1 40 3000\n", "shrink", "--subject",
                       faulty, "-o", "/nosuch/out.trace", "-", NULL);
  cr_assert_eq(ran.status, 5);
  cr_assert_not_null(strstr(ran.err, "/nosuch/out.trace"), "%s", ran.err);
  pp_ran_free(&ran);
}
