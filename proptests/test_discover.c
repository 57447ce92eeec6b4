/* What can be judged on a machine (check/discover.c), seen from one whose
 * loader and whose versions of CPython are folders of the test. What the
 * machine itself has beside them is in the lists as well, and must not
 * matter. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/discover.h"
#include "poolproof/reference.h"
#include "proptests/elf_files.h"
#include "proptests/held.h"
#include "proptests/programs.h"

#define PYTHON "PyObject_Malloc"

static char folder[64];
static struct pp_found_list list;

static void make(void) {
  pp_folder_make(folder);
  unsetenv("LD_LIBRARY_PATH");
  unsetenv("PYENV_ROOT");
  unsetenv("HOME");
}

static void forget(void) {
  pp_found_list_free(&list);
  cr_assert_null(list.at);
  cr_assert_eq(list.count, 0);
  pp_folder_remove(folder);
}

TestSuite(discover, .init = make, .fini = forget);

static void look(void) {
  pp_found_list_free(&list);
  list = pp_discover();
}

static void make_folders(char *path) {
  for (char *at = path + 1; (at = strchr(at, '/')) != NULL; at++) {
    *at = '\0';
    mkdir(path, 0700);
    *at = '/';
  }
}

/* A file below the folder that exports this symbol; its path. */
static const char *put(const char *name, const char *symbol) {
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  make_folders(path);
  pp_object_write(folder, name, symbol);
  return path;
}

static void point(const char *variable, const char *below) {
  char path[256];
  snprintf(path, sizeof path, "%s%s", folder, below);
  setenv(variable, path, 1);
}

/* The place of this name in the list, or the list's length. */
static size_t place_of(const char *name) {
  size_t place = list.count;
  for (size_t i = 0; i < list.count; i++) {
    if (strcmp(list.at[i].name, name) != 0) continue;
    cr_assert_eq(place, list.count, "%s twice", name);
    place = i;
  }
  return place;
}

static size_t lists(const char *name, const char *title) {
  size_t place = place_of(name);
  cr_assert_lt(place, list.count, "%s is missing", name);
  cr_assert_str_eq(list.at[place].title, title);
  cr_assert_null(list.at[place].install, "%s is here", name);
  return place;
}

Test(discover, the_reference_and_the_c_library_come_first) {
  look();
  for (size_t i = 0; i < PP_PROFILE_COUNT; i++) {
    char name[64], title[64];
    snprintf(name, sizeof name, "reference:%s", pp_profiles[i].name);
    snprintf(title, sizeof title, "reference, profile %s", pp_profiles[i].name);
    cr_assert_eq(lists(name, title), i);
  }
  cr_assert_eq(lists("libc", "the C library"), PP_PROFILE_COUNT);
}

Test(discover, objects_of_each_profile_that_has_them_come_last) {
  look();
  for (size_t i = PP_PROFILE_3_7; i <= PP_PROFILE_3_13; i++) {
    char name[64], title[64];
    snprintf(name, sizeof name, "objects:%s", pp_profiles[i].name);
    snprintf(title, sizeof title, "objects, profile %s", pp_profiles[i].name);
    cr_assert_eq(lists(name, title), list.count - (PP_PROFILE_3_13 + 1 - i));
  }
}

/* ---- mallocs ---- */

static const struct {
  const char *file;
  const char *title;
  const char *package;
} mallocs[] = {
    {"libjemalloc.so.2", "jemalloc", "libjemalloc2"},
    {"libmimalloc.so.2", "mimalloc", "libmimalloc2.0"},
    {"libmimalloc.so.3", "mimalloc", NULL},
    {"libtcmalloc_minimal.so.4", "tcmalloc, minimal", "libtcmalloc-minimal4"},
    {"libtcmalloc.so.4", "tcmalloc", NULL},
    {"libtbbmalloc_proxy.so.2", "tbbmalloc", "libtbbmalloc2"},
    {"libdmalloc.so.5", "dmalloc", NULL},
    {"libhardened_malloc.so", "hardened_malloc", NULL},
    {"libsnmallocshim.so", "snmalloc", NULL},
    {"librpmallocwrap.so", "rpmalloc", NULL},
};

enum { MALLOCS = sizeof mallocs / sizeof *mallocs };

Test(discover, mallocs_are_here_when_their_files_are) {
  for (size_t i = 0; i < MALLOCS; i++)
    put(mallocs[i].file, "malloc");
  point("LD_LIBRARY_PATH", "");
  look();
  for (size_t i = 0; i < MALLOCS; i++)
    cr_assert_eq(lists(mallocs[i].file, mallocs[i].title),
                 PP_PROFILE_COUNT + 1 + i);
}

