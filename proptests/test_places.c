/* The memory that the driver puts under a heap (SPEC.md, ARENA-22, HEAP-12 and
 * HEAP-14): arenas where they are said to be, releases that are none, requests
 * that are refused, and memory that faults once it is given back. */
#include <criterion/criterion.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "check/places.h"

enum { SIZE = 1 << 18 };

static struct pp_places places;

static uint8_t *take(void) {
  return places.arenas.alloc(&places, SIZE);
}

static void give(void *base, size_t size) {
  places.arenas.free(&places, base, size);
}

/* Where an address lies, as ordinal and offset; false: in no arena. */
static bool lies(const uint8_t *address, uint32_t ordinal, uint32_t offset) {
  uint32_t is_ordinal, is_offset;
  if (!pp_places_find(&places, address, &is_ordinal, &is_offset)) return false;
  return is_ordinal == ordinal && is_offset == offset;
}

static bool lies_nowhere(const uint8_t *address) {
  uint32_t ordinal, offset;
  return !pp_places_find(&places, address, &ordinal, &offset);
}

static void open_places(void) {
  cr_assert(pp_places_open(&places));
}

static void close_places(void) {
  pp_places_close(&places);
  cr_assert_eq(places.region, 0);
}

TestSuite(HEAP_12, .init = open_places, .fini = close_places);
TestSuite(ARENA_22, .init = open_places, .fini = close_places);

Test(HEAP_12, place_is_an_ordinal_and_an_offset) {
  cr_assert(pp_places_empty(&places));
  uint8_t *first = take();
  places.skew = 4096;
  uint8_t *second = take();
  cr_assert_eq((uintptr_t)first % PP_PLACE_STRIDE, 0);
  cr_assert_eq((uintptr_t)second % PP_PLACE_STRIDE, 4096);
  memset(first, 1, SIZE);
  memset(second, 2, SIZE);
  cr_assert_not(pp_places_empty(&places));
  cr_assert(lies(first, 0, 0));
  cr_assert(lies(first + SIZE - 1, 0, SIZE - 1));
  cr_assert(lies(second + 5, 1, 5));
  cr_assert(lies_nowhere(first + SIZE));
  cr_assert(lies_nowhere(second - 1));
  cr_assert(lies_nowhere((uint8_t *)places.region - 1));
  cr_assert(lies_nowhere((uint8_t *)places.region + places.region_size));
  cr_assert_eq(places.arena_requests, 2);
  cr_assert_eq(places.last_ordinal, 1);
  cr_assert_eq(pp_places_arena(&places, 1)->base, (uintptr_t)second);
  cr_assert_null(pp_places_arena(&places, 2));
  give(first, SIZE);
  cr_assert_eq(places.last_ordinal, 0);
  cr_assert(lies_nowhere(first));
  cr_assert_null(pp_places_arena(&places, 0));
  give(second, SIZE);
  cr_assert_eq(places.arena_releases, 2);
  cr_assert(pp_places_empty(&places));
  cr_assert_null(places.misuse);
  cr_assert_not(places.exhausted);
}

Test(HEAP_12, slot_given_back_last_is_used_first_with_what_was_in_it) {
  uint8_t *arenas[3];
  for (int i = 0; i < 3; i++) {
    arenas[i] = take();
    cr_assert_eq(arenas[i], arenas[0] + (size_t)i * PP_PLACE_STRIDE);
  }
  arenas[0][7] = 42;
  give(arenas[2], SIZE);
  give(arenas[0], SIZE);
  uint8_t *again = take();
  cr_assert_eq(again, arenas[0]);
  cr_assert_eq(again[7], 42);
  cr_assert(lies(again, 3, 0));
  cr_assert_eq(take(), arenas[2]);
  cr_assert_eq(take(), arenas[2] + PP_PLACE_STRIDE);
  cr_assert_eq(places.slot_count, 4);
}

Test(HEAP_12, request_that_cannot_be_met_is_refused) {
  cr_assert_null(places.arenas.alloc(&places, 0));
  cr_assert_null(places.arenas.alloc(&places, PP_PLACE_STRIDE + 1));
  cr_assert_eq(places.arena_refusals, 2);
  places.skew = 16;
  cr_assert_null(places.arenas.alloc(&places, PP_PLACE_STRIDE - 15));
  uint8_t *largest = places.arenas.alloc(&places, PP_PLACE_STRIDE - 16);
  cr_assert_not_null(largest);
  largest[PP_PLACE_STRIDE - 17] = 1;
  places.arena_fail = 2;
  cr_assert_null(take());
  cr_assert_null(take());
  cr_assert_not_null(take());
  cr_assert_eq(places.arena_refusals, 5);
  cr_assert_eq(places.arena_requests, 7);
  cr_assert_eq(places.arena_fail, 0);
  cr_assert_not(places.exhausted);
}

