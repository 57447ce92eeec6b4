/* Malloc families out of shared objects (check/subject_malloc.c): which names
 * make one, that each call reaches its own function with what it was given, and
 * what an allocator says of itself. The families here allocate nothing; they
 * note what they are asked. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/subject.h"
#include "proptests/family.h"
#include "proptests/programs.h"

static struct pp_loaded loaded;
static struct family_noted *noted;
static char path[4096];
static char why[512];

static enum pp_load_result load_of(const char *module, const char *prefix) {
  struct pp_subject_spec spec = {
      .kind = PP_SUBJECT_MALLOC, .path = path, .prefix = prefix};
  snprintf(path, sizeof path, "%s/%s.so", pp_setting("POOLPROOF_MODULES"),
           module);
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  cr_assert_not_null(handle);
  noted = dlsym(handle, "family_noted");
  cr_assert_not_null(noted);
  return pp_subject_load(&spec, NULL, &loaded, why, sizeof why);
}

static void load(const char *prefix) {
  cr_assert_eq(load_of("family", prefix), PP_LOAD_OK, "%s: %s", prefix, why);
}

static void noted_last(const char *name, const void *block, size_t first,
                       size_t second) {
  cr_assert_str_eq(noted->name, name);
  cr_assert_eq(noted->block, block, "%s", name);
  cr_assert_eq(noted->first, first, "%s", name);
  cr_assert_eq(noted->second, second, "%s", name);
}

Test(families, each_call_is_of_its_function) {
  int here[2];
  void *out = NULL;
  load("all_");
  const struct pp_subject *calls = &loaded.calls[0];
  cr_assert_eq(loaded.domain_count, 1);
  cr_assert_eq(calls->version, PP_SUBJECT_VERSION);
  cr_assert_eq(calls->sets_errno, 1);
  cr_assert_null(loaded.profile);
  noted->answer = &here[1];
  cr_assert_eq(calls->malloc(calls->ctx, 11), noted->answer);
  noted_last("all_malloc", NULL, 11, 0);
  cr_assert_eq(calls->calloc(calls->ctx, 2, 3), noted->answer);
  noted_last("all_calloc", NULL, 2, 3);
  cr_assert_eq(calls->realloc(calls->ctx, here, 4), noted->answer);
  noted_last("all_realloc", here, 4, 0);
  calls->free(calls->ctx, here);
  noted_last("all_free", here, 0, 0);
  cr_assert_eq(calls->reallocarray(calls->ctx, here, 5, 6), noted->answer);
  noted_last("all_reallocarray", here, 5, 6);
  cr_assert_eq(calls->aligned_alloc(calls->ctx, 64, 7), noted->answer);
  noted_last("all_aligned_alloc", NULL, 64, 7);
  cr_assert_eq(calls->posix_memalign(calls->ctx, &out, 32, 8), EINVAL);
  cr_assert_eq(out, noted->answer);
  noted_last("all_posix_memalign", NULL, 32, 8);
  calls->free_sized(calls->ctx, here, 9);
  noted_last("all_free_sized", here, 9, 0);
  calls->free_aligned_sized(calls->ctx, here, 16, 10);
  noted_last("all_free_aligned_sized", here, 16, 10);
  cr_assert_eq(calls->usable_size(calls->ctx, here), 77);
  noted_last("all_malloc_usable_size", here, 0, 0);
}

/* Of what it lacks, it gets none from the C library. */
Test(families, four_functions_are_enough) {
  int here;
  load("all_");
  load("four_");
  const struct pp_subject *calls = &loaded.calls[0];
  calls->free(calls->ctx, &here);
  noted_last("four_free", &here, 0, 0);
  cr_assert_null(calls->reallocarray);
  cr_assert_null(calls->aligned_alloc);
  cr_assert_null(calls->posix_memalign);
  cr_assert_null(calls->free_sized);
  cr_assert_null(calls->free_aligned_sized);
  cr_assert_null(calls->usable_size);
}

Test(families, what_is_usable_has_three_names) {
  int here;
  load("short_");
  loaded.calls[0].usable_size(loaded.calls[0].ctx, &here);
  noted_last("short_usable_size", &here, 0, 0);
  load("old_");
  loaded.calls[0].usable_size(loaded.calls[0].ctx, &here);
  noted_last("old_malloc_size", &here, 0, 0);
}

Test(families, names_without_a_prefix_may_be_anyones) {
  for (int i = 0; i < 2; i++) {
    cr_assert_eq(load_of("family-bare", i == 0 ? "" : NULL), PP_LOAD_OK);
    loaded.calls[0].malloc(loaded.calls[0].ctx, 3);
    noted_last("malloc", NULL, 3, 0);
    cr_assert_null(loaded.calls[0].usable_size);
    cr_assert_str_eq(loaded.title, "tbbmalloc");
    cr_assert_str_empty(loaded.version);
  }
}

