/* Lock-step (SPEC.md, HEAP-12 to HEAP-14, and what API says of this family
 * alone): the reference is judged beside the reference, and one of them is
 * meddled with, or what it says is. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "check/builds.h"
#include "proptests/pair.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- where blocks are put ---- */

Test(HEAP_12, block_in_another_place_is_told) {
  static _Alignas(64) uint8_t elsewhere[640];
  pp_pair_begin("3.9", 0);
  cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 100, 0));
  cr_assert_eq(pp_pair_evaluated(PP_HEAP_12), 1);
  pp_pair.lie.told = true;
  pp_pair.lie.address = NULL;
  cr_assert_not(pp_pair_step(PP_OP_MALLOC, 2, 100, 0));
  cr_assert_eq(pp_pair_evaluated(PP_HEAP_12), 1);
  pp_pair_broke(PP_HEAP_12, "placed at null; the reference: arena 0 + 0xa0");
  pp_pair.lie.told = true;
  pp_pair.lie.address = (uint8_t *)pp_pair_block(1).address + 0x1000;
  cr_assert_not(pp_pair_step(PP_OP_MALLOC, 3, 600, 0));
  pp_pair_broke(
      PP_HEAP_12,
      "placed at arena 0 + 0x1030; the reference: a block from the system");
  pp_pair.lie.told = true;
  pp_pair.lie.address = elsewhere;
  cr_assert_not(pp_pair_step(PP_OP_MALLOC, 3, 100, 0));
  pp_pair_broke(
      PP_HEAP_12,
      "placed at a block from the system; the reference: arena 0 + 0x110");
  pp_pair.lie.told = true;
  pp_pair.lie.address = elsewhere; /* from the system, both of them */
  cr_assert(pp_pair_step(PP_OP_MALLOC, 3, 600, 0));
  pp_pair.lie.told = true;
  pp_pair.lie.address = NULL;
  cr_assert_not(pp_pair_step(PP_OP_MALLOC, 4, 600, 0));
  pp_pair_broke(PP_HEAP_12,
                "placed at null; the reference: a block from the system");
}

Test(HEAP_12, block_in_another_arena_is_told) {
  pp_pair_begin("3.9", 0);
  cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 100, 0));
  pp_pair.places.slots[0].ordinal = 7;
  cr_assert_not(pp_pair_step(PP_OP_MALLOC, 2, 100, 0));
  pp_pair_broke(PP_HEAP_12,
                "placed at arena 7 + 0xa0; the reference: arena 0 + 0xa0");
}

static const struct {
  enum pp_clause clause;
  uint64_t *total;
  const char *name;
} totals[] = {
    {PP_HEAP_13, &pp_pair.places.arena_requests, "arenas requested"},
    {PP_HEAP_13, &pp_pair.places.arena_releases, "arenas released"},
    {PP_HEAP_14, &pp_pair.places.system_requests, "system requests"},
    {PP_HEAP_14, &pp_pair.places.system_frees, "system blocks freed"},
};

Test(HEAP_13, source_that_is_asked_more_often_is_told) {
  pp_pair_begin("3.9", 0);
  cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 100, 0));
  for (size_t i = 0; i < COUNT(totals); i++) {
    pp_pair_evaluated(PP_HEAP_13);
    pp_pair_evaluated(PP_HEAP_14);
    pp_pair_evaluated(PP_ARENA_22);
    cr_assert(pp_pair_step(PP_OP_FREE, 9, 0, 0));
    cr_assert_eq(pp_pair_evaluated(PP_HEAP_13), 1);
    cr_assert_eq(pp_pair_evaluated(PP_HEAP_14), 1);
    cr_assert_eq(pp_pair_evaluated(PP_ARENA_22), 1);
    uint64_t by_twin = *totals[i].total;
    *totals[i].total += 3;
    cr_assert_not(
        pp_pair_step(i % 2 == 0 ? PP_OP_MALLOC : PP_OP_FREE, 9, 100, 0));
    pp_pair_broke(totals[i].clause,
                  "%" PRIu64 " %s so far; by the reference %" PRIu64,
                  by_twin + 3, totals[i].name, by_twin);
    *totals[i].total -= 3;
  }
  pp_pair.places.last_ordinal = 5;
  cr_assert_not(pp_pair_step(PP_OP_FREE, 1, 0, 0));
  pp_pair_broke(PP_HEAP_13,
                "arena 5 was the last to come or go; the reference's was "
                "0");
  pp_pair.places.last_ordinal = 0;
  pp_pair.places.misuse = "it is misused";
  pp_pair.places.arena_requests++;
  cr_assert_not(pp_pair_step(PP_OP_FREE, 1, 0, 0));
  pp_pair_broke(PP_ARENA_22, "it is misused");
  pp_pair.places.arena_requests--;
  cr_assert_not(pp_pair_step(PP_OP_FREE, 1, 0, 0));
  pp_pair_broke(PP_ARENA_22, "it is misused");
}

