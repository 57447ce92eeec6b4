/* What the model knows of live blocks: which block an ID names, where it lies
 * and how large it is, and for every byte of memory whether a block claims it.
 *
 * Both answers take the same time however many blocks are live. IDs are found
 * in an open hash table in which neighbours stay neighbours. Claims are one
 * bit a byte, in shadow pages that the kernel provides as they are touched. */
#ifndef CHECK_BLOCKS_H
#define CHECK_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pp_block {
  uint64_t id;
  uint8_t *address;        /* NULL: this entry of the table is vacant */
  void *twin;              /* the same block in the reference, or NULL */
  uint64_t size;           /* as requested */
  uint64_t extent;         /* as claimed: the size, or the usable size */
  uint32_t serial;         /* of the request: seeds the contents */
  uint16_t domain;         /* the family that it came from, enum pp_domain */
  uint16_t alignment_bits; /* asked for, as a power of two; 0: none */
};

struct pp_blocks {
  struct pp_block *table;
  size_t mask;         /* entries - 1 */
  size_t count;        /* live blocks */
  uint64_t bytes;      /* requested by live blocks */
  uint64_t peak_bytes; /* most that bytes was */
  uint64_t charged;    /* as bytes, small blocks counted as 64 */
  uint64_t peak_charged;
};

/* The least that a block counts for when footprints are bounded (API-34). */
#define PP_BLOCK_CHARGE 64

void pp_blocks_open(struct pp_blocks *blocks);
void pp_blocks_close(struct pp_blocks *blocks);

/* Keeps the locality of neighbouring IDs, and spreads those far apart. */
static inline size_t pp_blocks_home(const struct pp_blocks *blocks,
                                    uint64_t id) {
  return (size_t)(id + ((id >> 20) * UINT64_C(0x9e3779b97f4a7c15) >> 20)) &
         blocks->mask;
}

/* The live block that an ID names, or NULL. */
static inline struct pp_block *pp_blocks_find(const struct pp_blocks *blocks,
                                              uint64_t id) {
  size_t at = pp_blocks_home(blocks, id);
  while (blocks->table[at].address != NULL) {
    if (blocks->table[at].id == id) return &blocks->table[at];
    at = (at + 1) & blocks->mask;
  }
  return NULL;
}

static inline void pp_blocks_prefetch(const struct pp_blocks *blocks,
                                      uint64_t id) {
  __builtin_prefetch(&blocks->table[pp_blocks_home(blocks, id)]);
}

/* Adds a block; the ID names none yet. The answer stays valid until the next
 * add or remove. */
struct pp_block *pp_blocks_add(struct pp_blocks *blocks,
                               const struct pp_block *block);
void pp_blocks_remove(struct pp_blocks *blocks, struct pp_block *block);
void pp_blocks_resize(struct pp_blocks *blocks, struct pp_block *block,
                      uint64_t size);

/* A live block that holds a byte of [address, address + size) and is not the
 * block `other`; NULL if there is none. Looks at every block. */
const struct pp_block *pp_blocks_overlap(const struct pp_blocks *blocks,
                                         const void *address, uint64_t size,
                                         const struct pp_block *other);

/* ---- claims ---- */

#define PP_SHADOW_ADDRESS_BITS 47
#define PP_SHADOW_REGION_BITS 30

struct pp_shadow {
  uint64_t **regions; /* one per GiB of the address space */
  bool many;          /* large pages are asked for */
};

void pp_shadow_open(struct pp_shadow *shadow);
void pp_shadow_close(struct pp_shadow *shadow);

/* The heap is large: claims may take memory in large pages from now on. */
void pp_shadow_expect_many(struct pp_shadow *shadow);

/* Claims the bytes. False when one of them was claimed already, or lies
 * outside of the address space: nothing is promised about claims then. */
bool pp_shadow_claim(struct pp_shadow *shadow, const void *address,
                     uint64_t size);
void pp_shadow_release(struct pp_shadow *shadow, const void *address,
                       uint64_t size);
bool pp_shadow_claimed(const struct pp_shadow *shadow, const void *address);

/* Bytes of memory that the claims take up; finding out takes long. */
uint64_t pp_shadow_resident(const struct pp_shadow *shadow);

/* Brings what a claim or a release will touch into the cache. */
static inline void pp_shadow_prefetch(const struct pp_shadow *shadow,
                                      const void *block) {
  uint64_t address = (uint64_t)(uintptr_t)block;
  const uint64_t region_mask = ((uint64_t)1 << PP_SHADOW_REGION_BITS) - 1;
  if (address >> PP_SHADOW_ADDRESS_BITS != 0) return;
  const uint64_t *words = shadow->regions[address >> PP_SHADOW_REGION_BITS];
  if (words != NULL) __builtin_prefetch(&words[(address & region_mask) / 64]);
}

#endif
