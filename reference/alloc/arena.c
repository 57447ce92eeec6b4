/* Arenas: the vector of their slots, the sorted list of those with a free
 * pool, and when an arena goes back to its source (SPEC.md, ARENA).
 *
 *   usable_arenas -> 1 free -> 3 free -> 3 free -> 7 free -> NULL
 *   nfp2lasta          [1]^              [3]^        [7]^
 *
 * Pools are taken from the head, so that the emptiest arenas drain and can be
 * released. The list is in order before and after every call. */
#include "reference/alloc/heap.h"

/* ---- the arena vector ---- */

static bool slots_grow(struct pp_heap *heap) {
  const struct pp_system_source *system = heap->system;
  uint32_t former = heap->maxarenas;
  uint32_t count = former == 0 ? PP_ARENA_SLOTS_FIRST : former << 1;
  PP_REQUIRE(heap->witness, ARENA_14, heap->unused_arena_objects == NULL);
  /* No arena is in a list now, so none of the links goes stale. */
  PP_REQUIRE(heap->witness, ARENA_18, heap->usable_arenas == NULL);
  if (count <= former) return false;
  struct pp_arena *vector =
      system->realloc(system->ctx, heap->arenas, count * sizeof *vector);
  if (vector == NULL) return false;
  for (uint32_t i = former; i < count; i++) {
    vector[i].address = 0;
    vector[i].nextarena = i + 1 < count ? &vector[i + 1] : NULL;
  }
  heap->arenas = vector;
  heap->unused_arena_objects = &vector[former];
  heap->maxarenas = count;
  if (former == 0) {
    PP_ENSURE(heap->witness, ARENA_14, count == PP_ARENA_SLOTS_FIRST);
  } else {
    PP_ENSURE(heap->witness, ARENA_14, count == former + former);
  }
  PP_ENSURE(heap->witness, ARENA_15,
            heap->unused_arena_objects == &vector[former]);
  PP_ENSURE(heap->witness, ARENA_15,
            vector[former].nextarena == &vector[former + 1]);
  return true;
}

static struct pp_arena *slot_take(struct pp_heap *heap) {
  if (heap->unused_arena_objects == NULL) {
    if (!slots_grow(heap)) return NULL;
  }
  struct pp_arena *arena = heap->unused_arena_objects;
  PP_ENSURE(heap->witness, ARENA_16, arena->address == 0);
  heap->unused_arena_objects = arena->nextarena;
  return arena;
}

static void slot_give(struct pp_heap *heap, struct pp_arena *arena) {
  PP_REQUIRE(heap->witness, ARENA_16, arena->address == 0);
  arena->nextarena = heap->unused_arena_objects;
  heap->unused_arena_objects = arena;
  PP_ENSURE(heap->witness, ARENA_15, heap->unused_arena_objects == arena);
}

/* ---- usable_arenas ---- */

static bool is_rightmost(const struct pp_heap *heap,
                         const struct pp_arena *arena) {
  return heap->nfp2lasta[arena->nfreepools] == arena;
}

static void list_remove(struct pp_heap *heap, struct pp_arena *arena) {
  if (arena->prevarena == NULL) {
    PP_ENSURE(heap->witness, ARENA_19, heap->usable_arenas == arena);
    heap->usable_arenas = arena->nextarena;
  } else {
    PP_ENSURE(heap->witness, ARENA_19, arena->prevarena->nextarena == arena);
    arena->prevarena->nextarena = arena->nextarena;
  }
  if (arena->nextarena != NULL) {
    PP_ENSURE(heap->witness, ARENA_19, arena->nextarena->prevarena == arena);
    arena->nextarena->prevarena = arena->prevarena;
  }
}

/* left may be NULL: the arena becomes the head. */
static void list_insert_after(struct pp_heap *heap, struct pp_arena *left,
                              struct pp_arena *arena) {
  struct pp_arena **from =
      left == NULL ? &heap->usable_arenas : &left->nextarena;
  PP_REQUIRE(heap->witness, ARENA_19, left != arena);
  arena->prevarena = left;
  arena->nextarena = *from;
  *from = arena;
  if (arena->nextarena != NULL) arena->nextarena->prevarena = arena;
}

/* The arena that an arena with one more free pool belongs behind: the last of
 * those that have fewer. */
static struct pp_arena *last_with_fewer(const struct pp_heap *heap,
                                        struct pp_arena *arena,
                                        struct pp_arena *last_of_former) {
  if (heap->profile->rightmost_table) {
    PP_ENSURE(heap->witness, ARENA_09, last_of_former != arena);
    return last_of_former;
  }
  struct pp_arena *left = arena;
  while (left->nextarena != NULL &&
         left->nextarena->nfreepools < arena->nfreepools) {
    left = left->nextarena;
  }
  PP_ENSURE(heap->witness, ARENA_09, left != arena);
  return left;
}

/* ---- from the source, and back to it ---- */

