/* The reference as a library: a heap of CPython's kind as a value.
 *
 * A heap is created in memory that the caller gives, from a profile (one row
 * of a table: the geometry and the rules of one CPython version) and from two
 * sources of memory. It has no globals and takes nothing else from its host,
 * so any number of heaps live in one process, and running out of memory is a
 * source that answers NULL. Sizes are in bytes everywhere.
 *
 * The same sources are built once per level of checking; each build is one
 * struct pp_reference. */
#ifndef POOLPROOF_REFERENCE_H
#define POOLPROOF_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poolproof/clause.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The order is that of the bits in pp_clause_text.profiles. */
enum pp_profile_id {
  PP_PROFILE_3_6,   /* 3.6.9 to 3.6.15 */
  PP_PROFILE_3_7_3, /* 3.7.0 to 3.7.3, and 3.6 before its late releases */
  PP_PROFILE_3_7,
  PP_PROFILE_3_8,
  PP_PROFILE_3_9,
  PP_PROFILE_3_10,
  PP_PROFILE_3_11,
  PP_PROFILE_3_12,
  PP_PROFILE_3_13,
  PP_PROFILE_TINY,  /* the rules of 3.13, scaled down */
  PP_PROFILE_SMALL, /* the rules of 3.8, scaled down */
  PP_PROFILE_COUNT
};

/* How a heap tells its own blocks from foreign ones. */
enum pp_map_kind {
  PP_MAP_ARENA_INDEX, /* by the arena index in the presumed pool header */
  PP_MAP_RADIX        /* by a three-level tree over the address */
};

struct pp_profile {
  const char *name; /* "3.9", "tiny" */
  enum pp_profile_id id;
  unsigned alignment_shift; /* blocks are multiples of 1 << this */
  unsigned class_count;     /* size classes */
  unsigned pool_bits;       /* a pool is 1 << this bytes */
  unsigned arena_bits;      /* an arena is 1 << this bytes */
  enum pp_map_kind map;
  unsigned map_top_bits; /* radix only: bits of the address per level */
  unsigned map_middle_bits;
  unsigned map_bottom_bits;
  bool rightmost_table;  /* nfp2lasta, instead of a walk along the list */
  bool keeps_rightmost;  /* a wholly free arena stays if it is the last */
  bool zero_never_fails; /* a system block that cannot shrink to nothing stays,
                            and is the answer */
};

extern const struct pp_profile pp_profiles[PP_PROFILE_COUNT];

/* The profile with this name, or NULL. */
const struct pp_profile *pp_profile_find(const char *name);

/* Where arenas come from. alloc answers NULL when there is none; free gets
 * the base and the size that alloc was asked for. */
struct pp_arena_source {
  void *ctx;
  void *(*alloc)(void *ctx, size_t size);
  void (*free)(void *ctx, void *base, size_t size);
};

/* Where everything else comes from: large blocks, the vector of arenas, the
 * nodes of the address map. Like malloc, but never asked for zero bytes. */
struct pp_system_source {
  void *ctx;
  void *(*malloc)(void *ctx, size_t size);
  void *(*calloc)(void *ctx, size_t count, size_t size);
  void *(*realloc)(void *ctx, void *block, size_t size);
  void (*free)(void *ctx, void *block);
};

/* Where a heap counts the clauses it evaluates and tells the one it finds
 * broken. broken must not return; `where` is "file:line: expression". */
struct pp_witness {
  uint64_t evaluated[PP_CLAUSE_COUNT];
  void (*broken)(struct pp_witness *witness, enum pp_clause clause,
                 const char *where);
};

struct pp_heap;

/* Running counts of a heap. */
struct pp_counts {
  size_t arenas;           /* held now */
  size_t arenas_total;     /* ever obtained */
  size_t arenas_highwater; /* most ever held at once */
  size_t pool_blocks;      /* live blocks in pools */
  size_t system_blocks;    /* live blocks from the system source */
  size_t arena_slots;      /* entries of the arena vector */
};