/* One that is absent is named only with the package that would bring it. */
Test(discover, what_is_absent_is_named_with_its_package) {
  look();
  for (size_t i = 0; i < MALLOCS; i++) {
    size_t place = place_of(mallocs[i].file);
    if (place == list.count) {
      cr_assert_null(mallocs[i].package, "%s", mallocs[i].file);
      continue;
    }
    cr_assert_str_eq(list.at[place].title, mallocs[i].title);
    if (list.at[place].install != NULL)
      cr_assert_str_eq(list.at[place].install, mallocs[i].package);
  }
}

/* ---- CPythons ---- */

Test(discover, pythons_of_the_loader_have_bare_names) {
  put("libpython3.6m.so.1.0", PYTHON);
  put("libpython3.7.so", PYTHON);
  put("libpython3.13.so.1.0", PYTHON);
  point("LD_LIBRARY_PATH", "");
  look();
  size_t last = lists("libpython3.13.so.1.0", "CPython 3.13");
  size_t first = lists("libpython3.6m.so.1.0", "CPython 3.6");
  cr_assert_gt(first, place_of("libc"));
  cr_assert_lt(first, lists("libpython3.7.so", "CPython 3.7"));
  cr_assert_lt(place_of("libpython3.7.so"), last);
}

/* The loader would take the first of them, whichever is asked for. */
Test(discover, a_bare_name_is_listed_once) {
  char paths[256];
  put("a/libpython3.6.so", PYTHON);
  put("b/libpython3.6.so", PYTHON);
  put("b/libpython3.7.so", PYTHON);
  snprintf(paths, sizeof paths, "%s/a:%s/b", folder, folder);
  setenv("LD_LIBRARY_PATH", paths, 1);
  look();
  lists("libpython3.6.so", "CPython 3.6");
  lists("libpython3.7.so", "CPython 3.7");
}

Test(discover, pythons_elsewhere_have_paths_and_patch_levels) {
  static const struct {
    const char *variable, *value, *file, *title;
  } places[] = {
      {"PYENV_ROOT", "/pyenv", "pyenv/versions/3.8.18/lib/libpython3.8.so.1.0",
       "CPython 3.8.18"},
      {"PYENV_ROOT", "/pyenv", "pyenv/versions/mine/lib/libpython3.8.so.1.0",
       "CPython 3.8"},
      {"PYENV_ROOT", "/pyenv", "pyenv/versions/3.8.x/lib/libpython3.8.so",
       "CPython 3.8"},
      {"HOME", "/home", "home/.pyenv/versions/3.13.0/lib/libpython3.13.so",
       "CPython 3.13.0"},
      {"HOME", "/home", "home/.pyenv/versions/3.10.2/lib/libpython3.10.so.1.0",
       "CPython 3.10.2"},
      {"HOME", "/home",
       "home/.local/share/uv/python/cpython-3.12.4-linux/lib/libpython3.12.so",
       "CPython 3.12.4"},
  };
  char path[256];
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    put(places[i].file, PYTHON);
    point(places[i].variable, places[i].value);
  }
  look();
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, places[i].file);
    lists(path, places[i].title);
  }
}

Test(discover, pythons_are_in_the_order_of_their_versions) {
  /* Found in the order of the alphabet, and 3.11 has two of one version. */
  static const char *const files[] = {
      "p/versions/3.9.2/lib/libpython3.9.so",
      "p/versions/3.9.10/lib/libpython3.9.so",
      "p/versions/3.10.1/lib/libpython3.10.so",
      "p/versions/3.11.4/lib/libpython3.11.so",
      "p/versions/3.11.4b/lib/libpython3.11.so",
      "p/versions/3.11.5/lib/libpython3.11.so",
      "p/versions/3.13.0/lib/libpython3.13.so",
  };
  char path[256];
  size_t before = 0;
  size_t first = 0;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    put(files[i], PYTHON);
  put("p/versions/unknown/lib/libpython3.9.so", PYTHON);
  point("PYENV_ROOT", "/p");
  look();
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    size_t place = place_of(path);
    cr_assert_lt(place, list.count, "%s", path);
    cr_assert_gt(place, before, "%s", path);
    before = place;
    if (i == 0) first = place;
  }
  snprintf(path, sizeof path, "%s/p/versions/unknown/lib/libpython3.9.so",
           folder);
  cr_assert_lt(place_of(path), first, "an unknown patch level is the least");
}

