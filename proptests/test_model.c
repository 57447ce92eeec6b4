/* The driver's model against the plainest thing that does the same: the table
 * of live blocks against an array, claims against an array of flags (SPEC.md,
 * API and OPS). The pattern in blocks is in test_pattern.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "check/blocks.h"

/* ---- the table of live blocks ---- */

enum { IDS = 3000, FAR = 1 << 20 };

struct plain {
  bool live;
  uint64_t size;
};

static struct plain plain[IDS];

/* IDs side by side, and groups far apart that share their homes. */
static uint64_t id_of(size_t i) {
  return i % 3 == 0 ? i : (uint64_t)(i % 7) * FAR + i / 2 * 2;
}

static uint8_t *address_of(size_t i) {
  return (uint8_t *)(uintptr_t)(0x10000 + i * 4096);
}

static uint64_t charge(uint64_t size) {
  return size < 64 ? 64 : size;
}

static void see_alike(const struct pp_blocks *blocks, uint64_t peak,
                      uint64_t peak_charged) {
  size_t count = 0;
  uint64_t bytes = 0, charged = 0;
  for (size_t i = 0; i < IDS; i++) {
    const struct pp_block *block = pp_blocks_find(blocks, id_of(i));
    cr_assert_eq(block != NULL, plain[i].live, "id %zu", i);
    if (block == NULL) continue;
    cr_assert_eq(block->address, address_of(i));
    cr_assert_eq(block->size, plain[i].size);
    count++;
    bytes += plain[i].size;
    charged += charge(plain[i].size);
  }
  cr_assert_eq(blocks->count, count);
  cr_assert_eq(blocks->bytes, bytes);
  cr_assert_eq(blocks->charged, charged);
  cr_assert_eq(blocks->peak_bytes, peak);
  cr_assert_eq(blocks->peak_charged, peak_charged);
  cr_assert(blocks->count * 2 <= blocks->mask + 1);
}

/* Two different numbers may be the same ID. */
static bool is_first_of_its_id(size_t i) {
  for (size_t j = 0; j < i; j++) {
    if (id_of(j) == id_of(i)) return false;
  }
  return true;
}

static uint64_t draw(uint64_t *state) {
  uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  return mixed ^ mixed >> 27;
}

struct peaks {
  uint64_t bytes, charged;
};

static void follow(const struct pp_blocks *blocks, struct peaks *peaks) {
  if (blocks->bytes > peaks->bytes) peaks->bytes = blocks->bytes;
  if (blocks->charged > peaks->charged) peaks->charged = blocks->charged;
}

/* One of: a new block, another size, the end of a block. */
static void step(struct pp_blocks *blocks, size_t i, uint64_t random) {
  struct pp_block *block = pp_blocks_find(blocks, id_of(i));
  uint64_t size = random % 200;
  if (block == NULL) {
    struct pp_block fresh = {
        .id = id_of(i), .address = address_of(i), .size = size};
    block = pp_blocks_add(blocks, &fresh);
    cr_assert_eq(block, pp_blocks_find(blocks, id_of(i)));
    plain[i] = (struct plain){true, size};
  } else if (random >> 8 & 1) {
    pp_blocks_resize(blocks, block, size);
    plain[i].size = size;
  } else {
    pp_blocks_remove(blocks, block);
    plain[i].live = false;
  }
}

Test(OPS_03, an_id_stands_for_its_live_block_and_no_other) {
  static bool usable[IDS];
  for (size_t i = 0; i < IDS; i++)
    usable[i] = is_first_of_its_id(i);
  struct pp_blocks blocks;
  struct peaks peaks = {0};
  uint64_t state = 1;
  pp_blocks_open(&blocks);
  for (size_t n = 0; n < 60000; n++) {
    uint64_t random = draw(&state);
    size_t i = random % IDS;
    if (!usable[i]) continue;
    step(&blocks, i, random >> 20);
    follow(&blocks, &peaks);
    if (n % 5000 == 0) {
      for (size_t j = 0; j < IDS; j++)
        if (!usable[j]) plain[j] = (struct plain){0};
      for (size_t j = 0; j < IDS; j++) {
        const struct pp_block *block = pp_blocks_find(&blocks, id_of(j));
        if (usable[j]) cr_assert_eq(block != NULL, plain[j].live);
      }
    }
  }
  cr_assert_eq(blocks.peak_bytes, peaks.bytes);
  cr_assert_eq(blocks.peak_charged, peaks.charged);
  for (size_t i = 0; i < IDS; i++) {
    if (usable[i] && plain[i].live)
      pp_blocks_remove(&blocks, pp_blocks_find(&blocks, id_of(i)));
    plain[i] = (struct plain){0};
  }
  see_alike(&blocks, peaks.bytes, peaks.charged);
  pp_blocks_close(&blocks);
  cr_assert_null(blocks.table);
}

