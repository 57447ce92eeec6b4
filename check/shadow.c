/* Claims on memory (SPEC.md, API-01): one bit for every byte that a live block
 * holds. A region of the shadow covers one GiB of addresses and is reserved
 * when the first block appears there; the kernel fills in what is touched. A
 * block of no bytes claims one, so that two of them are seen to be distinct. */
#include <sys/mman.h>
#include <unistd.h>

#include "check/blocks.h"
#include "check/pages.h"

#define REGIONS ((size_t)1 << (PP_SHADOW_ADDRESS_BITS - PP_SHADOW_REGION_BITS))
#define REGION_MASK (((uint64_t)1 << PP_SHADOW_REGION_BITS) - 1)
#define REGION_BYTES ((size_t)1 << (PP_SHADOW_REGION_BITS - 3))
#define WORD_BITS 64

void pp_shadow_open(struct pp_shadow *shadow) {
  *shadow = (struct pp_shadow){0};
  shadow->regions = pp_pages(REGIONS * sizeof *shadow->regions);
}

void pp_shadow_close(struct pp_shadow *shadow) {
  for (size_t i = 0; i < REGIONS; i++) {
    pp_pages_free(shadow->regions[i], REGION_BYTES);
  }
  pp_pages_free(shadow->regions, REGIONS * sizeof *shadow->regions);
}

static void ask_for_large_pages(uint64_t *region) {
#ifdef MADV_HUGEPAGE
  madvise(region, REGION_BYTES, MADV_HUGEPAGE);
#else
  (void)region;
#endif
}

void pp_shadow_expect_many(struct pp_shadow *shadow) {
  if (shadow->many) return;
  shadow->many = true;
  for (size_t i = 0; i < REGIONS; i++) {
    if (shadow->regions[i] != NULL) ask_for_large_pages(shadow->regions[i]);
  }
}

static uint64_t *region_of(struct pp_shadow *shadow, uint64_t address) {
  uint64_t **region = &shadow->regions[address >> PP_SHADOW_REGION_BITS];
  if (*region == NULL) {
    *region = pp_pages(REGION_BYTES);
    if (shadow->many) ask_for_large_pages(*region);
  }
  return *region;
}

/* A run of bits within one region: whole words between two that may be cut.
 * Where it is one word, both cuts apply to it. */
struct run {
  uint64_t *first, *last;
  uint64_t head, tail; /* the bits of the run in first, and in last */
};

static inline struct run run_of(uint64_t *words, uint64_t from, uint64_t to) {
  struct run run = {
      .first = &words[from / WORD_BITS],
      .last = &words[(to - 1) / WORD_BITS],
      .head = ~UINT64_C(0) << from % WORD_BITS,
      .tail = ~UINT64_C(0) >> (WORD_BITS - 1 - (to - 1) % WORD_BITS),
  };
  if (run.first == run.last) run.head = run.tail &= run.head;
  return run;
}

/* Sets the run's bits, and answers those that were set before. */
static uint64_t claim_run(const struct run *run) {
  uint64_t seen = (*run->first & run->head) | (*run->last & run->tail);
  *run->first |= run->head;
  *run->last |= run->tail;
  for (uint64_t *word = run->first + 1; word < run->last; word++) {
    seen |= *word;
    *word = ~UINT64_C(0);
  }
  return seen;
}

static void release_run(const struct run *run) {
  *run->first &= ~run->head;
  *run->last &= ~run->tail;
  for (uint64_t *word = run->first + 1; word < run->last; word++)
    *word = 0;
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
    struct run run =
        run_of(region_of(shadow, address), from, from + (stop - address));
    if (claim_run(&run) != 0) return false;
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
    struct run run =
        run_of(region_of(shadow, address), from, from + (stop - address));
    release_run(&run);
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

static uint64_t pages_in(uint64_t *region, size_t page) {
  enum { PAGES_AT_ONCE = 1024 };
  unsigned char in[PAGES_AT_ONCE];
  const size_t step = PAGES_AT_ONCE * page;
  uint64_t pages = 0;
  for (size_t at = 0; at < REGION_BYTES; at += step) {
    size_t bytes = REGION_BYTES - at < step ? REGION_BYTES - at : step;
    if (mincore((char *)region + at, bytes, in) != 0) continue;
    for (size_t i = 0; i < bytes / page; i++)
      pages += in[i] & 1;
  }
  return pages;
}

uint64_t pp_shadow_resident(const struct pp_shadow *shadow) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  uint64_t pages = 0;
  for (size_t i = 0; i < REGIONS; i++) {
    if (shadow->regions[i] != NULL) pages += pages_in(shadow->regions[i], page);
  }
  return pages * page;
}
