/* CPythons (check/subject_python.c), met through a library that says what the
 * test wants of itself and is a heap of the reference: which profile a release
 * belongs to, builds that are other allocators, names that are missing, and
 * the start of an interpreter whose memory is used up before it is judged. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/subject.h"
#include "proptests/interpreter.h"
#include "proptests/programs.h"

enum { FILE_MAX = 4 << 20, ARENA = 1 << 20 };

static char folder[64];
static char path[4096];
static char why[512];
static struct pp_places places;
static struct pp_loaded loaded;
static struct interpreter_noted *noted;

static void make(void) {
  pp_folder_make(folder);
  cr_assert(pp_places_open(&places));
  snprintf(path, sizeof path, "%s/interpreter.so",
           pp_setting("POOLPROOF_MODULES"));
}

static void forget(void) {
  pp_places_close(&places);
  pp_folder_remove(folder);
}

TestSuite(python, .init = make, .fini = forget);

static enum pp_load_result load_as(const char *banner, const char *odd,
                                   const struct pp_profile *profile) {
  struct pp_subject_spec spec = {
      .kind = PP_SUBJECT_PYTHON, .path = path, .profile = profile};
  setenv("INTERPRETER_VERSION", banner, 1);
  setenv("INTERPRETER_IS", odd, 1);
  enum pp_load_result result =
      pp_subject_load(&spec, &places, &loaded, why, sizeof why);
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  noted = handle != NULL ? dlsym(handle, "interpreter_noted") : NULL;
  return result;
}

static void load(const char *banner) {
  cr_assert_eq(load_as(banner, "", NULL), PP_LOAD_OK, "%s: %s", banner, why);
}

/* ---- releases ---- */

Test(python, releases_have_their_profiles) {
  static const struct {
    const char *version;
    enum pp_profile_id profile;
  } releases[] = {
      {"3.6.0", PP_PROFILE_3_7_3}, {"3.6.8", PP_PROFILE_3_7_3},
      {"3.6.9", PP_PROFILE_3_6},   {"3.6.15", PP_PROFILE_3_6},
      {"3.7.0", PP_PROFILE_3_7_3}, {"3.7.3", PP_PROFILE_3_7_3},
      {"3.7.4", PP_PROFILE_3_7},   {"3.8.1", PP_PROFILE_3_8},
      {"3.8.18", PP_PROFILE_3_8},  {"3.9.0", PP_PROFILE_3_9},
      {"3.10.3", PP_PROFILE_3_10}, {"3.11.2", PP_PROFILE_3_11},
  };
  char banner[64], title[64];
  for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
    snprintf(banner, sizeof banner, "%s (main, now) [GCC]",
             releases[i].version);
    load(banner);
    snprintf(title, sizeof title, "CPython %s", releases[i].version);
    cr_assert_str_eq(loaded.title, title);
    cr_assert_str_eq(loaded.version, releases[i].version);
    cr_assert_eq(loaded.profile->id, releases[i].profile, "%s", title);
    cr_assert_eq(loaded.arenas_before, 0);
    cr_assert_null(loaded.end);
    /* Up to 3.11 none is started: it is met as it was linked. */
    cr_assert_eq(noted->started, 0);
    cr_assert_eq(noted->requests, 0);
  }
}

Test(python, other_releases_have_none) {
  static const char *const others[] = {"3.5.9", "3.14.0", "2.7.18", "4.0.0",
                                       "4.9.1"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    char expected[256];
    cr_assert_eq(load_as(others[i], "", NULL), PP_LOAD_UNSUPPORTED);
    snprintf(expected, sizeof expected,
             "there is no profile for CPython %.*s; choose one with --profile "
             "to judge it by another version's rules",
             (int)(strrchr(others[i], '.') - others[i]), others[i]);
    cr_assert_str_eq(why, expected);
    cr_assert_eq(load_as("3.5.9", "", &pp_profiles[PP_PROFILE_3_8]),
                 PP_LOAD_OK);
    cr_assert_eq(loaded.profile->id, PP_PROFILE_3_8);
  }
  cr_assert_eq(load_as("three", "", NULL), PP_LOAD_UNSUPPORTED);
  cr_assert_str_eq(why, "its version \"three\" is not one");
  cr_assert_eq(load_as("3.9", "", NULL), PP_LOAD_UNSUPPORTED);
}

/* Builds of it that are no plain pymalloc, whatever their version. */
Test(python, other_allocators_are_not_judged) {
  cr_assert_eq(load_as("3.13.0 experimental free-threading build", "", NULL),
               PP_LOAD_UNSUPPORTED);
  cr_assert_str_eq(why,
                   "this is a free-threaded build, whose allocator is another");
  cr_assert_eq(load_as("3.9.2 ", "debug", NULL), PP_LOAD_UNSUPPORTED);
  cr_assert_str_eq(why, "its allocator has debug hooks (a debug build?)");
  cr_assert_eq(load_as("3.9.2 ", "without pymalloc", NULL),
               PP_LOAD_UNSUPPORTED);
  cr_assert_str_eq(why, "it was built without pymalloc");
}