struct pp_arena_info {
  uintptr_t base;
  uint32_t slot;       /* index in the arena vector */
  uint32_t free_pools; /* never carved, or carved and empty */
  uint32_t total_pools;
  uintptr_t first_pool;
  uintptr_t next_pool; /* first that was never carved */
  bool usable;         /* in usable_arenas */
};

struct pp_pool_info {
  uintptr_t base;
  uint32_t arena_slot;
  uint32_t class_index;
  uint32_t count; /* live blocks */
  uint32_t capacity;
  uint32_t next_offset; /* from base, of the first untouched block */
};

/* Where a block lies; offsets are from the arena's and the pool's base. */
struct pp_place {
  uintptr_t arena;
  uint32_t arena_slot;
  uint32_t arena_offset;
  uintptr_t pool;
  uint32_t pool_offset;
  uint32_t class_index;
  uint32_t block_size;
};

enum pp_level {
  PP_LEVEL_NONE,
  PP_LEVEL_CHEAP,
  PP_LEVEL_OBJECT,
  PP_LEVEL_HEAP,
  PP_LEVEL_COUNT
};

/* One build of the reference. All functions but create take the heap first.
 * Requests follow CPython's OBJ family: malloc(0) is a block, a size over
 * PTRDIFF_MAX is NULL. */
struct pp_reference {
  const char *level; /* "none", "cheap", "object", "heap" */
  /* Bytes that create needs, aligned for any object. */
  size_t (*heap_size)(const struct pp_profile *profile);
  /* Every pointer is kept, none is copied: all must outlive the heap. */
  struct pp_heap *(*create)(void *memory, const struct pp_profile *profile,
                            const struct pp_arena_source *arenas,
                            const struct pp_system_source *system,
                            struct pp_witness *witness);
  /* Gives back every arena and every system block that the heap itself took.
   * Large blocks still live belong to the caller. */
  void (*destroy)(struct pp_heap *heap);

  void *(*malloc)(struct pp_heap *heap, size_t size);
  void *(*calloc)(struct pp_heap *heap, size_t count, size_t size);
  void *(*realloc)(struct pp_heap *heap, void *block, size_t size);
  void (*free)(struct pp_heap *heap, void *block);

  /* The first broken clause of the whole heap, or PP_HOLDS. */
  enum pp_clause (*check)(const struct pp_heap *heap);
  /* The first broken clause of one pool in use, wherever its memory comes
   * from: a heap of CPython's family has the same headers. The whole pool
   * must be readable. */
  enum pp_clause (*check_pool)(const struct pp_profile *profile,
                               const void *pool, struct pp_witness *witness);
  /* True when the block lies in an arena of this heap. With an arena index
   * (PP_MAP_ARENA_INDEX) only blocks may be asked for, own or foreign. */
  bool (*owns)(const struct pp_heap *heap, const void *address);
  /* False when the block is not from a pool of this heap. */
  bool (*locate)(const struct pp_heap *heap, const void *block,
                 struct pp_place *place);
  void (*count)(const struct pp_heap *heap, struct pp_counts *counts);

  /* Visits in address order of slots, pools and blocks; a visitor that
   * answers false ends the visit. Pools never carved are not visited. */
  void (*visit_arenas)(const struct pp_heap *heap, void *ctx,
                       bool (*visit)(void *ctx,
                                     const struct pp_arena_info *arena));
  void (*visit_pools)(const struct pp_heap *heap, uint32_t arena_slot,
                      void *ctx,
                      bool (*visit)(void *ctx,
                                    const struct pp_pool_info *pool));
  void (*visit_blocks)(const struct pp_heap *heap, uintptr_t pool, void *ctx,
                       bool (*visit)(void *ctx, uintptr_t block, bool live));
};

extern const struct pp_reference pp_reference_none;
extern const struct pp_reference pp_reference_cheap;
extern const struct pp_reference pp_reference_object;
extern const struct pp_reference pp_reference_heap;

#ifdef __cplusplus
}
#endif

#endif