/* ---- what is done to both ---- */

Test(OPS_13, sources_of_both_are_set) {
  static const char *const profiles[] = {"3.9", "3.13", "tiny", "small"};
  for (size_t i = 0; i < COUNT(profiles); i++) {
    pp_pair_begin(profiles[i], 0);
    bool scaled = i >= 2;
    cr_assert(pp_pair_step(PP_OP_ARENA_SKEW, 0, 8192, 0));
    cr_assert_eq(pp_pair.places.skew, scaled ? 64 : 8192);
    cr_assert_eq(pp_pair.twin.places.skew, pp_pair.places.skew);
    cr_assert(pp_pair_step(PP_OP_ARENA_FAIL, 0, 5, 0));
    cr_assert(pp_pair_step(PP_OP_SYSTEM_FAIL, 0, 6, 0));
    cr_assert_eq(pp_pair.places.arena_fail, 5);
    cr_assert_eq(pp_pair.twin.places.arena_fail, 5);
    cr_assert_eq(pp_pair.places.system_fail, 6);
    cr_assert_eq(pp_pair.twin.places.system_fail, 6);
    cr_assert_eq(pp_pair.report.operations, 0);
    cr_assert_eq(pp_pair.report.skipped, 0);
    cr_assert_eq(pp_pair.report.step, 3);
  }
}

Test(OPS_18, block_goes_back_to_the_family_that_it_came_from) {
  static const enum pp_op_kind ends[] = {PP_OP_FREE, PP_OP_REALLOC};
  pp_pair_begin("3.9", 0);
  for (size_t i = 0; i < COUNT(ends); i++) {
    cr_assert(pp_pair_step(PP_OP_DOMAIN, 0, PP_DOMAIN_RAW, 0));
    cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 100, 0));
    cr_assert_eq(pp_pair_block(1).domain, PP_DOMAIN_RAW);
    uint64_t freed = pp_pair.places.system_frees,
             requests = pp_pair.places.system_requests;
    cr_assert(pp_pair_step(PP_OP_DOMAIN, 0, PP_DOMAIN_MEM, 0));
    cr_assert(pp_pair_step(ends[i], 1, 200, 0));
    cr_assert_eq(pp_pair.places.system_frees, freed + (i == 0));
    cr_assert_eq(pp_pair.places.system_requests, requests + (i == 1));
    cr_assert_eq(pp_pair.driver.domain, PP_DOMAIN_MEM);
    cr_assert_eq(pp_pair.driver.calls, &pp_pair.subject.calls[PP_DOMAIN_MEM]);
    cr_assert_eq(pp_pair.driver.twin_calls, &pp_pair.twin.calls[PP_DOMAIN_MEM]);
  }
  cr_assert_eq(pp_pair_block(1).domain, PP_DOMAIN_RAW);
  cr_assert(pp_pair_step(PP_OP_MALLOC, 2, 100, 0));
  cr_assert_eq(pp_pair_block(2).domain, PP_DOMAIN_MEM);
}

/* ---- what is true of this family alone ---- */

Test(BLOCK_01, alignment_is_that_of_the_profile) {
  static bool declared[PP_CLAUSE_COUNT] = {[PP_HEAP_12] = true};
  static _Alignas(64) uint8_t bytes[256];
  pp_pair_begin("3.9", 0);
  pp_pair.driver.options.declared = declared;
  pp_pair.lie.told = true;
  pp_pair.lie.address = bytes + 8;
  cr_assert_not(pp_pair_step(PP_OP_MALLOC, 1, 4, 0));
  pp_pair_broke(PP_BLOCK_01, "block at %p is not a multiple of 16",
                (void *)(bytes + 8));
  cr_assert_eq(pp_pair.report.deviated[PP_HEAP_12], 1);
  cr_assert_eq(pp_pair_evaluated(PP_API_05), 0);
  pp_pair_begin("3.7.3", 0);
  pp_pair.driver.options.declared = declared;
  pp_pair.lie.told = true;
  pp_pair.lie.address = bytes + 8;
  cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 40, 0));
  cr_assert_eq(pp_pair_evaluated(PP_BLOCK_01), 1);
  cr_assert_eq(pp_pair_evaluated(PP_API_04), 1);
  pp_pair.lie.told = true;
  pp_pair.lie.address = bytes + 68;
  cr_assert_not(pp_pair_step(PP_OP_MALLOC, 2, 40, 0));
  pp_pair_broke(PP_BLOCK_01, "block at %p is not a multiple of 8",
                (void *)(bytes + 68));
}

