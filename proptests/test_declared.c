/* Declarations of what a release does not keep (check/declared.c): one that is
 * exact excuses its clauses, any other is refused with its line and excuses
 * none, and each is found by the name of the release. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/declared.h"
#include "check/judge.h"
#include "check/pages.h"
#include "proptests/held.h"
#include "proptests/programs.h"

#define SOUND "name ours\nversion 1.2\n"
#define FILE_NAME "ours-1.2.declared"

static char folder[64];
static char path[128];
static struct pp_declared declared;

static void make(void) {
  pp_folder_make(folder);
  pp_file_write(path, folder, "shows.c", "", 0);
  /* Leftovers that nothing may keep. */
  memset(&declared, 1, sizeof declared);
}

static void forget(void) {
  pp_folder_remove(folder);
}

TestSuite(declared, .init = make, .fini = forget);

static size_t deviations(void) {
  size_t count = 0;
  for (size_t i = 0; i < PP_CLAUSE_COUNT; i++)
    count += declared.deviates[i];
  return count;
}

static void read_as(const char *name, const char *text, bool sound) {
  pp_file_write(path, folder, name, text, strlen(text));
  cr_assert_eq(pp_declared_read(path, &declared), sound, "%s: %s", text,
               declared.error);
  cr_assert_str_eq(declared.file, path);
  if (sound) cr_assert_str_empty(declared.error);
}

/* Refused there with these words, and nothing of it counts. */
static void refused(const char *text, unsigned line, const char *expected) {
  char error[512];
  read_as(FILE_NAME, text, false);
  snprintf(error, sizeof error, "%s:%u: expected %s", path, line, expected);
  cr_assert_str_eq(declared.error, error);
  cr_assert_eq(deviations(), 0, "%s", text);
}

/* ---- what one says ---- */

Test(declared, clauses_that_are_named_deviate) {
  read_as(FILE_NAME, SOUND, true);
  cr_assert_eq(deviations(), 0);
  read_as(FILE_NAME,
          SOUND "deviates API-20 shown-by shows.c Fails.\n"
                "deviates api-05 shown-by shows.c It is so.\n",
          true);
  cr_assert_eq(deviations(), 2);
  cr_assert(declared.deviates[PP_API_20]);
  cr_assert(declared.deviates[PP_API_05]);
  read_as(FILE_NAME, "name ours\r\nversion 1.2\r\n", true);
  /* Space, comments, the order and the end of the last line are free. */
  read_as(FILE_NAME,
          "# of ours\r\n\n \t\n  deviates\tAPI-20  shown-by \t shows.c  x\r\n"
          "#\nversion\t1.2 \n\tname   ours\t\r",
          true);
  cr_assert_eq(deviations(), 1);
}

Test(declared, mistakes_are_named_with_their_line) {
  refused("", 1, "a name");
  refused("name ours\n", 2, "a version");
  refused("\n\nversion 1.2\n", 4, "a name");
  refused(SOUND "nam ours\n", 3,
          "name, version, deviates or promises, not \"nam\"");
  refused(SOUND "names\n", 3,
          "name, version, deviates or promises, not \"names\"");
  refused("name\n", 1, "a name");
  refused("name ours theirs\n", 1, "nothing after the name");
  refused("version 1.2 or so\n", 1, "nothing after the version");
  refused("name ours\nname ours\n", 2, "one name only");
  refused(SOUND "version 1.2\n", 3, "one version only");
  refused("name theirs\nversion 1.2\n", 3,
          "this file to be called theirs-1.2.declared");
  refused("name ours\nversion 1.20\n", 3,
          "this file to be called ours-1.20.declared");
}

Test(declared, deviations_are_exact) {
  refused(SOUND "deviates\n", 3, "the id of a clause, not \"\"");
  refused(SOUND "deviates API-00 shown-by shows.c x\n", 3,
          "the id of a clause, not \"API-00\"");
  refused(SOUND "deviates API-20\n", 3, "\"shown-by\" and a program");
  refused(SOUND "deviates API-20 shown shows.c x\n", 3,
          "\"shown-by\" and a program");
  refused(SOUND "deviates API-20 shown-by\n", 3,
          "the name of a program beside this file");
  refused(SOUND "deviates API-20 shown-by ./shows.c x\n", 3,
          "the name of a program beside this file");
  refused(SOUND "deviates API-20 shown-by absent.c x\n", 3,
          "a program that is there, not \"absent.c\"");
  refused(SOUND "deviates API-20 shown-by shows.c\n", 3,
          "a sentence on what it does");
  refused(SOUND "deviates API-20 shown-by shows.c \t\n", 3,
          "a sentence on what it does");
  refused(SOUND "deviates API-20 shown-by shows.c x\n"
                "deviates API-20 shown-by shows.c x\n",
          4, "API-20 once only");
  /* What was sound before the mistake does not count either. */
  refused(SOUND "deviates API-05 shown-by shows.c x\nfoo\n", 4,
          "name, version, deviates or promises, not \"foo\"");
}

