/* Claims on memory by several threads (SPEC.md, API-80). A region of the bits
 * covers one GiB of addresses; the first thread that needs it puts it there,
 * and one that comes a moment later gives its own back. A claim is taken
 * before anything is written into the block, and released before the block is
 * given up, so that what is claimed is always live. */
#include "check/claims.h"

#include <stddef.h>

#include "check/blocks.h"
#include "check/pages.h"

#define REGIONS ((size_t)1 << (PP_SHADOW_ADDRESS_BITS - PP_SHADOW_REGION_BITS))
#define REGION_MASK (((uint64_t)1 << PP_SHADOW_REGION_BITS) - 1)
#define REGION_BYTES ((size_t)1 << (PP_SHADOW_REGION_BITS - 3))
#define WORD_BITS 64

void pp_claims_open(struct pp_claims *claims) {
  claims->regions = pp_pages(REGIONS * sizeof *claims->regions);
}

/* Of words that nobody changes any more. */
static void *plain(pp_claims_word *words) {
  return (void *)(uintptr_t)words;
}

void pp_claims_close(struct pp_claims *claims) {
  for (size_t i = 0; i < REGIONS; i++)
    pp_pages_free(plain(atomic_load(&claims->regions[i])), REGION_BYTES);
  pp_pages_free((void *)(uintptr_t)claims->regions,
                REGIONS * sizeof *claims->regions);
}

static pp_claims_word *region_of(struct pp_claims *claims, uint64_t address) {
  size_t at = address >> PP_SHADOW_REGION_BITS;
  pp_claims_word *region = atomic_load(&claims->regions[at]);
  if (region != NULL) return region;
  pp_claims_word *fresh = pp_pages(REGION_BYTES);
  if (atomic_compare_exchange_strong(&claims->regions[at], &region, fresh))
    return fresh;
  pp_pages_free(plain(fresh), REGION_BYTES);
  return region;
}

/* The bits of the word at `at` that lie in [at, end). */
static uint64_t bits_of(uint64_t at, uint64_t end) {
  uint64_t bits = ~UINT64_C(0) << at % WORD_BITS;
  uint64_t word_end = (at | (WORD_BITS - 1)) + 1;
  if (end < word_end) bits &= ~UINT64_C(0) >> (word_end - end);
  return bits;
}

static pp_claims_word *word_of(struct pp_claims *claims, uint64_t at) {
  return &region_of(claims, at)[(at & REGION_MASK) / WORD_BITS];
}

bool pp_claims_claim(struct pp_claims *claims, const void *address,
                     uint64_t size) {
  uint64_t at = (uint64_t)(uintptr_t)address;
  uint64_t end = at + (size == 0 ? 1 : size);
  if (end < at) return false;
  if ((end - 1) >> PP_SHADOW_ADDRESS_BITS != 0) return false;
  for (; at < end; at = (at | (WORD_BITS - 1)) + 1) {
    uint64_t bits = bits_of(at, end);
    if ((atomic_fetch_or(word_of(claims, at), bits) & bits) != 0) return false;
  }
  return true;
}

void pp_claims_release(struct pp_claims *claims, const void *address,
                       uint64_t size) {
  uint64_t at = (uint64_t)(uintptr_t)address;
  uint64_t end = at + (size == 0 ? 1 : size);
  for (; at < end; at = (at | (WORD_BITS - 1)) + 1)
    atomic_fetch_and(word_of(claims, at), ~bits_of(at, end));
}
