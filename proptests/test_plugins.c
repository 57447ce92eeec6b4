/* Plug-ins (check/subject_plugin.c): what one says of itself is looked at
 * before any of it is called, and one of CPython's family takes its memory from
 * where it is told to. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/subject.h"
#include "proptests/programs.h"

static struct pp_places places;
static struct pp_loaded loaded;
static char path[4096];
static char why[512];

static void open_places(void) {
  cr_assert(pp_places_open(&places));
  snprintf(path, sizeof path, "%s/plugin.so", pp_setting("POOLPROOF_MODULES"));
}

static void close_places(void) {
  pp_places_close(&places);
}

TestSuite(plugins, .init = open_places, .fini = close_places);

static enum pp_load_result load_as(const char *odd,
                                   const struct pp_profile *profile) {
  struct pp_subject_spec spec = {
      .kind = PP_SUBJECT_PLUGIN, .path = path, .profile = profile};
  setenv("POOLPROOF_PLUGIN", odd, 1);
  return pp_subject_load(&spec, &places, &loaded, why, sizeof why);
}

static void fails(const char *odd, const char *reason) {
  cr_assert_eq(load_as(odd, NULL), PP_LOAD_FAILED, "%s", odd);
  cr_assert_str_eq(why, reason);
}

Test(plugins, a_sound_one_is_taken_as_it_is) {
  cr_assert_eq(load_as("plain", NULL), PP_LOAD_OK, "%s", why);
  cr_assert_str_eq(loaded.title, "odd 1.2");
  cr_assert_str_eq(loaded.version, "1.2");
  cr_assert_null(loaded.profile);
  cr_assert_null(loaded.end);
  cr_assert_eq(loaded.domain_count, 1);
  cr_assert_eq(loaded.calls[0].sets_errno, 7);
  cr_assert_null(loaded.calls[0].usable_size);
  void *block = loaded.calls[0].malloc(loaded.calls[0].ctx, 9);
  cr_assert_not_null(block);
  loaded.calls[0].free(loaded.calls[0].ctx, block);
}

Test(plugins, what_is_missing_is_named) {
  fails("older", "it was built for version 0 of subject.h, this is version 1");
  fails("newer", "it was built for version 2 of subject.h, this is version 1");
  fails("without malloc", "its struct pp_subject has no malloc");
  fails("without calloc", "its struct pp_subject has no calloc");
  fails("without realloc", "its struct pp_subject has no realloc");
  fails("without free", "its struct pp_subject has no free");
  fails("without name", "its struct pp_subject has no name");
  fails("null", "its poolproof_subject answered NULL");
}

Test(plugins, what_is_no_plug_in_is_told) {
  char expected[4200];
  snprintf(path, sizeof path, "%s/family.so", pp_setting("POOLPROOF_MODULES"));
  cr_assert_eq(load_as("plain", NULL), PP_LOAD_FAILED);
  snprintf(expected, sizeof expected, "%s has no poolproof_subject of its own",
           path);
  cr_assert_eq(strncmp(why, expected, sizeof why - 1), 0, "%s", why);
  strcpy(path, "/nowhere/lib.so");
  cr_assert_eq(load_as("plain", NULL), PP_LOAD_FAILED);
  cr_assert_not_null(strstr(why, "/nowhere/lib.so"), "%s", why);
}

Test(plugins, a_number_at_the_end_of_the_name_is_the_version) {
  static const char *const names[][2] = {
      {"bump 1.2", "1.2"},     {"bump", ""},    {"bump 0", "0"},
      {"bump 9x", "9x"},       {"bump v1", ""}, {"bump 1.2 beta", ""},
      {"of two words 3", "3"}, {"bump ", ""},   {"1.2", ""},
      {"bump /", ""},          {"bump :", ""},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    setenv("POOLPROOF_PLUGIN_NAME", names[i][0], 1);
    cr_assert_eq(load_as("plain", NULL), PP_LOAD_OK, "%s", why);
    cr_assert_str_eq(loaded.title, names[i][0]);
    cr_assert_str_eq(loaded.version, names[i][1], "%s", names[i][0]);
  }
}

Test(plugins, one_of_a_family_takes_our_sources) {
  cr_assert_eq(load_as("of a family", NULL), PP_LOAD_OK, "%s", why);
  cr_assert_eq(loaded.profile, &pp_profiles[PP_PROFILE_3_9]);
  /* The user's word counts more than its own. */
  cr_assert_eq(load_as("of a family", &pp_profiles[PP_PROFILE_3_6]),
               PP_LOAD_OK);
  cr_assert_eq(loaded.profile, &pp_profiles[PP_PROFILE_3_6]);
  fails("refuses", "its use_sources answered 3");
  fails("without sources", "it has the profile \"3.9\" but no use_sources");
  cr_assert_eq(load_as("of none", NULL), PP_LOAD_UNSUPPORTED);
  cr_assert_str_eq(why, "there is no profile \"9.9\"");
  cr_assert_eq(load_as("of none", &pp_profiles[PP_PROFILE_3_6]), PP_LOAD_OK);
}

/* One that says nothing of a family, but could be of one, is one when it is
 * told so. */
Test(plugins, a_profile_is_asked_for_where_sources_can_be_taken) {
  cr_assert_eq(load_as("", NULL), PP_LOAD_OK, "%s", why);
  cr_assert_null(loaded.profile);
  cr_assert_eq(load_as("", &pp_profiles[PP_PROFILE_TINY]), PP_LOAD_OK);
  cr_assert_eq(loaded.profile, &pp_profiles[PP_PROFILE_TINY]);
  cr_assert_eq(load_as("plain", &pp_profiles[PP_PROFILE_TINY]), PP_LOAD_OK);
  cr_assert_null(loaded.profile);
}
