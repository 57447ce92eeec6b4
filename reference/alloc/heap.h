/* The heap and its parts, as the files of the reference share them. A
 * stranger wants include/poolproof/reference.h instead.
 *
 * Lists keep CPython's names: usedpools are rings of pools, one per class;
 * usable_arenas are the arenas with a free pool, fewest first; nfp2lasta[n]
 * is the rightmost of those with n free pools. */
#ifndef REFERENCE_ALLOC_HEAP_H
#define REFERENCE_ALLOC_HEAP_H

#include "reference/alloc/geometry.h"
#include "reference/alloc/names.h"
#include "reference/assertions.h"

/* The lowest level of the radix map: which part of one arena-sized stretch of
 * addresses is an arena's. An arena that starts in it owns it from tail_hi on
 * (-1: all of it), an arena that ends in it owns it below tail_lo. */
struct pp_leaf {
  int32_t tail_hi;
  int32_t tail_lo;
};

struct pp_map {
  void **root; /* of middle nodes; behind the heap, in the same memory */
  uint32_t middle_count;
  uint32_t bottom_count;
};

struct pp_heap {
  const struct pp_profile *profile;
  const struct pp_arena_source *arena_source;
  const struct pp_system_source *system;
  struct pp_witness *witness;

  /* Ring heads. Only nextpool and prevpool of each are used. */
  struct pp_pool usedpools[PP_CLASS_MAX];

  struct pp_arena *arenas; /* the arena vector, from the system source */
  uint32_t maxarenas;      /* its slots */
  struct pp_arena *unused_arena_objects;
  struct pp_arena *usable_arenas;
  struct pp_arena *nfp2lasta[PP_ARENA_POOLS_MAX + 1];
  struct pp_map map;

  size_t arenas_out; /* from the arena source, and not back */
  size_t narenas_currently_allocated;
  size_t ntimes_arena_allocated;
  size_t narenas_highwater;
  size_t system_blocks;   /* live, from the system source */
  size_t system_requests; /* ever made to it for a block, granted or not */
  size_t system_frees;    /* blocks ever freed to it */
  size_t live_blocks;     /* handed out and not freed */
};

/* pool.c. take and resume answer a block, and leave the pool full when they
 * handed out its last one; ring membership is theirs to keep. */
void *pp_pool_begin(struct pp_heap *heap, struct pp_pool *pool,
                    uint32_t class_index);
void *pp_pool_resume(struct pp_heap *heap, struct pp_pool *pool);
void *pp_pool_take(struct pp_heap *heap, struct pp_pool *pool);
/* True when the block was the pool's last live one: the pool is out of its
 * ring, and its arena wants it back. */
bool pp_pool_give(struct pp_heap *heap, struct pp_pool *pool, void *block);

/* arena.c. return is for the end of a heap, and for the arena's own end. */
void pp_arena_return(struct pp_heap *heap, uintptr_t base);
bool pp_arena_add(struct pp_heap *heap); /* to the empty usable_arenas */
struct pp_pool *pp_arena_take_pool(struct pp_heap *heap);
void pp_arena_give_pool(struct pp_heap *heap, struct pp_pool *pool);

/* map.c */
bool pp_map_mark(struct pp_heap *heap, uintptr_t base);
void pp_map_unmark(struct pp_heap *heap, uintptr_t base);
bool pp_map_holds(const struct pp_heap *heap, const void *address);
/* The same for any address, by asking every arena: to check the map by. */
bool pp_map_covers(const struct pp_heap *heap, const void *address);
struct pp_leaf *pp_map_leaf(const struct pp_heap *heap, uintptr_t address);
void pp_map_release(struct pp_heap *heap);

/* lifetime.c */
size_t pp_heap_size(const struct pp_profile *profile);
struct pp_heap *pp_heap_create(void *memory, const struct pp_profile *profile,
                               const struct pp_arena_source *arenas,
                               const struct pp_system_source *system,
                               struct pp_witness *witness);
void pp_heap_destroy(struct pp_heap *heap);

/* heap.c */
void *pp_heap_malloc(struct pp_heap *heap, size_t size);
void *pp_heap_calloc(struct pp_heap *heap, size_t count, size_t size);
void *pp_heap_realloc(struct pp_heap *heap, void *block, size_t size);
void pp_heap_free(struct pp_heap *heap, void *block);

/* check_pool.c, check_heap.c: predicates. _header and _order are the parts
 * that take constant time. */
enum pp_clause pp_pool_check_header(const struct pp_profile *profile,
                                    const struct pp_pool *pool,
                                    struct pp_witness *witness);
enum pp_clause pp_pool_check(const struct pp_profile *profile, const void *pool,
                             struct pp_witness *witness);
enum pp_clause pp_arena_check_order(const struct pp_heap *heap,
                                    const struct pp_arena *arena);
enum pp_clause pp_arena_check(const struct pp_heap *heap,
                              const struct pp_arena *arena);
enum pp_clause pp_map_check(const struct pp_heap *heap,
                            const struct pp_arena *arena);
enum pp_clause pp_heap_check(const struct pp_heap *heap);

/* visit.c */
bool pp_heap_locate(const struct pp_heap *heap, const void *block,
                    struct pp_place *place);
void pp_heap_count(const struct pp_heap *heap, struct pp_counts *counts);
void pp_heap_visit_arenas(const struct pp_heap *heap, void *ctx,
                          bool (*visit)(void *ctx,
                                        const struct pp_arena_info *arena));
void pp_heap_visit_pools(const struct pp_heap *heap, uint32_t arena_slot,
                         void *ctx,
                         bool (*visit)(void *ctx,
                                       const struct pp_pool_info *pool));
void pp_heap_visit_blocks(const struct pp_heap *heap, uintptr_t pool, void *ctx,
                          bool (*visit)(void *ctx, uintptr_t block, bool live));

#endif
