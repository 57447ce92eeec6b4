/* Lock-step (SPEC.md, HEAP-12 to HEAP-14): after every call the subject's
 * block lies where the twin's does, and both have turned to their sources for
 * arenas and for system memory equally often. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check/driver.h"

struct spot {
  bool in_arena;
  uint32_t ordinal;
  uint32_t offset;
};

static struct spot spot_of(const struct pp_places *places,
                           const void *address) {
  struct spot spot = {0};
  spot.in_arena = pp_places_find(places, address, &spot.ordinal, &spot.offset);
  return spot;
}

static void describe(char *text, size_t size, const void *address,
                     const struct spot *spot) {
  if (address == NULL) {
    snprintf(text, size, "null");
  } else if (!spot->in_arena) {
    snprintf(text, size, "a block from the system");
  } else {
    snprintf(text, size, "arena %" PRIu32 " + 0x%" PRIx32, spot->ordinal,
             spot->offset);
  }
}

static bool same_spot(const struct spot *left, const struct spot *right) {
  if (left->in_arena != right->in_arena) return false;
  return left->ordinal == right->ordinal && left->offset == right->offset;
}

void pp_lockstep_compare(struct pp_driver *driver, const void *address,
                         const void *twin_address) {
  struct spot subject = spot_of(driver->places, address);
  struct spot twin = spot_of(&driver->twin->places, twin_address);
  driver->report->evaluated[PP_HEAP_12]++;
  if ((address == NULL) != (twin_address == NULL) ||
      !same_spot(&subject, &twin)) {
    char here[64], there[64];
    describe(here, sizeof here, address, &subject);
    describe(there, sizeof there, twin_address, &twin);
    pp_driver_broken(driver, PP_HEAP_12, "placed at %s; the reference: %s",
                     here, there);
  }
  pp_lockstep_sources(driver);
}

/* The totals that must agree, and the clause that says so. */
static const struct total {
  enum pp_clause clause;
  size_t offset; /* in struct pp_places */
  const char *name;
} totals[] = {
    {PP_HEAP_13, offsetof(struct pp_places, arena_requests),
     "arenas requested"},
    {PP_HEAP_13, offsetof(struct pp_places, arena_releases), "arenas released"},
    {PP_HEAP_14, offsetof(struct pp_places, system_requests),
     "system requests"},
    {PP_HEAP_14, offsetof(struct pp_places, system_frees),
     "system blocks freed"},
};

static uint64_t total_of(const struct pp_places *places,
                         const struct total *total) {
  uint64_t value;
  memcpy(&value, (const char *)places + total->offset, sizeof value);
  return value;
}

/* One after the other, to say which it is. */
static void tell_sources_apart(struct pp_driver *driver) {
  const struct pp_places *subject = driver->places;
  const struct pp_places *twin = &driver->twin->places;
  if (subject->misuse != NULL) {
    pp_driver_broken(driver, PP_ARENA_22, "%s", subject->misuse);
  }
  for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
    uint64_t here = total_of(subject, &totals[i]);
    uint64_t there = total_of(twin, &totals[i]);
    if (here == there) continue;
    pp_driver_broken(driver, totals[i].clause,
                     "%" PRIu64 " %s so far; by the reference %" PRIu64, here,
                     totals[i].name, there);
  }
  if (subject->last_ordinal != twin->last_ordinal) {
    pp_driver_broken(driver, PP_HEAP_13,
                     "arena %" PRIu32 " was the last to come or go; the "
                     "reference's was %" PRIu32,
                     subject->last_ordinal, twin->last_ordinal);
  }
}

void pp_lockstep_sources(struct pp_driver *driver) {
  const struct pp_places *subject = driver->places;
  const struct pp_places *twin = &driver->twin->places;
  uint64_t *evaluated = driver->report->evaluated;
  evaluated[PP_ARENA_22]++;
  evaluated[PP_HEAP_13]++;
  evaluated[PP_HEAP_14]++;
  uint64_t difference = (subject->arena_requests ^ twin->arena_requests) |
                        (subject->arena_releases ^ twin->arena_releases) |
                        (subject->last_ordinal ^ twin->last_ordinal) |
                        (subject->system_requests ^ twin->system_requests) |
                        (subject->system_frees ^ twin->system_frees);
  if (difference != 0 || subject->misuse != NULL) tell_sources_apart(driver);
}
