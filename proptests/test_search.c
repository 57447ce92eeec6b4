/* Where a bare name is looked for (check/library_search.c): the variable of the
 * environment first, what a file like /etc/ld.so.conf names, in its order, and
 * the built-in directories last. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/library.h"
#include "proptests/held.h"
#include "proptests/programs.h"

enum { PLACES_MAX = 256, DEPTH = 4 };

static char folder[64];

/* The directories visited, one a line, up to `most` of them. */
struct visits {
  char text[1 << 14];
  size_t count;
  size_t most;
};

static void make_folder(void) {
  pp_folder_make(folder);
  unsetenv("LD_LIBRARY_PATH");
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(search, .init = make_folder, .fini = remove_folder);

static bool note(void *ctx, const char *directory) {
  struct visits *visits = ctx;
  cr_assert_lt(visits->count, visits->most, "%s comes after the end",
               directory);
  strcat(visits->text, directory);
  strcat(visits->text, "\n");
  return ++visits->count < visits->most;
}

static void conf(const char *name, const char *text) {
  char path[128];
  pp_file_write(path, folder, name, text, strlen(text));
}

/* What the file ld.so.conf of the folder names. */
static const char *named(size_t most, bool all) {
  static struct visits visits;
  char path[128];
  visits = (struct visits){.most = most};
  snprintf(path, sizeof path, "%s/ld.so.conf", folder);
  cr_assert_eq(pp_library_conf(path, &visits, note), all, "%s", visits.text);
  return visits.text;
}

static const char *searched(size_t most) {
  static struct visits visits;
  visits = (struct visits){.most = most};
  pp_library_directories(&visits, note);
  return visits.text;
}

Test(search, a_line_is_a_directory) {
  conf("ld.so.conf", "/one\n  \t/two \t\n\n/three# said\n#/four\nfive\n"
                     "/six\r\n includes /seven\n/last");
  cr_assert_str_eq(named(PLACES_MAX, true),
                   "/one\n/two\n/three\n/six\n/last\n");
}

Test(search, the_visitor_ends_it) {
  conf("ld.so.conf", "/one\n/two\ninclude b\n/three\n");
  conf("b", "/b1\n/b2\n");
  cr_assert_str_eq(named(1, false), "/one\n");
  cr_assert_str_eq(named(2, false), "/one\n/two\n");
  cr_assert_str_eq(named(3, false), "/one\n/two\n/b1\n");
  cr_assert_str_eq(named(6, true), "/one\n/two\n/b1\n/b2\n/three\n");
}

Test(search, files_include_others) {
  char text[512];
  conf("a.conf", "/a\n");
  conf("b.conf", "include sub/*\n/b\n");
  conf("c.txt", "/c\n");
  snprintf(text, sizeof text, "%s/sub", folder);
  cr_assert_eq(mkdir(text, 0700), 0);
  conf("sub/z", "/z\n");
  conf("sub/y", "/y\ninclude x\n");
  conf("sub/x", "/x\n");
  /* A pattern, relative to the file that has it, or several; in full, too. */
  snprintf(text, sizeof text,
           "include ?.conf\n/between\n\tinclude  c.txt\t b.txt nothing.* %s/s*/"
           "x # y\nincluded a.conf\ninclude\ninclude \n",
           folder);
  conf("ld.so.conf", text);
  cr_assert_str_eq(named(PLACES_MAX, true), "/a\n/x\n/y\n/x\n/z\n/b\n/between\n"
                                            "/c\n/x\n");
}

/* The bare name of a file is one of the folder that one is in. */
Test(search, the_folder_of_a_bare_name_is_this_one) {
  static struct visits visits = {.most = PLACES_MAX};
  conf("ld.so.conf", "include a.conf\n");
  conf("a.conf", "/a\n");
  cr_assert_eq(chdir(folder), 0);
  cr_assert(pp_library_conf("ld.so.conf", &visits, note));
  cr_assert_str_eq(visits.text, "/a\n");
  cr_assert(pp_library_conf("absent", &visits, note));
  cr_assert_eq(visits.count, 1);
  cr_assert_eq(chdir("/"), 0);
}

/* A pattern of which only a part has room matches nothing. */
Test(search, included_names_are_bounded) {
  static char text[4200];
  conf("x", "/x\n");
  conf("xy", "/xy\n");
  for (size_t size = 4095; size <= 4096; size++) {
    /* The folder and a slash come first. */
    size_t length = size - strlen(folder) - 1;
    strcpy(text, "include ");
    memset(text + 8, '/', length);
    text[8] = '.';
    strcpy(text + 8 + length - 2, "xy\n");
    conf("ld.so.conf", text);
    cr_assert_str_eq(named(PLACES_MAX, true), size == 4095 ? "/xy\n" : "");
  }
}

Test(search, what_cannot_be_read_is_passed_over) {
  char path[128];
  for (char c = 'a'; c <= 'c'; c++) {
    snprintf(path, sizeof path, "%s/%c", folder, c);
    if (c == 'b')
      cr_assert_eq(symlink("b", path), 0);
    else
      cr_assert_eq(mkdir(path, 0700), 0);
  }
  conf("a/one", "/a\n");
  conf("c/one", "/c\n");
  conf("ld.so.conf", "include */o*\n/end\n");
  cr_assert_str_eq(named(PLACES_MAX, true), "/a\n/c\n/end\n");
}

Test(search, nothing_is_held) {
  conf("ld.so.conf", "/one\ninclude a.conf b\n/two\n");
  conf("a.conf", "/a\n");
  setenv("LD_LIBRARY_PATH", "/first:/second", 1);
  for (int round = 1; round <= PP_HELD_ROUNDS; round++) {
    struct pp_held before = pp_held();
    named(PLACES_MAX, true);
    named(1, false);
    named(2, false);
    searched(1);
    searched(PLACES_MAX);
    free(pp_library_search("libc.so.6"));
    cr_assert_null(pp_library_search("libpoolproof-absent.so"));
    if (round == PP_HELD_ROUNDS) pp_held_no_more(before);
  }
}

Test(search, a_circle_ends) {
  conf("ld.so.conf", "/again\ninclude ld.so.conf\n");
  cr_assert_eq(pp_occurrences(named(PLACES_MAX, true), "/again\n"), DEPTH + 1);
}

Test(search, the_environment_comes_first) {
  setenv("LD_LIBRARY_PATH", "/first:/second;relative::", 1);
  cr_assert_str_eq(searched(1), "/first\n");
  cr_assert_str_eq(searched(2), "/first\n/second\n");
  cr_assert_str_eq(searched(3), "/first\n/second\nrelative\n");
  char *with = strdup(searched(PLACES_MAX));
  unsetenv("LD_LIBRARY_PATH");
  cr_assert_str_eq(with + strlen("/first\n/second\nrelative\n"),
                   searched(PLACES_MAX));
  setenv("LD_LIBRARY_PATH", "", 1);
  cr_assert_str_eq(with + strlen("/first\n/second\nrelative\n"),
                   searched(PLACES_MAX));
  free(with);
}

/* What the system's file names, and then five that every loader knows. */
Test(search, the_built_in_ones_come_last) {
  static struct visits visits = {.most = PLACES_MAX};
  static const char built_in[] =
      "/lib64\n/usr/lib64\n/lib\n/usr/lib\n/usr/local/lib\n";
  cr_assert(pp_library_conf("/etc/ld.so.conf", &visits, note));
  const char *all = searched(PLACES_MAX);
  cr_assert_eq(strlen(all), strlen(visits.text) + strlen(built_in));
  cr_assert_eq(strncmp(all, visits.text, strlen(visits.text)), 0, "%s", all);
  cr_assert_str_eq(all + strlen(visits.text), built_in);
  for (size_t i = visits.count + 1; i <= visits.count + 5; i++)
    cr_assert_eq(pp_occurrences(searched(i), "\n"), i);
}

/* ---- a file by its bare name ---- */

Test(search, the_first_readable_file_is_taken) {
  char left[96], right[96], list[320], long_name[5000];
  snprintf(left, sizeof left, "%s/left", folder);
  snprintf(right, sizeof right, "%s/right", folder);
  cr_assert_eq(mkdir(left, 0700), 0);
  cr_assert_eq(mkdir(right, 0700), 0);
  conf("right/libpoolproof-test.so", "");
  snprintf(list, sizeof list, "%s/absent:%s:%s", folder, left, right);
  setenv("LD_LIBRARY_PATH", list, 1);
  char *path = pp_library_search("libpoolproof-test.so");
  snprintf(list, sizeof list, "%s/libpoolproof-test.so", right);
  cr_assert_str_eq(path, list);
  free(path);
  conf("left/libpoolproof-test.so", "");
  path = pp_library_search("libpoolproof-test.so");
  snprintf(list, sizeof list, "%s/libpoolproof-test.so", left);
  cr_assert_str_eq(path, list);
  free(path);
  cr_assert_null(pp_library_search("libpoolproof-absent.so"));

  /* No path is longer than there is room for. */
  memset(long_name, '/', sizeof long_name);
  memcpy(long_name + 4085, "libpoolproof-test.so", 21);
  cr_assert_null(pp_library_search(long_name));
  conf("left/libpoolproof-test.s", ""); /* what would be left of it */
  /* A directory and a slash leave so many bytes to the name. */
  size_t most = 4096 - strlen(left) - 2;
  strcpy(long_name + most - 20, "libpoolproof-test.so");
  path = pp_library_search(long_name);
  cr_assert_not_null(path);
  cr_assert_eq(strlen(path), 4095);
  free(path);
  strcpy(long_name + most - 20, "/libpoolproof-test.so");
  cr_assert_null(pp_library_search(long_name));
}