Test(HEAP_12, region_that_is_used_up_is_told) {
  places.slot_limit = 2;
  cr_assert_not_null(take());
  cr_assert_not_null(take());
  cr_assert_not(places.exhausted);
  cr_assert_null(take());
  cr_assert(places.exhausted);
  cr_assert_eq(places.arena_refusals, 1);
  places.slot_limit = (uint32_t)(places.region_size >> PP_PLACE_SHIFT);
}

Test(HEAP_12, trace_begins_with_nothing_counted) {
  uint8_t *before = take();
  uint8_t *gone = take();
  give(gone, SIZE);
  places.arena_fail = 1;
  cr_assert_null(take());
  places.arena_fail = places.system_fail = 3;
  places.system.free(&places, places.system.malloc(&places, 1));
  pp_places_begin(&places);
  cr_assert(lies_nowhere(before));
  uint64_t sum = places.arena_fail + places.system_fail +
                 places.arena_requests + places.arena_refusals +
                 places.arena_releases + places.system_requests +
                 places.system_frees + places.last_ordinal + places.vacant;
  cr_assert_eq(sum, 0);
  uint8_t *first = take();
  cr_assert(lies(first, 0, 0));
  /* On a round number, however many there were before. */
  size_t round = places.slot_limit / 16;
  cr_assert_eq((uintptr_t)first - places.region, round * PP_PLACE_STRIDE);
  give(before, SIZE);
  cr_assert_null(places.misuse);
}

Test(HEAP_12, trace_may_begin_with_no_arena_before) {
  pp_places_begin(&places);
  cr_assert_eq(take(), (uint8_t *)places.region);
  uint32_t round = places.slot_limit / 16;
  places.slot_count = round; /* a round number is not left for the next */
  pp_places_begin(&places);
  cr_assert_eq(places.slot_count, round);
  places.slot_count = round + 1;
  pp_places_begin(&places);
  cr_assert_eq(places.slot_count, 2 * round);
  memset(places.slots, 0, sizeof *places.slots);
}

Test(HEAP_12, system_requests_are_counted_and_refused) {
  void *block = places.system.malloc(&places, 10);
  block = places.system.realloc(&places, block, 20);
  uint8_t *zeroed = places.system.calloc(&places, 3, 5);
  for (int i = 0; i < 15; i++)
    cr_assert_eq(zeroed[i], 0);
  cr_assert_eq(places.system_requests, 3);
  places.system.free(&places, zeroed);
  places.system.free(&places, NULL);
  cr_assert_eq(places.system_frees, 1);
  places.system_fail = 3;
  errno = 0;
  cr_assert_null(places.system.malloc(&places, 1));
  cr_assert_eq(errno, ENOMEM);
  cr_assert_null(places.system.calloc(&places, 1, 1));
  cr_assert_null(places.system.realloc(&places, block, 30));
  cr_assert_eq(places.system_requests, 6);
  cr_assert_eq(places.system_fail, 0);
  places.system.free(&places, block);
}

/* ---- releases that are none ---- */

static void see_misuse(const char *text) {
  cr_assert_not_null(places.misuse);
  cr_assert_str_eq(places.misuse, text);
  places.misuse = NULL;
}

Test(ARENA_22, release_of_what_is_no_arena_is_told) {
  uint8_t *arena = take();
  uint8_t *other = take();
  give((uint8_t *)places.region + places.region_size, SIZE);
  see_misuse("an arena is released that never was one");
  give((uint8_t *)places.region - 1, SIZE);
  see_misuse("an arena is released that never was one");
  give(other + PP_PLACE_STRIDE, SIZE);
  see_misuse("an arena is released that is not out");
  give(arena + 4096, SIZE);
  see_misuse("an arena is released at an address inside it");
  give(arena, SIZE / 2);
  see_misuse("an arena is released with another size than asked for");
  arena[0] = 1;
  cr_assert(lies(arena, 0, 0));
  give(arena, SIZE);
  cr_assert_null(places.misuse);
  give(arena, SIZE);
  see_misuse("an arena is released that is not out");
  cr_assert_eq(places.arena_releases, 7);
}

static sigjmp_buf escape;

static void on_fault(int signal) {
  (void)signal;
  siglongjmp(escape, 1);
}

/* Whether the byte can be written. */
static bool writable(uint8_t *address) {
  struct sigaction action = {.sa_handler = on_fault}, former;
  sigaction(SIGSEGV, &action, &former);
  bool can = false;
  if (sigsetjmp(escape, 1) == 0) {
    *(volatile uint8_t *)address = 1;
    can = true;
  }
  sigaction(SIGSEGV, &former, NULL);
  return can;
}

Test(ARENA_22, arena_that_was_released_faults) {
  places.skew = 16;
  uint8_t *arena = take();
  cr_assert(writable(arena));
  cr_assert(writable(arena + SIZE - 1));
  cr_assert_not(writable(arena + SIZE + 4096));
  give(arena, SIZE);
  cr_assert_not(writable(arena));
  cr_assert_not(writable(arena + SIZE - 1));
}