/* ---- names ---- */

/* A copy of the library in which this name is spelt otherwise. */
static void copy_without(const char *file, const char *name) {
  static char bytes[FILE_MAX];
  static char original[4096];
  char whole[64];
  size_t length = strlen(name) + 2, count = 0;
  snprintf(original, sizeof original, "%s/interpreter.so",
           pp_setting("POOLPROOF_MODULES"));
  FILE *in = fopen(original, "r");
  cr_assert_not_null(in);
  size_t size = fread(bytes, 1, sizeof bytes, in);
  fclose(in);
  cr_assert_lt(size, sizeof bytes);
  snprintf(whole, sizeof whole, "%c%s", '\0', name);
  whole[0] = '\0';
  memcpy(whole + 1, name, length - 1);
  for (char *at = bytes; length > 2 && at < bytes + size; at++) {
    at = memmem(at, (size_t)(bytes + size - at), whole, length);
    if (at == NULL) break;
    at[1] = 'X';
    count++;
  }
  cr_assert_eq(count > 0, length > 2, "%s", name);
  pp_file_write(path, folder, file, bytes, size);
}

Test(python, each_name_is_missed) {
  static const char *const names[] = {
      "PyObject_Malloc",    "PyObject_Calloc",   "PyObject_Realloc",
      "PyObject_Free",      "PyMem_Malloc",      "PyMem_Calloc",
      "PyMem_Realloc",      "PyMem_Free",        "PyMem_RawMalloc",
      "PyMem_RawCalloc",    "PyMem_RawRealloc",  "PyMem_RawFree",
      "Py_GetVersion",      "Py_InitializeEx",   "PyObject_SetArenaAllocator",
      "PyMem_GetAllocator", "PyMem_SetAllocator"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char file[32], expected[4200];
    snprintf(file, sizeof file, "lib%zu.so", i);
    copy_without(file, names[i]);
    /* Those before 3.12 need not be started. */
    bool starts = strcmp(names[i], "Py_InitializeEx") == 0;
    cr_assert_eq(load_as(starts ? "3.12.1" : "3.9.2", "", NULL), PP_LOAD_FAILED,
                 "%s", names[i]);
    snprintf(expected, sizeof expected, "%s has no %s", path, names[i]);
    cr_assert_str_eq(why, expected);
  }
  strcpy(path, "/nowhere/lib.so");
  cr_assert_eq(load_as("3.9.2", "", NULL), PP_LOAD_FAILED);
  cr_assert_not_null(strstr(why, "/nowhere/lib.so"), "%s", why);
}

/* ---- calls ---- */

Test(python, each_domain_has_its_functions) {
  static const char *const names[PP_DOMAIN_COUNT] = {[PP_DOMAIN_OBJ] = "Object",
                                                     [PP_DOMAIN_MEM] = "Mem",
                                                     [PP_DOMAIN_RAW] = "Raw"};
  uint32_t ordinal, offset;
  load("3.9.2");
  cr_assert_eq(loaded.domain_count, PP_DOMAIN_COUNT);
  for (int i = 0; i < PP_DOMAIN_COUNT; i++) {
    const struct pp_subject *calls = &loaded.calls[i];
    cr_assert_eq(calls->version, PP_SUBJECT_VERSION);
    cr_assert_eq(calls->name, loaded.title);
    cr_assert_eq(calls->sets_errno, 0);
    char *block = calls->malloc(calls->ctx, 16);
    cr_assert_eq(strncmp(noted->called, names[i], strlen(names[i])), 0);
    cr_assert_str_eq(noted->called + strlen(names[i]), "Malloc");
    /* From memory that is ours. */
    cr_assert(pp_places_find(&places, block, &ordinal, &offset));
    char *zeros = calls->calloc(calls->ctx, 20, 1); /* of the next class */
    cr_assert_neq((uintptr_t)zeros >> 14, (uintptr_t)block >> 14);
    cr_assert_str_eq(noted->called + strlen(names[i]), "Calloc");
    cr_assert_str_empty(zeros);
    memcpy(zeros, "abc", 4);
    zeros = calls->realloc(calls->ctx, zeros, 4000);
    cr_assert_str_eq(noted->called + strlen(names[i]), "Realloc");
    cr_assert_str_eq(zeros, "abc");
    cr_assert_not(pp_places_find(&places, zeros, &ordinal, &offset));
    calls->free(calls->ctx, zeros);
    cr_assert_str_eq(noted->called + strlen(names[i]), "Free");
    calls->free(calls->ctx, block);
  }
  cr_assert_eq(places.arena_requests, 1);
  cr_assert_gt(places.system_requests, 0);
}