static uintptr_t arena_obtain(struct pp_heap *heap) {
  const struct pp_arena_source *source = heap->arena_source;
  void *base = source->alloc(source->ctx, pp_arena_size(heap->profile));
  if (base != NULL) heap->arenas_out++;
  return (uintptr_t)base;
}

void pp_arena_return(struct pp_heap *heap, uintptr_t base) {
  const struct pp_arena_source *source = heap->arena_source;
  PP_REQUIRE(heap->witness, ARENA_22, base != 0);
  PP_REQUIRE(heap->witness, ARENA_22, heap->arenas_out > 0);
  heap->arenas_out--;
  source->free(source->ctx, (void *)base, pp_arena_size(heap->profile));
}

/* ---- a new arena ---- */

static void arena_begin(struct pp_heap *heap, struct pp_arena *arena,
                        uintptr_t base) {
  const struct pp_profile *profile = heap->profile;
  arena->address = base;
  arena->pool_address = pp_pool_ceiling(profile, base);
  arena->ntotalpools = pp_arena_pools(profile, base);
  arena->nfreepools = arena->ntotalpools;
  arena->freepools = NULL;
  arena->nextarena = NULL;
  arena->prevarena = NULL;
  PP_ENSURE(heap->witness, GEO_04,
            arena->pool_address +
                    ((uintptr_t)arena->ntotalpools << profile->pool_bits) <=
                base + pp_arena_size(profile));
  if (arena->pool_address != base) {
    PP_ENSURE(heap->witness, GEO_05,
              arena->ntotalpools + 1 ==
                  pp_arena_size(profile) >> profile->pool_bits);
  }
}

bool pp_arena_add(struct pp_heap *heap) {
  size_t held = heap->narenas_currently_allocated;
  PP_REQUIRE(heap->witness, ARENA_18, heap->usable_arenas == NULL);
  struct pp_arena *arena = slot_take(heap);
  if (arena == NULL) return false;
  uintptr_t base = arena_obtain(heap);
  if (base == 0) {
    slot_give(heap, arena);
    PP_ENSURE(heap->witness, ARENA_17, heap->unused_arena_objects == arena);
    PP_ENSURE(heap->witness, ARENA_17, heap->usable_arenas == NULL);
    PP_ENSURE(heap->witness, ARENA_17,
              heap->narenas_currently_allocated == held);
    return false;
  }
  if (!pp_map_mark(heap, base)) {
    pp_arena_return(heap, base);
    slot_give(heap, arena);
    PP_ENSURE(heap->witness, MAP_07, heap->unused_arena_objects == arena);
    PP_ENSURE(heap->witness, MAP_07, heap->arenas_out == held);
    return false;
  }
  arena_begin(heap, arena, base);
  heap->usable_arenas = arena;
  heap->nfp2lasta[arena->nfreepools] = arena;
  heap->ntimes_arena_allocated++;
  heap->narenas_currently_allocated++;
  if (heap->narenas_currently_allocated > heap->narenas_highwater) {
    heap->narenas_highwater = heap->narenas_currently_allocated;
  }
  PP_CHECK(PP_MARK_OBJECT, heap->witness, pp_map_check(heap, arena));
  return true;
}

/* ---- a pool out of an arena ---- */

static struct pp_pool *pool_carve(struct pp_heap *heap,
                                  struct pp_arena *arena) {
  struct pp_pool *pool = (struct pp_pool *)arena->pool_address;
  PP_REQUIRE(heap->witness, ARENA_03, arena->freepools == NULL);
  PP_ENSURE(heap->witness, ARENA_04,
            arena->pool_address + pp_pool_size(heap->profile) <=
                arena->address + pp_arena_size(heap->profile));
  arena->pool_address += pp_pool_size(heap->profile);
  PP_ENSURE(heap->witness, ARENA_04,
            (uintptr_t)pool + pp_pool_size(heap->profile) ==
                arena->pool_address);
  pool->arenaindex = (uint32_t)(arena - heap->arenas);
  pool->szidx = PP_CLASS_NONE;
  pool->count = 0;
  return pool;
}

static struct pp_pool *freepools_pop(struct pp_heap *heap,
                                     struct pp_arena *arena) {
  struct pp_pool *pool = arena->freepools;
  PP_REQUIRE(heap->witness, POOL_18, pool->count == 0);
  arena->freepools = pool->nextpool;
  PP_ENSURE(heap->witness, ARENA_21, arena->freepools != pool);
  return pool;
}

