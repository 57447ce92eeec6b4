/* The beginning and the end of a heap: what the numbers of its profile have to
 * be, what it is made of, and what it gives back (SPEC.md, GEO, SC, MAP-08 and
 * HEAP-15). */
#include "reference/alloc/heap.h"

size_t pp_heap_size(const struct pp_profile *profile) {
  size_t root = 0;
  if (profile->map == PP_MAP_RADIX) {
    root = sizeof(void *) << profile->map_top_bits;
  }
  return sizeof(struct pp_heap) + root;
}

/* What the numbers of a profile have to be for the rest to hold. */
static void ensure_profile(const struct pp_profile *profile,
                           struct pp_witness *witness) {
  PP_REQUIRE(witness, SC_06, profile->class_count <= PP_CLASS_MAX);
  for (uint32_t i = 0; i < profile->class_count; i++) {
    PP_REQUIRE(witness, SC_05, pp_class_capacity(profile, i) >= 2);
  }
  if (profile->id < PP_PROFILE_TINY) {
    bool fine = profile->id == PP_PROFILE_3_7_3;
    PP_REQUIRE(witness, GEO_07, pp_small_max(profile) == PP_BLOCK_MAX);
    PP_REQUIRE(witness, SC_06,
               profile->class_count ==
                   (fine ? PP_CLASS_MAX : PP_CLASS_MAX / 2));
  }
  PP_REQUIRE(witness, GEO_06,
             pp_arena_size(profile) >> profile->pool_bits <=
                 PP_ARENA_POOLS_MAX);
  if (profile->map == PP_MAP_RADIX) {
    unsigned bits = profile->map_top_bits + profile->map_middle_bits +
                    profile->map_bottom_bits + profile->arena_bits;
    bool narrow =
        profile->id == PP_PROFILE_3_10 || profile->id == PP_PROFILE_TINY;
    PP_REQUIRE(witness, MAP_08,
               bits == (narrow ? PP_ADDRESS_BITS_NARROW : PP_ADDRESS_BITS));
  }
}

struct pp_heap *pp_heap_create(void *memory, const struct pp_profile *profile,
                               const struct pp_arena_source *arenas,
                               const struct pp_system_source *system,
                               struct pp_witness *witness) {
  struct pp_heap *heap = memory;
  memset(memory, 0, pp_heap_size(profile));
  heap->profile = profile;
  heap->arena_source = arenas;
  heap->system = system;
  heap->witness = witness;
  heap->map.root = (void **)(heap + 1);
  ensure_profile(profile, witness);
  for (uint32_t i = 0; i < profile->class_count; i++) {
    struct pp_pool *ring = &heap->usedpools[i];
    ring->nextpool = ring;
    ring->prevpool = ring;
  }
  return heap;
}

void pp_heap_destroy(struct pp_heap *heap) {
  for (uint32_t i = 0; i < heap->maxarenas; i++) {
    uintptr_t base = heap->arenas[i].address;
    if (base == 0) continue;
    heap->arenas[i].address = 0;
    pp_arena_return(heap, base);
  }
  PP_ENSURE(heap->witness, HEAP_15, heap->arenas_out == 0);
  pp_map_release(heap);
  if (heap->arenas != NULL) {
    heap->system->free(heap->system->ctx, heap->arenas);
  }
  memset(heap, 0, sizeof *heap);
}