/* A word has 63 bytes at most; messages quote the first of long ones. */
Test(declared, words_are_bounded) {
  char text[256], word[65], name[128], expected[128];
  memset(word, 'w', sizeof word);
  word[63] = '\0';
  snprintf(text, sizeof text, "version 1\nname %s\n", word);
  snprintf(name, sizeof name, "%s-1.declared", word);
  read_as(name, text, true);
  snprintf(text, sizeof text, "name n\nversion %s\n", word);
  snprintf(name, sizeof name, "n-%s.declared", word);
  read_as(name, text, true);
  word[63] = 'w';
  word[64] = '\0';
  snprintf(text, sizeof text, "name %s\n", word);
  refused(text, 1, "a name");
  snprintf(text, sizeof text, "name n\nversion %s\n", word);
  refused(text, 2, "a version");
  snprintf(text, sizeof text, "%s\n", word);
  snprintf(expected, sizeof expected,
           "name, version, deviates or promises, not \"%.40s\"", word);
  refused(text, 1, expected);
}

Test(declared, the_program_lies_beside_the_file) {
  char below[128];
  read_as(FILE_NAME, SOUND "deviates API-20 shown-by shows.c x\n", true);
  snprintf(below, sizeof below, "%s/below", folder);
  cr_assert_eq(mkdir(below, 0700), 0);
  cr_assert_eq(rename(path, strcat(below, "/" FILE_NAME)), 0);
  cr_assert_not(pp_declared_read(below, &declared));
  /* Read by its bare name, beside it is here. */
  cr_assert_eq(chdir(folder), 0);
  cr_assert_eq(rename(below, FILE_NAME), 0);
  cr_assert(pp_declared_read(FILE_NAME, &declared), "%s", declared.error);
  cr_assert_str_eq(declared.file, FILE_NAME);
  cr_assert_eq(chdir("/"), 0);
}

/* A path of which only a part has room is no program's. */
Test(declared, the_path_of_the_program_is_bounded) {
  static const char text[] =
      SOUND "deviates API-20 shown-by shows-what-it-breaks.cc x\n";
  char longer[4097];
  pp_file_write(path, folder, "shows-what-it-breaks.cc", "", 0);
  pp_file_write(path, folder, "shows-what-it-breaks.c", "", 0);
  pp_file_write(path, folder, FILE_NAME, text, strlen(text));
  for (size_t size = 4095; size <= 4096; size++) {
    memset(longer, '/', sizeof longer);
    memcpy(longer, folder, strlen(folder));
    strcpy(longer + size - strlen("shows-what-it-breaks.cc"), FILE_NAME);
    cr_assert_eq(pp_declared_read(longer, &declared), size == 4095, "%s",
                 declared.error);
  }
}

/* Read or refused, nothing is kept of a file. */
Test(declared, nothing_is_held) {
  for (int round = 1; round <= PP_HELD_ROUNDS; round++) {
    struct pp_held before = pp_held();
    read_as(FILE_NAME, SOUND "deviates API-20 shown-by shows.c x\n", true);
    read_as(FILE_NAME, SOUND "nothing\n", false);
    read_as(FILE_NAME, "", false);
    if (round == PP_HELD_ROUNDS) pp_held_no_more(before);
  }
}

Test(declared, a_file_that_cannot_be_read_is_a_mistake) {
  char expected[256], long_path[5000];
  snprintf(path, sizeof path, "%s/absent.declared", folder);
  snprintf(expected, sizeof expected, "%s:0: expected a file that can be read",
           path);
  cr_assert_not(pp_declared_read(path, &declared));
  cr_assert_str_eq(declared.error, expected);
  cr_assert_eq(deviations(), 0);
  memset(long_path, '/', sizeof long_path);
  long_path[sizeof long_path - 1] = '\0';
  cr_assert_not(pp_declared_read(long_path, &declared));
  cr_assert_eq(strlen(declared.error), sizeof declared.error - 1);
}

/* ---- where one is ---- */