Test(OPS_03, peaks_are_of_any_moment) {
  struct pp_blocks blocks;
  pp_blocks_open(&blocks);
  struct pp_block one = {.id = 1, .address = address_of(1), .size = 63};
  struct pp_block *block = pp_blocks_add(&blocks, &one);
  cr_assert_eq(blocks.bytes, 63);
  cr_assert_eq(blocks.charged, 64);
  pp_blocks_resize(&blocks, block, 65);
  cr_assert_eq(blocks.charged, 65);
  pp_blocks_resize(&blocks, block, 0);
  cr_assert_eq(blocks.bytes, 0);
  cr_assert_eq(blocks.charged, 64);
  pp_blocks_remove(&blocks, block);
  cr_assert_eq(blocks.charged, 0);
  cr_assert_eq(blocks.peak_bytes, 65);
  cr_assert_eq(blocks.peak_charged, 65);
  pp_blocks_close(&blocks);
}

Test(API_01, overlap_is_of_a_byte_or_more) {
  struct pp_blocks blocks;
  uint8_t *at = address_of(10);
  pp_blocks_open(&blocks);
  struct pp_block some = {.id = 1, .address = at, .size = 16, .extent = 16};
  struct pp_block empty = {.id = 2, .address = at + 32, .size = 0};
  pp_blocks_add(&blocks, &some);
  pp_blocks_add(&blocks, &empty);
  const struct pp_block *known = pp_blocks_find(&blocks, 1);
  const struct pp_block *none = pp_blocks_find(&blocks, 2);
  cr_assert_eq(pp_blocks_overlap(&blocks, at, 1, NULL), known);
  cr_assert_eq(pp_blocks_overlap(&blocks, at + 15, 1, NULL), known);
  cr_assert_null(pp_blocks_overlap(&blocks, at + 16, 16, NULL));
  cr_assert_null(pp_blocks_overlap(&blocks, at - 8, 8, NULL));
  cr_assert_eq(pp_blocks_overlap(&blocks, at - 8, 9, NULL), known);
  cr_assert_eq(pp_blocks_overlap(&blocks, at + 15, 0, NULL), known);
  cr_assert_null(pp_blocks_overlap(&blocks, at + 16, 0, NULL));
  cr_assert_null(pp_blocks_overlap(&blocks, at, 16, known));
  cr_assert_eq(pp_blocks_overlap(&blocks, at + 32, 0, NULL), none);
  cr_assert_eq(pp_blocks_overlap(&blocks, at + 31, 2, NULL), none);
  cr_assert_null(pp_blocks_overlap(&blocks, at + 33, 1, NULL));
  cr_assert_null(pp_blocks_overlap(&blocks, at + 31, 0, NULL));
  cr_assert_null(pp_blocks_overlap(&blocks, at + 33, 0, NULL));
  pp_blocks_close(&blocks);
}

/* ---- claims ---- */

enum { SPAN = 700 };

static void see_claims(const struct pp_shadow *shadow, const uint8_t *base,
                       const bool *flags) {
  for (size_t i = 0; i < SPAN; i++)
    cr_assert_eq(pp_shadow_claimed(shadow, base + i), flags[i], "byte %zu", i);
}

/* Runs of all lengths at all offsets, across words and across this border. */
static void claim_around(const uint8_t *base, bool many) {
  static bool flags[SPAN];
  struct pp_shadow shadow;
  pp_shadow_open(&shadow);
  if (many) pp_shadow_expect_many(&shadow);
  memset(flags, 0, sizeof flags);
  see_claims(&shadow, base, flags);
  for (size_t from = 0; from < SPAN; from += 37) {
    for (size_t size = 1; from + size <= SPAN; size += size < 4 ? 1 : 61) {
      cr_assert(pp_shadow_claim(&shadow, base + from, size));
      memset(flags + from, true, size);
      see_claims(&shadow, base, flags);
      pp_shadow_release(&shadow, base + from, size);
      memset(flags + from, false, size);
      see_claims(&shadow, base, flags);
    }
  }
  pp_shadow_close(&shadow);
}

