/* Shapes and sizes: what lies where in a pool and in an arena, and what a
 * profile's numbers mean (SPEC.md, GEO and SC). Every other file asks here.
 *
 *   arena  |gap| pool | pool | pool | ... | never carved ... |gap|
 *   pool   |header| block | block | ... | untouched ... |slack|
 *
 * The gaps are there only when the arena's base is no multiple of the pool
 * size. Facts were measured on CPython 3.6.15 to 3.13.0, 64-bit Linux. */
#ifndef REFERENCE_ALLOC_GEOMETRY_H
#define REFERENCE_ALLOC_GEOMETRY_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "poolproof/reference.h"

/* The first bytes of a pool. The names are CPython's. */
struct pp_pool {
  uint32_t count; /* live blocks */
  uint32_t padding;
  uint8_t *freeblock;       /* head of the free list, NULL when full */
  struct pp_pool *nextpool; /* in the ring, or in freepools */
  struct pp_pool *prevpool; /* in the ring */
  uint32_t arenaindex;      /* slot in the arena vector */
  uint32_t szidx;           /* class, or PP_CLASS_NONE */
  uint32_t nextoffset;      /* of the first untouched block, in bytes */
  uint32_t maxnextoffset;   /* largest offset that can be carved */
};

/* One slot of the arena vector. */
struct pp_arena {
  uintptr_t address;      /* of the arena, 0: slot unused */
  uintptr_t pool_address; /* of the next pool to carve */
  uint32_t nfreepools;    /* on freepools, or never carved */
  uint32_t ntotalpools;
  struct pp_pool *freepools;  /* carved pools without live blocks */
  struct pp_arena *nextarena; /* in usable_arenas, or among the unused */
  struct pp_arena *prevarena; /* in usable_arenas */
};

enum {
  PP_POOL_HEADER = 48,
  PP_BLOCK_MAX = 512,        /* most bytes of a block in any profile (GEO-07) */
  PP_CLASS_MAX = 64,         /* most classes that any profile has */
  PP_CLASS_NONE = 0xffff,    /* of a pool that never served a class */
  PP_ARENA_POOLS_MAX = 64,   /* most pools that any arena holds */
  PP_ARENA_SLOTS_FIRST = 16, /* slots of the first arena vector */
  PP_ADDRESS_BITS = 64,      /* that the map tells apart */
  PP_ADDRESS_BITS_NARROW = 48 /* likewise, in 3.10 and tiny */
};

static_assert(sizeof(struct pp_pool) == PP_POOL_HEADER, "GEO-02");
static_assert(sizeof(struct pp_arena) == 48, "a slot takes 48 bytes");
static_assert(sizeof(void *) == 8, "the profiles are those of 64 bits");

static inline size_t pp_pool_size(const struct pp_profile *profile) {
  return (size_t)1 << profile->pool_bits;
}

static inline size_t pp_arena_size(const struct pp_profile *profile) {
  return (size_t)1 << profile->arena_bits;
}

static inline size_t pp_alignment(const struct pp_profile *profile) {
  return (size_t)1 << profile->alignment_shift;
}

/* The largest small request (GEO-07). */
static inline size_t pp_small_max(const struct pp_profile *profile) {
  return (size_t)profile->class_count << profile->alignment_shift;
}

/* The class of a small request, 1 <= size <= pp_small_max (SC-01). */
static inline uint32_t pp_class_of(const struct pp_profile *profile,
                                   size_t size) {
  return (uint32_t)((size - 1) >> profile->alignment_shift);
}

/* SC-02. */
static inline uint32_t pp_class_size(const struct pp_profile *profile,
                                     uint32_t class_index) {
  return (class_index + 1) << profile->alignment_shift;
}

/* Blocks of a class in a pool (SC-04). */
static inline uint32_t pp_class_capacity(const struct pp_profile *profile,
                                         uint32_t class_index) {
  uint32_t room = (uint32_t)(pp_pool_size(profile) - PP_POOL_HEADER);
  return room / pp_class_size(profile, class_index);
}

/* The first multiple of the pool size at or after an address. */
static inline uintptr_t pp_pool_ceiling(const struct pp_profile *profile,
                                        uintptr_t address) {
  uintptr_t mask = (uintptr_t)pp_pool_size(profile) - 1;
  return (address + mask) & ~mask;
}

/* The pool that an address of an arena lies in (GEO-03). */
static inline struct pp_pool *pp_pool_of(const struct pp_profile *profile,
                                         const void *address) {
  uintptr_t mask = (uintptr_t)pp_pool_size(profile) - 1;
  return (struct pp_pool *)((uintptr_t)address & ~mask);
}

/* Pools of an arena at this base (GEO-04). */
static inline uint32_t pp_arena_pools(const struct pp_profile *profile,
                                      uintptr_t base) {
  uintptr_t end = base + pp_arena_size(profile);
  return (uint32_t)((end - pp_pool_ceiling(profile, base)) >>
                    profile->pool_bits);
}

/* A free block's first eight bytes are the link to the next free block. */
static inline uint8_t *pp_link_read(const uint8_t *block) {
  uint8_t *next;
  memcpy(&next, block, sizeof next);
  return next;
}

static inline void pp_link_write(uint8_t *block, const uint8_t *next) {
  memcpy(block, &next, sizeof next);
}

#endif
