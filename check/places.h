/* The memory under one heap of CPython's family, made by us: arenas at
 * addresses that we choose, and a system allocator that can be told to refuse.
 *
 * A subject and its twin, the reference, each get one of these. Both lay their
 * arenas out alike, so that where a block lies is two numbers, the ordinal of
 * its arena and its offset, and the numbers can be compared. */
#ifndef CHECK_PLACES_H
#define CHECK_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poolproof/reference.h"

/* An arena slot: a stretch of PP_PLACE_STRIDE bytes of reserved address
 * space, of which an arena takes a part, skew bytes past its start. */
#define PP_PLACE_SHIFT 21
#define PP_PLACE_STRIDE ((uintptr_t)1 << PP_PLACE_SHIFT)

/* The ordinal of an arena from before the trace. */
#define PP_PLACE_BEFORE UINT32_MAX

struct pp_place_slot {
  uintptr_t base;   /* of the arena, 0 when the slot is vacant */
  size_t size;      /* of the arena */
  uint32_t ordinal; /* 0 for the first arena of the trace, never reused */
  uint32_t next_vacant;
};

struct pp_places {
  struct pp_arena_source arenas;  /* hand these two to the heap; */
  struct pp_system_source system; /* their ctx is this struct */

  uintptr_t region; /* reserved address space */
  size_t region_size;
  struct pp_place_slot *slots;
  uint32_t slot_count; /* slots ever used */
  uint32_t slot_limit; /* slots that the region holds */
  uint32_t vacant;     /* most recently vacated slot + 1, 0 for none */
  uint32_t ordinals;   /* arenas given out since the trace began */

  uint64_t skew;        /* bytes past a 1 MiB boundary, for new arenas */
  uint64_t arena_fail;  /* arena requests still to be refused */
  uint64_t system_fail; /* system requests still to be refused */

  /* Totals; compare them before and after an operation. */
  uint64_t arena_requests; /* granted or refused */
  uint64_t arena_refusals;
  uint64_t arena_releases;
  uint64_t system_requests; /* malloc, calloc and realloc */
  uint64_t system_frees;    /* of blocks that are not NULL */
  uint32_t last_ordinal;    /* of the last arena given out or released */
  const char *misuse;       /* a release of what was never given out, or
                               NULL: the heap broke ARENA-22 */
  bool exhausted; /* a request failed that the trace did not ask to fail: the
                     host is short, and no verdict holds from here on */
};

/* Reserves address space. False, with errno set, when there is none. */
bool pp_places_open(struct pp_places *places);
void pp_places_close(struct pp_places *places);

/* As after open, for another heap: nothing is out, and all is counted anew. */
void pp_places_again(struct pp_places *places);

/* Where an address lies. False when it is in none of the live arenas. */
static inline bool pp_places_find(const struct pp_places *places,
                                  const void *address, uint32_t *ordinal,
                                  uint32_t *offset) {
  uintptr_t distance = (uintptr_t)address - places->region;
  if (distance >= places->region_size) return false;
  const struct pp_place_slot *slot = &places->slots[distance >> PP_PLACE_SHIFT];
  uintptr_t inside = (uintptr_t)address - slot->base;
  if (inside >= slot->size || slot->ordinal == PP_PLACE_BEFORE) return false;
  *ordinal = slot->ordinal;
  *offset = (uint32_t)inside;
  return true;
}

/* True when no arena is out. */
bool pp_places_empty(const struct pp_places *places);

/* The live arena with this ordinal, or NULL. */
const struct pp_place_slot *pp_places_arena(const struct pp_places *places,
                                            uint32_t ordinal);

/* Arenas that are out now count as belonging to the time before the trace:
 * find() no longer answers for them, and ordinals start at 0 again. Requests,
 * refusals and releases are counted from zero, and nothing is refused. New
 * arenas get slots from a round number on, so that two places that differ a
 * little in what they did before still hand out the same slots from now on. */
void pp_places_begin(struct pp_places *places);

#endif
