/* The memory that the engine takes for itself: no byte more than it uses, given
 * back at the end, and in large pages where the heap is large. The kernel tells
 * it, in /proc. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/blocks.h"
#include "check/pages.h"
#include "check/places.h"
#include "check/twin.h"

#define GIB ((uintptr_t)1 << 30)
#define TABLE ((size_t)1024 * sizeof(struct pp_block))
#define REGIONS ((size_t)(1 << 17) * sizeof(uint64_t *))

/* Bytes of the address space that are taken. Nothing is, to find it out. */
static size_t taken(void) {
  char text[64] = "";
  int file = open("/proc/self/statm", O_RDONLY);
  cr_assert_gt(read(file, text, sizeof text - 1), 0);
  close(file);
  return strtoull(text, NULL, 10) * pp_pages_guard();
}

/* Large pages are wished for at this address. */
static bool is_large(const void *address) {
  char line[512];
  bool here = false, large = false;
  FILE *file = fopen("/proc/self/smaps", "r");
  cr_assert_not_null(file);
  while (fgets(line, sizeof line, file) != NULL) {
    uintptr_t first, end;
    if (sscanf(line, "%lx-%lx ", &first, &end) == 2)
      here = (uintptr_t)address >= first && (uintptr_t)address < end;
    if (here && strncmp(line, "VmFlags:", 8) == 0)
      large = strstr(line, " hg") != NULL;
  }
  fclose(file);
  return large;
}

/* Whether this kernel takes note of such wishes. */
static bool knows_large(void) {
  size_t size = (size_t)1 << 22;
  void *pages = pp_pages(size);
  madvise(pages, size, MADV_HUGEPAGE);
  bool knows = is_large(pages);
  pp_pages_free(pages, size);
  return knows;
}

static void see_large(const void *begin, size_t size) {
  bool large = knows_large();
  const char *first = begin;
  cr_assert_eq(is_large(first), large);
  cr_assert_eq(is_large(first + size - 1), large);
  cr_assert_not(is_large(first + size)); /* its guard */
}

static size_t with_guards(size_t size) {
  return pp_pages_inside(size) + 2 * pp_pages_guard();
}

/* ---- the table of live blocks ---- */

Test(pages, table_doubles_when_half_of_it_is_live) {
  size_t before = taken();
  struct pp_blocks blocks;
  size_t entries = 1024;
  pp_blocks_open(&blocks);
  cr_assert_eq(taken(), before + with_guards(TABLE));
  cr_assert_eq(blocks.mask, 1023);
  cr_assert_eq(blocks.count, 0);
  cr_assert_not(is_large(blocks.table));
  for (uint64_t id = 0; id < 3000; id++) {
    struct pp_block block = {.id = id, .address = (uint8_t *)&blocks};
    if (id == 512 || id == 1024 || id == 2048) entries *= 2;
    pp_blocks_add(&blocks, &block);
    cr_assert_eq(blocks.mask, entries - 1, "%lu", (unsigned long)id);
  }
  cr_assert_eq(taken(), before + with_guards(8 * TABLE));
  see_large(blocks.table, 8 * TABLE);
  pp_blocks_close(&blocks);
  cr_assert_eq(taken(), before);
  cr_assert_null(blocks.table);
}

/* ---- claims ---- */

static const void *in_region(size_t region) {
  return (const void *)(region * GIB + 4096);
}

Test(pages, claims_take_a_region_for_each_gibibyte) {
  static const size_t all[] = {5, 0, 131071, 77};
  const size_t region = (size_t)1 << 27;
  size_t before = taken();
  struct pp_shadow shadow;
  memset(&shadow, 1, sizeof shadow);
  pp_shadow_open(&shadow);
  cr_assert_not(shadow.many);
  cr_assert_eq(taken(), before + with_guards(REGIONS));
  for (size_t i = 0; i < 4; i++) {
    if (i == 2) pp_shadow_expect_many(&shadow);
    cr_assert_not(pp_shadow_claimed(&shadow, in_region(all[i])));
    cr_assert(pp_shadow_claim(&shadow, in_region(all[i]), 100));
    cr_assert_eq(taken(),
                 before + with_guards(REGIONS) + (i + 1) * with_guards(region));
    if (i < 2) cr_assert_not(is_large(shadow.regions[all[i]]));
  }
  cr_assert(shadow.many);
  for (size_t i = 0; i < 4; i++)
    see_large(shadow.regions[all[i]], region);
  cr_assert_not(is_large(shadow.regions));
  pp_shadow_close(&shadow);
  cr_assert_eq(taken(), before);
}