Test(families, each_of_the_four_is_missed) {
  static const char *const names[] = {"malloc", "calloc", "realloc", "free"};
  char prefix[32], expected[4200];
  for (size_t i = 0; i < 4; i++) {
    snprintf(prefix, sizeof prefix, "lacks_%s_", names[i]);
    cr_assert_eq(load_of("family", prefix), PP_LOAD_FAILED);
    snprintf(expected, sizeof expected, "%s%s of its own", prefix, names[i]);
    char *found = strstr(why, expected);
    cr_assert_not_null(found, "%s", why);
    cr_assert_str_eq(found, expected);
  }
  cr_assert_eq(load_of("family", ""), PP_LOAD_FAILED);
  cr_assert_not_null(strstr(why, "has no malloc of its own"), "%s", why);
  cr_assert_not_null(strstr(why, "(--prefix)"), "%s", why);
  struct pp_subject_spec spec = {.kind = PP_SUBJECT_MALLOC,
                                 .path = strcpy(path, "/nowhere/lib.so"),
                                 .prefix = ""};
  cr_assert_eq(pp_subject_load(&spec, NULL, &loaded, why, sizeof why),
               PP_LOAD_FAILED);
  cr_assert_not_null(strstr(why, "/nowhere/lib.so"), "%s", why);
}

/* What the loader says is passed on, and the cure where there is one. */
Test(families, the_loader_is_quoted) {
  struct pp_subject_spec spec = {
      .kind = PP_SUBJECT_MALLOC, .path = path, .prefix = ""};
  snprintf(path, sizeof path, "%s/greedy.so", pp_setting("POOLPROOF_MODULES"));
  cr_assert_eq(pp_subject_load(&spec, NULL, &loaded, why, sizeof why),
               PP_LOAD_FAILED);
  cr_assert_not_null(strstr(why, "static TLS"), "%s", why);
  cr_assert_not_null(strstr(why, "; run with GLIBC_TUNABLES=glibc."), "%s",
                     why);
  strcpy(path, "/nowhere/lib.so");
  cr_assert_eq(pp_subject_load(&spec, NULL, &loaded, why, sizeof why),
               PP_LOAD_FAILED);
  cr_assert_null(strstr(why, "GLIBC_TUNABLES"), "%s", why);
}

/* ---- what it says that it is ---- */

static void is_called(const char *prefix, const char *title,
                      const char *version) {
  load(prefix);
  cr_assert_str_eq(loaded.title, title);
  cr_assert_str_eq(loaded.version, version);
  cr_assert_eq(loaded.calls[0].name, loaded.title);
}

Test(families, allocators_say_their_release) {
  is_called("gl_", "glibc 2.99", "2.99");
  is_called("je_", "jemalloc 5.3.0", "5.3.0");
  is_called("tc_", "tcmalloc 2.10.1", "2.10.1");
  is_called("tb_", "tbbmalloc", "");
  is_called("dm_", "dmalloc", "");
  is_called("four_", "malloc of family.so", "");
  is_called("jf_", "jemalloc", "");
  /* Its mark may have no prefix. */
  cr_assert_eq(load_of("family-bare", "pre_"), PP_LOAD_OK);
  cr_assert_str_eq(loaded.title, "tbbmalloc");
}

Test(families, numbers_have_three_parts) {
  static const struct {
    int number;
    const char *version;
  } versions[] = {
      {209, "2.0.9"},     {212, "2.1.2"},       {999, "9.9.9"},
      {9999, "99.9.9"},   {10000, "1.0.0"},     {20102, "2.1.2"},
      {31299, "3.12.99"}, {123456, "12.34.56"},
  };
  char title[64];
  for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
    load("mi_");
    noted->version = versions[i].number;
    snprintf(title, sizeof title, "mimalloc %s", versions[i].version);
    is_called("mi_", title, versions[i].version);
  }
}

/* The one of this process, whatever the prefix is for the others. */
Test(families, libc_is_the_malloc_of_this_process) {
  struct pp_subject_spec spec = {.kind = PP_SUBJECT_LIBC, .prefix = "all_"};
  load("all_"); /* no other, whatever was loaded before */
  cr_assert_eq(pp_subject_load(&spec, NULL, &loaded, why, sizeof why),
               PP_LOAD_OK, "%s", why);
  const struct pp_subject *calls = &loaded.calls[0];
  cr_assert_eq(loaded.domain_count, 1);
  uint8_t *block = calls->malloc(calls->ctx, 100);
  cr_assert_not_null(block);
  memset(block, 1, 100);
  block = realloc(block, 200);
  cr_assert_eq(block[99], 1);
  calls->free(calls->ctx, block);
  if (strcmp(pp_setting("POOLPROOF_SANITIZE"), "none") != 0) return;
  cr_assert_eq(strncmp(loaded.title, "glibc 2.", 8), 0, "%s", loaded.title);
  cr_assert_not_null(calls->usable_size);
  cr_assert_not_null(calls->posix_memalign);
}

/* It is not asked for a block, which it could not make before it is started. */
Test(families, another_c_library_is_not_loaded) {
  cr_assert_eq(load_of("family-libc", ""), PP_LOAD_FAILED);
  cr_assert_not_null(strstr(why, "is a C library of its own"), "%s", why);
  cr_assert_null(noted->name);
}
