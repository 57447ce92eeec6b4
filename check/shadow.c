/* Claims on memory (SPEC.md, API-01): one bit for every byte that a live block
 * holds. A region of the shadow covers one GiB of addresses and is reserved
 * when the first block appears there; the kernel fills in what is touched. A
 * block of no bytes claims one, so that two of them are seen to be distinct. */
#include "check/blocks.h"
#include "check/pages.h"

#define REGIONS ((size_t)1 << (PP_SHADOW_ADDRESS_BITS - PP_SHADOW_REGION_BITS))
#define REGION_MASK (((uint64_t)1 << PP_SHADOW_REGION_BITS) - 1)
#define REGION_BYTES ((size_t)1 << (PP_SHADOW_REGION_BITS - 3))
#define WORD_BITS 64

void pp_shadow_open(struct pp_shadow *shadow) {
  shadow->regions = pp_pages(REGIONS * sizeof *shadow->regions);
}

void pp_shadow_close(struct pp_shadow *shadow) {
  for (size_t i = 0; i < REGIONS; i++) {
    pp_pages_free(shadow->regions[i], REGION_BYTES);
  }
  pp_pages_free(shadow->regions, REGIONS * sizeof *shadow->regions);
}

static uint64_t *region_of(struct pp_shadow *shadow, uint64_t address) {
  uint64_t **region = &shadow->regions[address >> PP_SHADOW_REGION_BITS];
  if (*region == NULL) *region = pp_pages(REGION_BYTES);
  return *region;
}

/* The bits [from, to) of a word, to > from. */
static uint64_t bits(unsigned from, unsigned to) {
  return (~UINT64_C(0) << from) & (~UINT64_C(0) >> (WORD_BITS - to));
}

/* One run inside one region; answers the bits that were set before, any. */
static uint64_t claim_run(uint64_t *words, uint64_t from, uint64_t to) {
  uint64_t first = from / WORD_BITS;
  uint64_t last = (to - 1) / WORD_BITS;
  unsigned head = (unsigned)(from % WORD_BITS);
  unsigned tail = (unsigned)((to - 1) % WORD_BITS) + 1;
  if (first == last) {
    uint64_t mask = bits(head, tail);
    uint64_t seen = words[first] & mask;
    words[first] |= mask;
    return seen;
  }
  uint64_t seen = words[first] & bits(head, WORD_BITS);
  words[first] |= bits(head, WORD_BITS);
  for (uint64_t i = first + 1; i < last; i++) {
    seen |= words[i];
    words[i] = ~UINT64_C(0);
  }
  seen |= words[last] & bits(0, tail);
  words[last] |= bits(0, tail);
  return seen;
}

static void release_run(uint64_t *words, uint64_t from, uint64_t to) {
  uint64_t first = from / WORD_BITS;
  uint64_t last = (to - 1) / WORD_BITS;
  unsigned head = (unsigned)(from % WORD_BITS);
  unsigned tail = (unsigned)((to - 1) % WORD_BITS) + 1;
  if (first == last) {
    words[first] &= ~bits(head, tail);
    return;
  }
  words[first] &= ~bits(head, WORD_BITS);
  for (uint64_t i = first + 1; i < last; i++) words[i] = 0;
  words[last] &= ~bits(0, tail);
}

bool pp_shadow_claim(struct pp_shadow *shadow, const void *block,
                     uint64_t size) {
  uint64_t address = (uint64_t)(uintptr_t)block;
  uint64_t end = address + (size == 0 ? 1 : size);
  if (end < address) return false;
  if ((end - 1) >> PP_SHADOW_ADDRESS_BITS != 0) return false;
  while (address < end) {
    uint64_t stop = (address | REGION_MASK) + 1;
    if (stop > end) stop = end;
    uint64_t from = address & REGION_MASK;
    uint64_t *words = region_of(shadow, address);
    if (claim_run(words, from, from + (stop - address)) != 0) return false;
    address = stop;
  }
  return true;
}

void pp_shadow_release(struct pp_shadow *shadow, const void *block,
                       uint64_t size) {
  uint64_t address = (uint64_t)(uintptr_t)block;
  uint64_t end = address + (size == 0 ? 1 : size);
  while (address < end) {
    uint64_t stop = (address | REGION_MASK) + 1;
    if (stop > end) stop = end;
    uint64_t from = address & REGION_MASK;
    release_run(region_of(shadow, address), from, from + (stop - address));
    address = stop;
  }
}

bool pp_shadow_claimed(const struct pp_shadow *shadow, const void *block) {
  uint64_t address = (uint64_t)(uintptr_t)block;
  if (address >> PP_SHADOW_ADDRESS_BITS != 0) return false;
  const uint64_t *words = shadow->regions[address >> PP_SHADOW_REGION_BITS];
  if (words == NULL) return false;
  uint64_t at = address & REGION_MASK;
  return (words[at / WORD_BITS] >> at % WORD_BITS & 1) != 0;
}