static void put(const char *name) {
  static const char text[] = SOUND "deviates API-20 shown-by shows.c x\n";
  pp_file_write(path, folder, name, text, strlen(text));
}

/* $POOLPROOF_DATA is a folder with a folder in it. */
static void make_data(void) {
  char below[128];
  snprintf(below, sizeof below, "%s/allocators", folder);
  cr_assert_eq(mkdir(below, 0700), 0);
  pp_file_write(path, folder, "allocators/shows.c", "", 0);
  put("allocators/" FILE_NAME);
  setenv("POOLPROOF_DATA", folder, 1);
}

Test(declared, a_release_is_found_by_its_name) {
  make_data();
  cr_assert(pp_declared_find("ours", "1.2", &declared));
  cr_assert_str_eq(declared.file, path);
  cr_assert_eq(deviations(), 1);
  /* Files that would be those of no name and no version. */
  put("allocators/-1.2.declared");
  put("allocators/ours-.declared");
  put("allocators/-.declared");
  cr_assert(pp_declared_find("ours 1.2 of a kind", "1.2", &declared));
  cr_assert(pp_declared_find("ours\tor theirs", "1.2", &declared));
  static const char *const others[][2] = {
      {"our", "1.2"},     {"oursx", "1.2"},      {"ours", "1.20"},
      {"ours", "1"},      {"ours", ""},          {"", "1.2"},
      {" ours", "1.2"},   {"./ours", "1.2"},     {"../allocators/ours", "1.2"},
      {"ours", "../1.2"}, {"ours", "x/../-1.2"},
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    memset(&declared, 1, sizeof declared);
    cr_assert_not(pp_declared_find(others[i][0], others[i][1], &declared));
    cr_assert_str_empty(declared.error, "%s %s", others[i][0], others[i][1]);
    cr_assert_eq(deviations(), 0);
  }
}

/* What is there and malformed is no declaration, and that is told. */
Test(declared, one_that_is_malformed_is_found_and_refused) {
  make_data();
  pp_file_write(path, folder, "allocators/" FILE_NAME, "nonsense\n", 9);
  cr_assert_not(pp_declared_find("ours", "1.2", &declared));
  cr_assert_eq(strncmp(declared.error, path, strlen(path)), 0);
}

/* The variable comes first; the tree's own are found behind it. */
Test(declared, releases_of_the_tree_are_found) {
  char own[256];
  snprintf(own, sizeof own, "%s/allocators/jemalloc-5.3.0.declared",
           pp_setting("POOLPROOF_DATA"));
  make_data();
  cr_assert(pp_declared_find("jemalloc", "5.3.0", &declared));
  cr_assert_str_eq(declared.file, own);
  unsetenv("POOLPROOF_DATA");
  cr_assert(pp_declared_find("jemalloc", "5.3.0", &declared));
  cr_assert_not(pp_declared_find("ours", "1.2", &declared));
  cr_assert_str_empty(declared.error);
}

/* A program that is installed looks beside itself. */
Test(declared, releases_that_came_with_a_program_are_found) {
  static const char *const places[] = {"/bin", "/share", "/share/poolproof",
                                       "/share/poolproof/allocators"};
  char program[128], finder[4200], expected[256];
  const char *const copy[] = {"cp", finder, program, NULL};
  const char *const found[] = {program, "ours and more", "1.2", NULL};
  const char *const other[] = {program, "theirs", "1.2", NULL};
  for (size_t i = 0; i < 4; i++) {
    snprintf(program, sizeof program, "%s%s", folder, places[i]);
    cr_assert_eq(mkdir(program, 0700), 0);
  }
  snprintf(finder, sizeof finder, "%s/finder", pp_setting("POOLPROOF_MODULES"));
  snprintf(program, sizeof program, "%s/bin/finder", folder);
  pp_file_write(path, folder, "share/poolproof/allocators/shows.c", "", 0);
  put("share/poolproof/allocators/" FILE_NAME);
  snprintf(expected, sizeof expected,
           "%s/bin/../share/poolproof/allocators/" FILE_NAME "\n", folder);
  struct pp_ran ran = pp_run(copy, NULL);
  cr_assert_eq(ran.status, 0, "%s", ran.err);
  pp_ran_free(&ran);
  ran = pp_run(found, NULL);
  cr_assert_eq(ran.status, 0, "%s", ran.err);
  cr_assert_str_eq(ran.out, expected);
  pp_ran_free(&ran);
  ran = pp_run(other, NULL);
  cr_assert_eq(ran.status, 1);
  cr_assert_str_empty(ran.err);
  pp_ran_free(&ran);
}