struct pp_pool *pp_arena_take_pool(struct pp_heap *heap) {
  struct pp_arena *arena = heap->usable_arenas;
  PP_REQUIRE(heap->witness, ARENA_05, arena->nfreepools > 0);
  PP_ENSURE(heap->witness, ARENA_07, arena->prevarena == NULL);
  if (is_rightmost(heap, arena)) heap->nfp2lasta[arena->nfreepools] = NULL;
  arena->nfreepools--;
  if (arena->nfreepools == 0) {
    heap->usable_arenas = arena->nextarena;
    if (arena->nextarena != NULL) arena->nextarena->prevarena = NULL;
  } else {
    if (heap->profile->rightmost_table) {
      PP_ENSURE(heap->witness, ARENA_10,
                heap->nfp2lasta[arena->nfreepools] == NULL);
    }
    heap->nfp2lasta[arena->nfreepools] = arena;
  }
  const struct pp_pool *front = arena->freepools;
  struct pp_pool *pool =
      front == NULL ? pool_carve(heap, arena) : freepools_pop(heap, arena);
  if (front != NULL) PP_ENSURE(heap->witness, ARENA_03, pool == front);
  PP_ENSURE(heap->witness, POOL_16, &heap->arenas[pool->arenaindex] == arena);
  return pool;
}

/* ---- a pool back to its arena ---- */

/* A wholly free arena goes back to its source, with one exception: from 3.9
 * on, the last of usable_arenas stays, so that a program which frees and
 * takes one pool in a loop does not map an arena each time round. */
static bool wants_release(const struct pp_heap *heap,
                          const struct pp_arena *arena) {
  if (arena->nfreepools < arena->ntotalpools) return false;
  if (!heap->profile->keeps_rightmost) return true;
  return arena->nextarena != NULL;
}

/* A wholly free arena that stays is the last of usable_arenas, and alone. */
static void ensure_kept(const struct pp_heap *heap,
                        const struct pp_arena *arena) {
  const struct pp_arena *next = arena->nextarena;
  if (!heap->profile->keeps_rightmost) {
    PP_ENSURE(heap->witness, ARENA_11, arena->nfreepools < arena->ntotalpools);
  } else if (arena->nfreepools == arena->ntotalpools) {
    if (next != NULL) {
      PP_ENSURE(heap->witness, ARENA_13, next->nfreepools < next->ntotalpools);
    }
    PP_ENSURE(heap->witness, ARENA_12, next == NULL);
  }
}

static void arena_release(struct pp_heap *heap, struct pp_arena *arena) {
  uintptr_t base = arena->address;
  if (heap->profile->keeps_rightmost) {
    PP_ENSURE(heap->witness, ARENA_12, arena->nfreepools == arena->ntotalpools);
    PP_ENSURE(heap->witness, ARENA_12, arena->nextarena != NULL);
  } else {
    PP_ENSURE(heap->witness, ARENA_11, arena->nfreepools == arena->ntotalpools);
  }
  list_remove(heap, arena);
  arena->address = 0;
  slot_give(heap, arena);
  pp_map_unmark(heap, base);
  pp_arena_return(heap, base);
  heap->narenas_currently_allocated--;
}

/* Keeps usable_arenas sorted after an arena gained a pool. last_of_former is
 * the rightmost arena with as many free pools as this one had. */
static void arena_reorder(struct pp_heap *heap, struct pp_arena *arena,
                          struct pp_arena *last_of_former) {
  if (heap->nfp2lasta[arena->nfreepools] == NULL) {
    heap->nfp2lasta[arena->nfreepools] = arena;
  }
  if (arena->nfreepools == 1) {
    /* It had none, and was in no list. */
    list_insert_after(heap, NULL, arena);
    PP_ENSURE(heap->witness, ARENA_08, heap->usable_arenas == arena);
    return;
  }
  if (arena->nextarena == NULL ||
      arena->nfreepools <= arena->nextarena->nfreepools) {
    return;
  }
  struct pp_arena *left = last_with_fewer(heap, arena, last_of_former);
  list_remove(heap, arena);
  list_insert_after(heap, left, arena);
  PP_ENSURE(heap->witness, ARENA_09, arena->prevarena == left);
  PP_ENSURE(heap->witness, ARENA_09, left->nfreepools + 1 == arena->nfreepools);
}

void pp_arena_give_pool(struct pp_heap *heap, struct pp_pool *pool) {
  struct pp_arena *arena = &heap->arenas[pool->arenaindex];
  PP_REQUIRE(heap->witness, POOL_18, pool->count == 0);
  pool->nextpool = arena->freepools;
  arena->freepools = pool;
  PP_ENSURE(heap->witness, POOL_09, arena->freepools == pool);

  uint32_t former = arena->nfreepools;
  struct pp_arena *last_of_former = heap->nfp2lasta[former];
  if (former > 0 && last_of_former == arena) {
    struct pp_arena *left = arena->prevarena;
    bool same = left != NULL && left->nfreepools == former;
    heap->nfp2lasta[former] = same ? left : NULL;
  }
  arena->nfreepools++;
  PP_ENSURE(heap->witness, ARENA_02, arena->nfreepools <= arena->ntotalpools);
  if (wants_release(heap, arena)) {
    arena_release(heap, arena);
    return;
  }
  ensure_kept(heap, arena);
  arena_reorder(heap, arena, last_of_former);
  PP_CHECK(PP_MARK_OBJECT, heap->witness, pp_arena_check_order(heap, arena));
}
