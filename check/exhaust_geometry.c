/* What is searched when nothing else is said: one arena with all classes, then
 * three with one class, for the order of arenas (SPEC.md, ARENA-08 to
 * ARENA-10), and then what takes minutes, two with all classes.
 *
 * `small` has too many pools to an arena for any search to end; its rules are
 * searched in rows that have the sizes of `tiny`, and one with a third class,
 * which is the first that is no power of two. */
#include <stdio.h>
#include <string.h>

#include "check/exhaust.h"

enum { SCALED_WALK, SCALED_TABLE, SCALED_CLASSES, SCALED_COUNT };

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
    [SCALED_CLASSES] = {.name = "small-classes",
                        .id = PP_PROFILE_SMALL,
                        .alignment_shift = 4,
                        .class_count = 3,
                        .pool_bits = 8,
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
    {"small-classes, 1 arena", &scaled[SCALED_CLASSES], 6, 1, 1, WHOLE},
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

unsigned pp_exhaust_classes(const struct pp_exhaust_geometry *geometry) {
  return (unsigned)__builtin_popcount(geometry->classes);
}

static struct pp_exhaust_geometry
cut_down(const struct pp_exhaust_geometry *whole, uint64_t arenas) {
  struct pp_exhaust_geometry cut = *whole;
  cut.arenas = (unsigned)arenas;
  snprintf(cut.name, sizeof cut.name, "%s, %u of %u arenas",
           whole->profile->name, cut.arenas, whole->arenas);
  return cut;
}

size_t
pp_exhaust_choose(const struct pp_profile *profile, uint64_t arenas,
                  uint64_t classes,
                  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX]) {
  size_t count, found = 0;
  const struct pp_exhaust_geometry *all =
      pp_exhaust_geometries(profile, &count);
  const struct pp_exhaust_geometry *larger = NULL;
  for (size_t i = 0; i < count; i++) {
    if (classes != 0 && pp_exhaust_classes(&all[i]) != classes) continue;
    if (arenas == 0 || all[i].arenas == arenas) chosen[found++] = all[i];
    if (larger == NULL && all[i].arenas > arenas) larger = &all[i];
  }
  if (found == 0 && larger != NULL) chosen[found++] = cut_down(larger, arenas);
  return found;
}

const struct pp_profile *pp_exhaust_profile_find(const char *name) {
  for (size_t i = 0; i < SCALED_COUNT; i++) {
    if (strcmp(scaled[i].name, name) == 0) return &scaled[i];
  }
  return pp_profile_find(name);
}