/* ---- from 3.12 on ---- */

/* All that its arenas had is taken: each class begins in a new arena, which is
 * the first of the history. */
static void is_used_up(void) {
  uint32_t ordinal, offset;
  const struct pp_subject *calls = &loaded.calls[PP_DOMAIN_OBJ];
  cr_assert_eq(places.arena_requests, 0);
  cr_assert_eq(places.arena_refusals, 0);
  cr_assert_eq(places.arena_fail, 0);
  cr_assert(noted->requests > 32);
  for (size_t size = 16; size <= 512; size += 16) {
    void *block = calls->malloc(calls->ctx, size);
    cr_assert(pp_places_find(&places, block, &ordinal, &offset), "%zu", size);
    cr_assert_eq(ordinal, 0);
  }
  cr_assert_eq(places.arena_requests, 1);
}

Test(python, one_that_was_started_is_used_up) {
  load("3.12.1 (main)");
  cr_assert_eq(noted->started, 1);
  cr_assert_eq(noted->signals, 0);
  cr_assert_eq(noted->no_site, 1);
  cr_assert_eq(loaded.arenas_before, 1, "the stack of its frames is none");
  cr_assert_eq(loaded.profile->id, PP_PROFILE_3_12);
  is_used_up();
}

Test(python, several_arenas_are_used_up_as_well) {
  cr_assert_eq(load_as("3.13.0 (main)", "large", NULL), PP_LOAD_OK, "%s", why);
  cr_assert_eq(loaded.arenas_before, 3);
  cr_assert_eq(loaded.profile->id, PP_PROFILE_3_13);
  is_used_up();
}

/* By whatever rules it is judged, it is used up by its own. */
Test(python, a_profile_of_another_version_does_not_matter) {
  cr_assert_eq(
      load_as("3.14.1", "without a stack", &pp_profiles[PP_PROFILE_3_8]),
      PP_LOAD_OK, "%s", why);
  cr_assert_eq(loaded.profile->id, PP_PROFILE_3_8);
  cr_assert_eq(loaded.arenas_before, 1);
  is_used_up();
}

Test(python, one_that_cannot_be_used_up_is_not_judged) {
  cr_assert_eq(load_as("3.12.1", "empty", NULL), PP_LOAD_FAILED);
  cr_assert_str_eq(why, "its arenas could not be filled");
  cr_assert_eq(noted->requests, 1);
  noted->requests = 0;
  cr_assert_eq(load_as("3.12.1", "endless", NULL), PP_LOAD_FAILED);
  cr_assert_str_eq(why, "its arenas could not be filled");
  /* Two slots of 16 bytes each: one is out, and one more would be asked for. */
  cr_assert_geq(noted->requests, 2 * (PP_PLACE_STRIDE / 16));
  cr_assert_leq(noted->requests, 3 * (PP_PLACE_STRIDE / 16));
}

/* ---- what surrounds it ---- */

Test(python, its_variables_are_taken_away) {
  char long_name[128];
  memset(long_name, 'X', sizeof long_name);
  memcpy(long_name, "PYTHON", 6);
  long_name[63] = '\0';
  setenv("PYTHONMALLOC", "debug", 1);
  setenv("PYTHONHOME", "/nowhere", 1);
  setenv("PYTHON", "", 1);
  setenv(long_name, "", 1);
  setenv("PYTHO", "kept", 1);
  setenv("MYPYTHON", "kept", 1);
  setenv("PYTHONX", "a=b", 1);
  load("3.12.1");
  cr_assert_eq(noted->variables, 0);
  cr_assert_null(getenv("PYTHONMALLOC"));
  cr_assert_str_eq(getenv("PYTHO"), "kept");
  cr_assert_str_eq(getenv("MYPYTHON"), "kept");
}

/* The first folder above its own in which there is a standard library. */
Test(python, its_home_is_above_it) {
  static const char *const folders[] = {
      "a",   "a/lib",   "a/lib/python3.12",  "lib", "lib/python3.12",
      "a/b", "a/b/lib", "a/b/lib/python3.11"};
  char home[128];
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    snprintf(home, sizeof home, "%s/%s", folder, folders[i]);
    cr_assert_eq(mkdir(home, 0700), 0);
  }
  pp_file_write(home, folder, "a/lib/python3.12/encodings", "", 0);
  copy_without("a/b/lib/libpython3.12.so", "");
  load("3.12.1");
  snprintf(home, sizeof home, "%s/a", folder);
  cr_assert_str_eq(noted->home, home);
  cr_assert_eq(noted->variables, 1);
}

Test(python, without_one_it_has_no_home) {
  copy_without("libpython3.12.so", "");
  load("3.12.1");
  cr_assert_str_eq(noted->home, "");
}