/* A path that does not fit is no place, and no half of one either. */
Test(declared, places_are_bounded) {
  static char long_data[4096];
  make_data();
  put("allocators/ours-1.2.declare"); /* what would be left of it */
  /* The path of the file is as long as there is room for, or one longer. */
  size_t rest = strlen("/allocators/" FILE_NAME);
  for (size_t size = 4095; size <= 4096; size++) {
    memset(long_data, '/', sizeof long_data);
    memcpy(long_data, folder, strlen(folder));
    long_data[size - rest] = '\0';
    setenv("POOLPROOF_DATA", long_data, 1);
    cr_assert_eq(pp_declared_find("ours", "1.2", &declared), size == 4095,
                 "%zu: %s", size, declared.error);
    cr_assert_str_empty(declared.error);
  }
}

Test(declared, a_plug_in_has_its_own_beside_it) {
  char plugin[128];
  put(FILE_NAME);
  snprintf(plugin, sizeof plugin, "%s/libours.so", folder);
  cr_assert(pp_declared_beside(plugin, "ours 1.2", "1.2", &declared));
  cr_assert_str_eq(declared.file, path);
  cr_assert_eq(deviations(), 1);
  cr_assert_not(pp_declared_beside(plugin, "ours", "1.3", &declared));
  cr_assert_eq(deviations(), 0);
  cr_assert_str_empty(declared.error);
  cr_assert_not(
      pp_declared_beside("/nowhere/libours.so", "ours", "1.2", &declared));
  cr_assert_eq(chdir(folder), 0);
  cr_assert(pp_declared_beside("libours.so", "ours", "1.2", &declared));
  cr_assert_str_eq(declared.file, "./" FILE_NAME);
  cr_assert_eq(chdir("/"), 0);
}

/* Excused there alone where memory is refused. */
Test(declared, what_holds_only_where_memory_is_refused) {
  read_as(FILE_NAME, SOUND "deviates API-08 refused shown-by shows.c x\n",
          true);
  cr_assert_eq(deviations(), 0);
  cr_assert(declared.when_refused[PP_API_08]);
  refused(SOUND "deviates API-08 refused shown-by shows.c x\n"
                "deviates API-08 shown-by shows.c x\n",
          4, "API-08 once only");
  cr_assert_not(declared.when_refused[PP_API_08]);
  refused(SOUND "deviates API-08 refused shows.c x\n", 3,
          "\"shown-by\" and a program");
}

/* ---- and what a judgement makes of it ---- */

static struct pp_judgement *judged(char *plugin) {
  static const struct pp_judge_options short_one = {.operations = 1,
                                                    .silence_seconds = 10};
  struct pp_subject_spec spec = {
      .name = plugin, .kind = PP_SUBJECT_PLUGIN, .path = plugin};
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  pp_judge(&spec, &short_one, judgement);
  cr_assert_eq(judgement->finding.clause, PP_HOLDS);
  return judgement;
}

Test(declared, judgement_has_what_is_declared_beside_a_plugin) {
  static const char sound[] =
      "name odd\nversion 1.2\ndeviates API-20 shown-by shows.c Fails.\n";
  char module[512], plugin[128], text[256] = "";
  snprintf(module, sizeof module, "%s/plugin.so",
           pp_setting("POOLPROOF_MODULES"));
  snprintf(plugin, sizeof plugin, "%s/odd.so", folder);
  cr_assert_eq(symlink(module, plugin), 0);
  setenv("POOLPROOF_PLUGIN", "plain", 1);
  pp_file_write(path, folder, "odd-1.2.declared", sound, strlen(sound));
  struct pp_judgement *judgement = judged(plugin);
  cr_assert_str_eq(judgement->declared_in, path);
  for (int i = 0; i < PP_CLAUSE_COUNT; i++)
    cr_assert_eq(judgement->declared[i], i == PP_API_20);
  /* A mistake is told, and nothing counts. */
  pp_file_write(path, folder, "odd-1.2.declared", sound, strlen("name odd\n"));
  int former = dup(STDERR_FILENO), printed = memfd_create("printed", 0);
  dup2(printed, STDERR_FILENO);
  judgement = judged(plugin);
  dup2(former, STDERR_FILENO);
  cr_assert_str_eq(judgement->declared_in, "");
  cr_assert_eq(judgement->declared[PP_API_20], 0);
  cr_assert_gt(pread(printed, text, sizeof text - 1, 0), 0);
  cr_assert_not_null(strstr(text, "declared:2: expected a version"), "%s",
                     text);
}
