/* The profiles: one row per CPython whose memory differs, measured, and two
 * that are scaled down so that every pool and every arena changes its state
 * within a dozen operations (SPEC.md, GEO, SC, MAP, ARENA). */
#include <string.h>

#include "reference/alloc/geometry.h"

/* Columns: alignment shift, classes, pool bits, arena bits; kind of map and
 * its bits per level; rightmost table; keeps the rightmost free arena; a
 * realloc to zero bytes never fails. */
#define ROW(id, name, align, classes, pool, arena, map, top, middle, bottom, \
            table, keeps, zero)                                              \
  [PP_PROFILE_##                                                             \
      id] = {name, PP_PROFILE_##id, align,  classes, pool,  arena, map,      \
             top,  middle,          bottom, table,   keeps, zero}
#define INDEX PP_MAP_ARENA_INDEX, 0, 0, 0
#define RADIX(top, middle, bottom) PP_MAP_RADIX, top, middle, bottom
#define ROW_(...) ROW(__VA_ARGS__)

/* clang-format off */
const struct pp_profile pp_profiles[PP_PROFILE_COUNT] = {
    ROW_(3_6, "3.6", 4, 32, 12, 18, INDEX, false, false, true),
    ROW_(3_7_3, "3.7.3", 3, 64, 12, 18, INDEX, false, false, false),
    ROW_(3_7, "3.7", 4, 32, 12, 18, INDEX, false, false, false),
    ROW_(3_8, "3.8", 4, 32, 12, 18, INDEX, true, false, false),
    ROW_(3_9, "3.9", 4, 32, 12, 18, INDEX, true, true, false),
    ROW_(3_10, "3.10", 4, 32, 14, 20, RADIX(10, 10, 8), true, true, false),
    ROW_(3_11, "3.11", 4, 32, 14, 20, RADIX(15, 15, 14), true, true, false),
    ROW_(3_12, "3.12", 4, 32, 14, 20, RADIX(15, 15, 14), true, true, false),
    ROW_(3_13, "3.13", 4, 32, 14, 20, RADIX(15, 15, 14), true, true, false),
    ROW_(TINY, "tiny", 4, 2, 7, 9, RADIX(13, 13, 13), true, true, false),
    ROW_(SMALL, "small", 4, 4, 8, 11, INDEX, true, false, false),
};
/* clang-format on */

const struct pp_profile *pp_profile_find(const char *name) {
  for (size_t i = 0; i < PP_PROFILE_COUNT; i++) {
    if (strcmp(pp_profiles[i].name, name) == 0) return &pp_profiles[i];
  }
  return NULL;
}