Test(BLOCK_04, dead_block_keeps_all_but_its_link) {
  for (size_t byte = 7; byte <= 40; byte++) {
    pp_pair_begin("3.9", 0);
    for (uint64_t i = 1; i < 16; i++) {
      pp_pair.lie.wiped = byte;
      cr_assert(
          pp_pair_step(PP_OP_MALLOC, 1, 40, 0)); /* of 16 one is looked at */
      cr_assert(pp_pair_step(PP_OP_FREE, 1, 0, 0));
    }
    cr_assert_eq(pp_pair_evaluated(PP_BLOCK_04), 0);
    pp_pair.lie.wiped = 0;
    cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 40, 0));
    pp_pair.lie.wiped = byte < 8 ? 0 : byte;
    bool kept = byte < 8 || byte >= 40;
    cr_assert_eq(pp_pair_step(PP_OP_FREE, 1, 0, 0), kept);
    cr_assert_eq(pp_pair_evaluated(PP_BLOCK_04), 1);
    if (!kept)
      pp_pair_broke(PP_BLOCK_04, "freeing block 1 changed its byte %zu", byte);
    pp_pair.lie.wiped = 0;
  }
}

Test(API_14, a_request_for_nothing_that_is_null_is_refused) {
  pp_pair_begin("3.9", 0);
  cr_assert(pp_pair_step(PP_OP_MALLOC, 1, 600, 0));
  cr_assert(pp_pair_step(PP_OP_SYSTEM_FAIL, 0, 9, 0));
  cr_assert(pp_pair_step(PP_OP_ARENA_FAIL, 0, 9, 0));
  cr_assert(pp_pair_step(PP_OP_REALLOC, 1, 0, 0));
  cr_assert(pp_pair_step(PP_OP_MALLOC, 2, 0, 0));
  cr_assert(pp_pair_step(PP_OP_REALLOC, 3, 0, 0));
  cr_assert_eq(pp_pair_block(1).size, 600);
  cr_assert_eq(pp_pair_evaluated(PP_API_13), 1);
  cr_assert_eq(pp_pair_evaluated(PP_API_14), 0);
  cr_assert_eq(pp_pair_evaluated(PP_API_06), 0);
  cr_assert_eq(pp_pair_evaluated(PP_API_11), 0);
  cr_assert_eq(pp_pair_evaluated(PP_API_33), 0);
  cr_assert_eq(pp_pair_evaluated(PP_API_34), 0);
}

/* ---- twins ---- */

Test(HEAP_12, twin_begins_with_as_many_full_arenas) {
  for (unsigned arenas = 0; arenas < 4; arenas++) {
    cr_assert(pp_twin_open(&pp_pair.twin, &pp_reference_none,
                           pp_profile_find("small"), arenas, pp_pair_broken));
    struct pp_counts counts;
    pp_pair.twin.reference->count(pp_pair.twin.heap, &counts);
    cr_assert_eq(counts.arenas, arenas);
    cr_assert_eq(pp_pair.twin.places.arena_requests, 0);
    cr_assert_eq(pp_pair.twin.places.arena_fail, 0);
    cr_assert_eq(counts.system_blocks, 0);
    void *block = pp_pair.twin.calls[PP_DOMAIN_OBJ].malloc(
        pp_pair.twin.calls[PP_DOMAIN_OBJ].ctx, 16);
    uint32_t ordinal, offset;
    cr_assert(pp_places_find(&pp_pair.twin.places, block, &ordinal, &offset));
    cr_assert_eq(ordinal, 0);
    cr_assert_eq(pp_pair.twin.places.arena_requests, 1);
    cr_assert(pp_twin_close(&pp_pair.twin));
  }
}

static void keep_all(struct pp_heap *heap) {
  (void)heap;
}

Test(HEAP_15, twin_that_keeps_an_arena_is_told) {
  struct pp_reference keeps = pp_reference_none;
  keeps.destroy = keep_all;
  cr_assert(pp_twin_open(&pp_pair.twin, &keeps, pp_profile_find("tiny"), 0,
                         pp_pair_broken));
  cr_assert_not_null(
      pp_pair.twin.calls[0].malloc(pp_pair.twin.calls[0].ctx, 16));
  cr_assert_not(pp_twin_close(&pp_pair.twin));
}

Test(HEAP_12, twin_has_the_build_of_each_level) {
  static const char *const names[] = {"none", "cheap", "object", "heap"};
  for (int level = 0; level < PP_LEVEL_COUNT; level++)
    cr_assert_str_eq(pp_reference_at((enum pp_level)level)->level,
                     names[level]);
}