Test(pages, large_pages_are_asked_for_once) {
  struct pp_shadow shadow;
  pp_shadow_open(&shadow);
  cr_assert(pp_shadow_claim(&shadow, in_region(0), 100));
  cr_assert(pp_shadow_claim(&shadow, in_region(131071), 100));
  pp_shadow_expect_many(&shadow);
  cr_assert(shadow.many);
  see_large(shadow.regions[0], (size_t)1 << 27);
  see_large(shadow.regions[131071], (size_t)1 << 27);
  madvise(shadow.regions[0], (size_t)1 << 27, MADV_NOHUGEPAGE);
  pp_shadow_expect_many(&shadow);
  cr_assert_not(is_large(shadow.regions[0]));
  pp_shadow_close(&shadow);
}

/* ---- places and twins ---- */

Test(pages, places_take_a_region_and_their_slots) {
  size_t before = taken();
  struct pp_places places;
  memset(&places, 1, sizeof places);
  cr_assert(pp_places_open(&places));
  size_t slots = places.slot_limit * sizeof *places.slots;
  cr_assert_eq(places.region_size, (size_t)1 << 36);
  cr_assert_eq(places.region % places.region_size, 0);
  cr_assert_eq(places.slot_limit, places.region_size / PP_PLACE_STRIDE);
  cr_assert_eq(taken(), before + places.region_size + pp_pages_inside(slots));
  cr_assert_eq(places.slot_count, 0);
  cr_assert_not(places.exhausted);
  cr_assert_null(places.misuse);
  memset(places.slots, 0, slots); /* all of them are there */
  pp_places_close(&places);
  cr_assert_eq(taken(), before);
  cr_assert_null(places.slots);
  cr_assert_eq(places.region, 0);
}

/* With so much address space left, beside what is taken. */
static bool open_within(struct pp_places *places, size_t left) {
  struct rlimit former, low;
  cr_assert_eq(getrlimit(RLIMIT_AS, &former), 0);
  low = (struct rlimit){taken() + left, former.rlim_max};
  setrlimit(RLIMIT_AS, &low);
  bool opened = pp_places_open(places);
  setrlimit(RLIMIT_AS, &former);
  return opened;
}

Test(pages, region_is_as_large_as_there_is_room_for) {
  static const unsigned bits[] = {36, 35, 32, 31, 30};
  struct pp_places places;
  size_t before = taken();
  for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
    size_t size = (size_t)1 << bits[i];
    cr_assert(open_within(&places, 2 * size));
    cr_assert_eq(places.region_size, size, "%u", bits[i]);
    cr_assert_eq(places.region % size, 0);
    cr_assert_eq(places.slot_limit, size / PP_PLACE_STRIDE);
    cr_assert_not_null(places.arenas.alloc(&places, 4096));
    pp_places_close(&places);
    cr_assert_eq(taken(), before);
  }
  cr_assert_not(open_within(&places, ((size_t)1 << 31) - pp_pages_guard()));
  cr_assert_eq(taken(), before);
}

Test(pages, arena_is_of_one_process) {
  struct pp_places places;
  cr_assert(pp_places_open(&places));
  uint8_t *arena = places.arenas.alloc(&places, 4096);
  pid_t child = fork();
  if (child == 0) {
    *arena = 1;
    _exit(0);
  }
  cr_assert_eq(waitpid(child, NULL, 0), child);
  cr_assert_eq(*arena, 0);
  pp_places_close(&places);
}

static void broken(struct pp_witness *witness, enum pp_clause clause,
                   const char *where) {
  (void)witness;
  cr_assert(false, "%s at %s", pp_clause_texts[clause].id, where);
}

Test(pages, twin_gives_back_what_it_took) {
  static struct pp_twin twin;
  const struct pp_profile *profile = pp_profile_find("tiny");
  size_t before = 0;
  for (int i = 0; i < 3; i++) { /* the C library keeps what it took first */
    cr_assert(pp_twin_open(&twin, &pp_reference_none, profile, 2, broken));
    cr_assert(pp_twin_close(&twin));
    if (i == 0) before = taken();
  }
  cr_assert_eq(taken(), before);
}