Test(discover, other_files_are_no_pythons) {
  static const char *const others[] = {
      "libpython3.so",          "libpython3.5m.so.1.0", "libpython3.14.so.1.0",
      "libpython3.12t.so.1.0",  "libpython3.9d.so.1.0", "libpython3.7dm.so.1.0",
      "libpython3.9mm.so.1.0",  "libpython3.x.so",      "libpython3.9.sx",
      "libpython3.9_so.so.1.0", "libpython2.7.so.1.0",  "libpython3.9.s.so"};
  char path[256];
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    snprintf(path, sizeof path, "p/versions/a/lib/%s", others[i]);
    put(path, PYTHON);
  }
  /* A folder that cannot be read. */
  snprintf(path, sizeof path, "%s/p/versions/0/", folder);
  make_folders(path);
  strcat(path, "lib");
  cr_assert_eq(symlink("lib", path), 0);
  /* The right name, but not what it says; and a link to nothing. */
  put("p/versions/b/lib/libpython3.9.so", "PyObject_Free");
  snprintf(path, sizeof path, "%s/p/versions/b/lib/libpython3.8.so", folder);
  cr_assert_eq(symlink("nowhere", path), 0);
  put("p/versions/c/lib/libpython3.9.so.1.0", PYTHON);
  point("PYENV_ROOT", "/p");
  look();
  for (size_t i = 0; i < list.count; i++) {
    if (strstr(list.at[i].name, folder) == NULL) continue;
    cr_assert_not_null(strstr(list.at[i].name, "/c/lib/"), "%s",
                       list.at[i].name);
  }
  snprintf(path, sizeof path, "%s/p/versions/c/lib/libpython3.9.so.1.0",
           folder);
  lists(path, "CPython 3.9");
}

Test(discover, a_file_with_several_names_is_listed_once) {
  char soft[256], other[256];
  const char *file = put("p/versions/3.9.1/lib/libpython3.9.so.1.0", PYTHON);
  snprintf(soft, sizeof soft, "%s/p/versions/3.9.1/lib/libpython3.9.so",
           folder);
  cr_assert_eq(symlink("libpython3.9.so.1.0", soft), 0);
  snprintf(other, sizeof other, "%s/p/versions/3.9.1/lib/libpython3.9m.so",
           folder);
  cr_assert_eq(link(file, other), 0);
  put("p/versions/3.9.3/lib/libpython3.9.so.1.0", PYTHON);
  point("PYENV_ROOT", "/p");
  look();
  size_t count = 0;
  for (size_t i = 0; i < list.count; i++)
    count += strstr(list.at[i].name, folder) != NULL;
  cr_assert_eq(count, 2);
}

/* An empty variable is no root, and neither is one that is too long. */
Test(discover, variables_that_say_nothing_are_not_followed) {
  char *long_name = malloc(5000);
  look();
  size_t count = list.count;
  setenv("PYENV_ROOT", "", 1);
  look();
  cr_assert_eq(list.count, count);
  memset(long_name, '/', 4999);
  long_name[4999] = '\0';
  setenv("HOME", long_name, 1);
  setenv("LD_LIBRARY_PATH", long_name, 1);
  look();
  cr_assert_eq(list.count, count);
  free(long_name);
}

/* A pattern of which only a part has room matches nothing. */
Test(discover, places_are_bounded) {
  static char longer[4097];
  put("libpython3.6.so", PYTHON);
  for (size_t size = 4095; size <= 4096; size++) {
    memset(longer, '/', sizeof longer);
    memcpy(longer, folder, strlen(folder));
    longer[size - strlen("/libpython3.*.so*")] = '\0';
    setenv("LD_LIBRARY_PATH", longer, 1);
    look();
    cr_assert_eq(place_of("libpython3.6.so") < list.count, size == 4095);
  }
}

Test(discover, there_may_be_many) {
  enum { MANY = 80 };
  char name[64];
  for (int i = 0; i < MANY; i++) {
    snprintf(name, sizeof name, "p/versions/%d/lib/libpython3.9.so", i);
    put(name, PYTHON);
  }
  point("PYENV_ROOT", "/p");
  look();
  size_t count = 0;
  for (size_t i = 0; i < list.count; i++)
    count += strstr(list.at[i].name, folder) != NULL;
  cr_assert_eq(count, MANY);
}

Test(discover, nothing_is_held) {
  put("a/libpython3.6.so", PYTHON);
  point("LD_LIBRARY_PATH", "/a");
  for (int round = 1; round <= PP_HELD_ROUNDS; round++) {
    struct pp_held before = pp_held();
    struct pp_found_list found = pp_discover();
    cr_assert_gt(found.count, 0);
    pp_found_list_free(&found);
    if (round == PP_HELD_ROUNDS) pp_held_no_more(before);
  }
}

/* Where there is none at all, the package that brings one is named. */
Test(discover, a_python_is_named_in_any_case) {
  look();
  size_t pythons = 0;
  for (size_t i = 0; i < list.count; i++) {
    if (strncmp(list.at[i].title, "CPython 3.", 10) != 0) continue;
    pythons++;
    if (list.at[i].install == NULL) continue;
    cr_assert_str_eq(list.at[i].name, "libpython3.11.so.1.0");
    cr_assert_str_eq(list.at[i].title, "CPython 3.11");
    cr_assert_str_eq(list.at[i].install, "libpython3.11");
  }
  cr_assert_gt(pythons, 0);
}
