/* What is searched when nothing else is said, row by row. */
#include <stdio.h>
#include <string.h>

#include "proptests/searched.h"

/* A line for each: its name, the profile, classes as bits, arenas, blocks of
 * the system, skews. */
static void print(const struct pp_exhaust_geometry *geometry, char line[128]) {
  snprintf(line, 128, "%s: %s %x %u %u, %u %u %u", geometry->name,
           geometry->profile->name, geometry->classes, geometry->arenas,
           geometry->system_blocks, geometry->skews[0], geometry->skews[1],
           geometry->skews[2]);
}

static void has(const char *profile, const char *const *lines,
                size_t lines_count) {
  size_t count;
  const struct pp_exhaust_geometry *all =
      pp_exhaust_geometries(pp_profile_find(profile), &count);
  cr_assert_eq(count, lines_count);
  for (size_t i = 0; i < count; i++) {
    char line[128];
    print(&all[i], line);
    cr_expect_str_eq(line, lines[i]);
    cr_expect_eq(all[i].skews[3], 0);
  }
}

Test(exhaust_geometry, rows_are_these) {
  const char *const tiny[] = {
      "tiny, 1 arena, 2 classes: tiny 3 1 1, 32 160 0",
      "tiny, 1 whole arena: tiny 3 1 1, 0 0 0",
      "tiny, 3 arenas, 1 class: tiny 2 3 1, 32 160 288",
      "tiny, 2 whole arenas, 1 class: tiny 2 2 1, 0 0 0",
      "tiny, 2 arenas, 2 classes: tiny 3 2 3, 32 160 0",
  };
  const char *const small[] = {
      "small-table, 1 arena: small-table 3 1 1, 32 160 0",
      "small-classes, 1 arena: small-classes 6 1 1, 0 0 0",
      "small-table, 3 arenas: small-table 2 3 1, 32 160 288",
      "small-walk, 3 arenas: small-walk 2 3 1, 32 160 288",
      "small-table, 2 arenas: small-table 3 2 1, 32 160 0",
  };
  has("tiny", tiny, 5);
  has("small", small, 5);
}

Test(exhaust_geometry, a_profile_that_is_too_large_has_none) {
  static const char *const large[] = {"3.6", "3.8", "3.13"};
  for (size_t i = 0; i < 3; i++) {
    size_t count = 7;
    cr_expect_null(pp_exhaust_geometries(pp_profile_find(large[i]), &count));
    cr_expect_eq(count, 0);
  }
}

Test(exhaust_geometry, classes_are_counted) {
  struct pp_exhaust_geometry geometry = {.classes = 0};
  cr_expect_eq(pp_exhaust_classes(&geometry), 0);
  geometry.classes = 6;
  cr_expect_eq(pp_exhaust_classes(&geometry), 2);
}

/* ---- those that are asked for ---- */

static void chooses(const char *profile, uint64_t arenas, uint64_t classes,
                    const char *names) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  char is[512] = "";
  size_t count =
      pp_exhaust_choose(pp_profile_find(profile), arenas, classes, chosen);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) strcat(is, "; ");
    strcat(is, chosen[i].name);
  }
  cr_expect_str_eq(is, names);
}

Test(exhaust_geometry, searches_are_chosen_in_their_order) {
  chooses("tiny", 0, 0,
          "tiny, 1 arena, 2 classes; tiny, 1 whole arena; tiny, 3 arenas, 1 "
          "class; tiny, 2 whole arenas, 1 class; tiny, 2 arenas, 2 classes");
  chooses("tiny", 1, 0, "tiny, 1 arena, 2 classes; tiny, 1 whole arena");
  chooses("tiny", 0, 1,
          "tiny, 3 arenas, 1 class; tiny, 2 whole arenas, 1 class");
  chooses("tiny", 2, 1, "tiny, 2 whole arenas, 1 class");
  chooses("small", 3, 0, "small-table, 3 arenas; small-walk, 3 arenas");
  chooses("small", 0, 2,
          "small-table, 1 arena; small-classes, 1 arena; small-table, 2 "
          "arenas");
}

Test(exhaust_geometry, the_first_with_more_arenas_is_cut_down) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  chooses("tiny", 1, 1, "tiny, 1 of 3 arenas");
  chooses("small", 2, 1, "small-table, 2 of 3 arenas");
  chooses("small", 1, 1, "small-table, 1 of 3 arenas");
  pp_exhaust_choose(pp_profile_find("tiny"), 1, 1, chosen);
  char line[128];
  print(&chosen[0], line);
  cr_expect_str_eq(line, "tiny, 1 of 3 arenas: tiny 2 1 1, 32 160 288");
}

Test(exhaust_geometry, what_no_row_has_is_not_chosen) {
  chooses("tiny", 3, 2, "");
  chooses("tiny", 4, 0, "");
  chooses("tiny", 0, 3, "");
  chooses("3.9", 0, 0, "");
  chooses("3.9", 1, 1, "");
}

/* ---- profiles that were scaled down ---- */

Test(exhaust_geometry, a_trace_names_the_profile_that_was_searched) {
  static const char *const scaled[] = {"small-walk", "small-table",
                                       "small-classes"};
  for (size_t i = 0; i < 3; i++) {
    cr_expect_null(pp_profile_find(scaled[i]));
    const struct pp_profile *found = pp_exhaust_profile_find(scaled[i]);
    cr_assert_not_null(found);
    cr_expect_str_eq(found->name, scaled[i]);
    cr_expect_eq(found->id, PP_PROFILE_SMALL);
    cr_expect_eq(found->rightmost_table, i > 0);
    cr_expect_eq(found->class_count, i == 2 ? 3 : 2);
    cr_expect_eq(found->pool_bits, i == 2 ? 8 : 7);
    cr_expect_eq(found->arena_bits, 9);
  }
  cr_expect_eq(pp_exhaust_profile_find("tiny"), pp_profile_find("tiny"));
  cr_expect_eq(pp_exhaust_profile_find("3.9"), pp_profile_find("3.9"));
  cr_expect_null(pp_exhaust_profile_find("large"));
}