Test(API_01, claims_are_of_single_bytes) {
  const uintptr_t gib = (uintptr_t)1 << 30;
  claim_around((const uint8_t *)(5 * gib + 64), false);
  claim_around((const uint8_t *)(6 * gib - SPAN / 2), false);
  claim_around((const uint8_t *)(6 * gib - SPAN / 2), true);
  claim_around((const uint8_t *)(((uintptr_t)1 << 47) - SPAN), false);
}

Test(API_01, each_byte_of_a_claim_is_refused_to_others) {
  struct pp_shadow shadow;
  const uint8_t *base = (const uint8_t *)((uintptr_t)9 << 30) - 100;
  for (size_t i = 0; i < 200; i++) {
    pp_shadow_open(&shadow);
    cr_assert(pp_shadow_claim(&shadow, base + i, 1));
    cr_assert_not(pp_shadow_claim(&shadow, base, 200), "byte %zu", i);
    pp_shadow_close(&shadow);
  }
}

Test(API_01, whole_words_of_a_claim_are_refused_to_others) {
  struct pp_shadow shadow;
  const uint8_t *base = (const uint8_t *)(((uintptr_t)3 << 30) + 1);
  for (size_t i = 0; i < 400; i += 13) {
    pp_shadow_open(&shadow);
    cr_assert(pp_shadow_claim(&shadow, base + i, 3));
    cr_assert_not(pp_shadow_claim(&shadow, base, 400), "byte %zu", i);
    pp_shadow_close(&shadow);
  }
}

Test(API_01, release_leaves_the_claims_of_neighbours) {
  struct pp_shadow shadow;
  const uint8_t *base = (const uint8_t *)((uintptr_t)3 << 30);
  for (size_t size = 1; size < 300; size += 7) {
    pp_shadow_open(&shadow);
    cr_assert(pp_shadow_claim(&shadow, base, 10));
    cr_assert(pp_shadow_claim(&shadow, base + 10, size));
    cr_assert(pp_shadow_claim(&shadow, base + 10 + size, 5));
    pp_shadow_release(&shadow, base + 10, size);
    for (size_t i = 0; i < size + 15; i++) {
      bool kept = i < 10 || i >= 10 + size;
      cr_assert_eq(pp_shadow_claimed(&shadow, base + i), kept);
    }
    cr_assert(pp_shadow_claim(&shadow, base + 10, size));
    pp_shadow_close(&shadow);
  }
}

Test(API_01, claim_of_nothing_is_of_one_byte) {
  struct pp_shadow shadow;
  const uint8_t *base = (const uint8_t *)((uintptr_t)3 << 30);
  pp_shadow_open(&shadow);
  pp_shadow_expect_many(&shadow);
  pp_shadow_expect_many(&shadow);
  cr_assert(pp_shadow_claim(&shadow, base, 0));
  cr_assert(pp_shadow_claimed(&shadow, base));
  cr_assert_not(pp_shadow_claimed(&shadow, base + 1));
  cr_assert_not(pp_shadow_claim(&shadow, base, 0));
  pp_shadow_release(&shadow, base, 0);
  cr_assert_not(pp_shadow_claimed(&shadow, base));
  pp_shadow_close(&shadow);
}

Test(API_01, claims_end_where_addresses_do) {
  struct pp_shadow shadow;
  const uint8_t *last = (const uint8_t *)(((uintptr_t)1 << 47) - 1);
  pp_shadow_open(&shadow);
  cr_assert(pp_shadow_claim(&shadow, last, 1));
  pp_shadow_release(&shadow, last, 1);
  cr_assert_not(pp_shadow_claim(&shadow, last, 2));
  cr_assert_not(pp_shadow_claim(&shadow, last + 1, 1));
  cr_assert_not(pp_shadow_claimed(&shadow, last + 1));
  cr_assert_not(pp_shadow_claim(&shadow, (const uint8_t *)UINTPTR_MAX, 2));
  cr_assert_not(pp_shadow_claim(&shadow, last, UINT64_MAX));
  pp_shadow_close(&shadow);
}
