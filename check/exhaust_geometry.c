/* What is searched when nothing else is said: one arena with all classes, then
 * three with one class, for the order of arenas (SPEC.md, ARENA-08 to
 * ARENA-10), and then what takes minutes, two with all classes.
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

/* Bytes past a multiple of the arena size: where it is no multiple of 128, one
 * pool of four is lost. The third arena has its leaves in two nodes. */
/* clang-format off */
#define FEW {32, 160}
#define WHOLE {0}
#define ORDER {32, 160, 288}
/* clang-format on */

static const struct pp_exhaust_geometry tiny[] = {
    {"tiny, 1 arena, 2 classes", &pp_profiles[PP_PROFILE_TINY], 3, 1, 1, FEW},
    {"tiny, 1 whole arena", &pp_profiles[PP_PROFILE_TINY], 3, 1, 1, WHOLE},
    {"tiny, 3 arenas, 1 class", &pp_profiles[PP_PROFILE_TINY], 2, 3, 1, ORDER},
    {"tiny, 2 arenas, 2 classes", &pp_profiles[PP_PROFILE_TINY], 3, 2, 3, FEW},
};

static const struct pp_exhaust_geometry small[] = {
    {"small-table, 1 arena", &scaled[SCALED_TABLE], 3, 1, 1, FEW},
    {"small-table, 3 arenas", &scaled[SCALED_TABLE], 2, 3, 1, ORDER},
    {"small-walk, 3 arenas", &scaled[SCALED_WALK], 2, 3, 1, ORDER},
    {"small-table, 2 arenas", &scaled[SCALED_TABLE], 3, 2, 1, FEW},
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
