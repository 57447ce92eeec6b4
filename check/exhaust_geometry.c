/* What is searched when nothing else is said. The first geometry of a profile
 * has all of its classes; the second has more arenas and one class, for the
 * order of arenas (SPEC.md, ARENA-08 to ARENA-10).
 *
 * `small` has too many pools to an arena for any search to end; its rules are
 * searched in rows that have the sizes of `tiny`. */
#include <string.h>

#include "check/exhaust.h"

enum { SCALED_WALK, SCALED_TABLE, SCALED_COUNT };

static const struct pp_profile scaled[SCALED_COUNT] = {
    [SCALED_WALK] = {.name = "small-walk",
                     .id = PP_PROFILE_SMALL,
                     .alignment_shift = 4,
                     .class_count = 2,
                     .pool_bits = 7,
                     .arena_bits = 9,
                     .map = PP_MAP_ARENA_INDEX},
    [SCALED_TABLE] = {.name = "small-table",
                      .id = PP_PROFILE_SMALL,
                      .alignment_shift = 4,
                      .class_count = 2,
                      .pool_bits = 7,
                      .arena_bits = 9,
                      .map = PP_MAP_ARENA_INDEX,
                      .rightmost_table = true},
};

static const struct pp_exhaust_geometry tiny[] = {
    {"tiny: two arenas", &pp_profiles[PP_PROFILE_TINY], 3, 2, 1, {32, 96}},
    {"tiny: three arenas",
     &pp_profiles[PP_PROFILE_TINY],
     2,
     3,
     1,
     {128, 160, 256}},
};

static const struct pp_exhaust_geometry small[] = {
    {"small: two arenas", &scaled[SCALED_TABLE], 3, 2, 1, {32, 96}},
    {"small: three arenas", &scaled[SCALED_TABLE], 2, 3, 1, {128, 160, 256}},
    {"small: three arenas, walked",
     &scaled[SCALED_WALK],
     2,
     3,
     1,
     {128, 160, 256}},
};

const struct pp_exhaust_geometry *
pp_exhaust_geometries(const struct pp_profile *profile, size_t *count) {
  if (profile->id == PP_PROFILE_TINY) {
    *count = sizeof tiny / sizeof tiny[0];
    return tiny;
  }
  if (profile->id == PP_PROFILE_SMALL) {
    *count = sizeof small / sizeof small[0];
    return small;
  }
  *count = 0;
  return NULL;
}

const struct pp_profile *pp_exhaust_profile_find(const char *name) {
  for (size_t i = 0; i < SCALED_COUNT; i++) {
    if (strcmp(scaled[i].name, name) == 0) return &scaled[i];
  }
  return pp_profile_find(name);
}
