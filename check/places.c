/* Arenas at chosen addresses, and a system allocator that can refuse.
 *
 * One stretch of address space is reserved at its own alignment and cut into
 * slots. An arena is the start of a slot, skew bytes in:
 *
 *     region                                    slot_limit slots
 *     |skew|= arena 0 =|....|skew|= arena 1 =|....|....
 *     |<--- PP_PLACE_STRIDE --->|
 *
 * Slots are reused last in, first out and their contents are kept, so a heap
 * meets dirty memory, as it may; between two uses the pages are inaccessible,
 * so that touching an arena after its release is a fault and not an accident.
 * Nothing here takes memory from malloc, which may be what is being judged;
 * only the system source does, since forwarding to it is its purpose. */
#include "check/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check/op.h"

#define REGION_LARGEST ((size_t)1 << 36)
#define REGION_SMALLEST ((size_t)1 << 30)

_Static_assert(PP_PLACE_STRIDE >= 2 * PP_SKEW_BASE,
               "a slot holds the largest arena at the largest skew");

static void *reserve(size_t size) {
  void *at = mmap(NULL, size, PROT_NONE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? NULL : at;
}

/* Reserves `size` bytes at a multiple of `size`, or answers 0. */
static uintptr_t reserve_aligned(size_t size) {
  char *at = reserve(2 * size);
  if (at == NULL) return 0;
  size_t before = (size - ((uintptr_t)at & (size - 1))) & (size - 1);
  if (before != 0) munmap(at, before);
  munmap(at + before + size, size - before);
  return (uintptr_t)at + before;
}

static void *refuse(struct pp_places *places) {
  places->arena_refusals++;
  return NULL;
}

/* The pages that hold [base, base + size). */
static bool protect(uintptr_t base, size_t size, int protection) {
  uintptr_t mask = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
  uintptr_t first = base & ~mask;
  uintptr_t end = (base + size + mask) & ~mask;
  return mprotect((void *)first, end - first, protection) == 0;
}

static void *arena_alloc(void *ctx, size_t size) {
  struct pp_places *places = ctx;
  places->arena_requests++;
  if (places->arena_fail > 0) {
    places->arena_fail--;
    return refuse(places);
  }
  if (size == 0 || size > PP_PLACE_STRIDE - places->skew) return refuse(places);

  uint32_t index = places->vacant;
  index = index != 0 ? index - 1 : places->slot_count;
  uintptr_t base =
      places->region + ((uintptr_t)index << PP_PLACE_SHIFT) + places->skew;
  /* mprotect fails when the process has too many mappings. */
  if (index == places->slot_limit ||
      !protect(base, size, PROT_READ | PROT_WRITE)) {
    places->exhausted = true;
    return refuse(places);
  }

  struct pp_place_slot *slot = &places->slots[index];
  if (places->vacant != 0)
    places->vacant = slot->next_vacant;
  else
    places->slot_count++;
  slot->base = base;
  slot->size = size;
  slot->ordinal = places->ordinals++;
  places->last_ordinal = slot->ordinal;
  return (void *)base;
}

static void arena_free(void *ctx, void *base, size_t size) {
  struct pp_places *places = ctx;
  places->arena_releases++;
  uintptr_t distance = (uintptr_t)base - places->region;
  if (distance >= places->region_size) {
    places->misuse = "an arena is released that never was one";
    return;
  }
  uint32_t index = (uint32_t)(distance >> PP_PLACE_SHIFT);
  struct pp_place_slot *slot = &places->slots[index];
  if (slot->base == 0) {
    places->misuse = "an arena is released that is not out";
    return;
  }
  if (slot->base != (uintptr_t)base) {
    places->misuse = "an arena is released at an address inside it";
    return;
  }
  if (slot->size != size) {
    places->misuse = "an arena is released with another size than asked for";
    return;
  }
  if (!protect(slot->base, slot->size, PROT_NONE)) places->exhausted = true;
  places->last_ordinal = slot->ordinal;
  slot->base = 0;
  slot->size = 0;
  slot->next_vacant = places->vacant;
  places->vacant = index + 1;
}

/* True when a system request is to be refused. */
static bool system_refuses(struct pp_places *places) {
  places->system_requests++;
  if (places->system_fail == 0) return false;
  places->system_fail--;
  errno = ENOMEM;
  return true;
}

static void *system_malloc(void *ctx, size_t size) {
  return system_refuses(ctx) ? NULL : malloc(size);
}

static void *system_calloc(void *ctx, size_t count, size_t size) {
  return system_refuses(ctx) ? NULL : calloc(count, size);
}

static void *system_realloc(void *ctx, void *block, size_t size) {
  return system_refuses(ctx) ? NULL : realloc(block, size);
}

static void system_free(void *ctx, void *block) {
  struct pp_places *places = ctx;
  if (block != NULL) places->system_frees++;
  free(block);
}

bool pp_places_open(struct pp_places *places) {
  memset(places, 0, sizeof *places);
  size_t size = REGION_LARGEST;
  while ((places->region = reserve_aligned(size)) == 0) {
    if (size == REGION_SMALLEST) return false;
    size /= 2;
  }
  places->region_size = size;
  places->slot_limit = (uint32_t)(size >> PP_PLACE_SHIFT);
  void *slots =
      mmap(NULL, places->slot_limit * sizeof *places->slots,
           PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (slots == MAP_FAILED) {
    munmap((void *)places->region, size);
    return false;
  }
  places->slots = slots;
  places->arenas = (struct pp_arena_source){
      .ctx = places, .alloc = arena_alloc, .free = arena_free};
  places->system = (struct pp_system_source){.ctx = places,
                                             .malloc = system_malloc,
                                             .calloc = system_calloc,
                                             .realloc = system_realloc,
                                             .free = system_free};
  return true;
}

void pp_places_close(struct pp_places *places) {
  munmap(places->slots, places->slot_limit * sizeof *places->slots);
  munmap((void *)places->region, places->region_size);
  memset(places, 0, sizeof *places);
}

void pp_places_again(struct pp_places *places) {
  uintptr_t region = places->region;
  size_t region_size = places->region_size;
  struct pp_place_slot *slots = places->slots;
  uint32_t slot_limit = places->slot_limit;
  *places = (struct pp_places){.arenas = places->arenas,
                               .system = places->system,
                               .region = region,
                               .region_size = region_size,
                               .slots = slots,
                               .slot_limit = slot_limit};
}

const struct pp_place_slot *pp_places_arena(const struct pp_places *places,
                                            uint32_t ordinal) {
  for (uint32_t i = 0; i < places->slot_count; i++) {
    const struct pp_place_slot *slot = &places->slots[i];
    if (slot->base != 0 && slot->ordinal == ordinal) return slot;
  }
  return NULL;
}

void pp_places_begin(struct pp_places *places) {
  for (uint32_t i = 0; i < places->slot_count; i++)
    places->slots[i].ordinal = PP_PLACE_BEFORE;
  uint32_t round = places->slot_limit / 16;
  places->slot_count = (places->slot_count + round - 1) / round * round;
  places->vacant = 0;
  places->ordinals = 0;
  places->last_ordinal = 0;
  places->arena_fail = 0;
  places->system_fail = 0;
  places->arena_requests = 0;
  places->arena_refusals = 0;
  places->arena_releases = 0;
  places->system_requests = 0;
  places->system_frees = 0;
}

bool pp_places_empty(const struct pp_places *places) {
  for (uint32_t i = 0; i < places->slot_count; i++) {
    if (places->slots[i].base != 0) return false;
  }
  return true;
}
