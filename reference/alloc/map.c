/* Telling own blocks from foreign ones (SPEC.md, MAP).
 *
 * Up to 3.9 the heap trusts no pointer: it reads the arena index where a pool
 * header would be, wherever the pointer came from, and believes it only if the
 * arena of that index holds the pointer. That is why pools were no larger than
 * a page. From 3.10 on a radix tree over the address answers:
 *
 *   address  | top | middle | bottom | offset in the arena |
 *   root[top] -> node[middle] -> leaf[bottom] {tail_hi, tail_lo}
 *
 * The map knows whole arenas, so the gap of a misaligned one is in range. */
#include "reference/alloc/heap.h"

/* A foreign pointer's page is readable but its contents are anyone's; an
 * address sanitizer must let this one read pass. */
#if defined(__GNUC__)
#define PP_READS_FOREIGN __attribute__((no_sanitize_address, noinline))
#else
#define PP_READS_FOREIGN
#endif

PP_READS_FOREIGN
static uint32_t foreign_arena_index(const struct pp_profile *profile,
                                    const void *address) {
  const volatile struct pp_pool *pool = pp_pool_of(profile, address);
  return pool->arenaindex; /* once: another thread may be writing there */
}

static bool index_holds(const struct pp_heap *heap, const void *address) {
  uint32_t index = foreign_arena_index(heap->profile, address);
  if (index >= heap->maxarenas) return false;
  const struct pp_arena *arena = &heap->arenas[index];
  uintptr_t offset = (uintptr_t)address - arena->address;
  if (offset >= pp_arena_size(heap->profile)) return false;
  /* Only an address within the first arena size of memory gets here through
   * an unused slot. */
  if (arena->address == 0) return false;
  PP_ENSURE(heap->witness, MAP_02,
            (uintptr_t)address - arena->address < pp_arena_size(heap->profile));
  return true;
}

bool pp_map_covers(const struct pp_heap *heap, const void *address) {
  for (uint32_t i = 0; i < heap->maxarenas; i++) {
    uintptr_t base = heap->arenas[i].address;
    if (base == 0) continue;
    if ((uintptr_t)address - base < pp_arena_size(heap->profile)) return true;
  }
  return false;
}

/* ---- the radix tree ---- */

struct key {
  size_t top, middle, bottom;
  int32_t offset; /* from the last multiple of the arena size */
};

static struct key key_of(const struct pp_profile *profile, uintptr_t address) {
  uintptr_t rest = address >> profile->arena_bits;
  struct key key;
  key.offset = (int32_t)(address & (pp_arena_size(profile) - 1));
  key.bottom = rest & (((uintptr_t)1 << profile->map_bottom_bits) - 1);
  rest >>= profile->map_bottom_bits;
  key.middle = rest & (((uintptr_t)1 << profile->map_middle_bits) - 1);
  rest >>= profile->map_middle_bits;
  key.top = rest & (((uintptr_t)1 << profile->map_top_bits) - 1);
  return key;
}

static void *node_create(struct pp_heap *heap, unsigned bits, size_t entry_size,
                         uint32_t *count) {
  const struct pp_system_source *system = heap->system;
  void *node = system->calloc(system->ctx, 1, entry_size << bits);
  if (node != NULL) {
    (*count)++;
    PP_ENSURE(heap->witness, MAP_06, pp_link_read(node) == NULL);
  }
  return node;
}

/* The leaf, with the nodes above it; NULL when one of them is refused. */
static struct pp_leaf *leaf_create(struct pp_heap *heap, uintptr_t address) {
  const struct pp_profile *profile = heap->profile;
  struct pp_map *map = &heap->map;
  struct key key = key_of(profile, address);
  void **middle = map->root[key.top];
  if (middle == NULL) {
    middle = node_create(heap, profile->map_middle_bits, sizeof(void *),
                         &map->middle_count);
    if (middle == NULL) return NULL;
    map->root[key.top] = middle;
  }
  struct pp_leaf *bottom = middle[key.middle];
  if (bottom == NULL) {
    bottom = node_create(heap, profile->map_bottom_bits, sizeof(struct pp_leaf),
                         &map->bottom_count);
    if (bottom == NULL) return NULL;
    middle[key.middle] = bottom;
  }
  PP_ENSURE(heap->witness, MAP_06, pp_map_leaf(heap, address) != NULL);
  return &bottom[key.bottom];
}

struct pp_leaf *pp_map_leaf(const struct pp_heap *heap, uintptr_t address) {
  struct key key = key_of(heap->profile, address);
  void **middle = heap->map.root[key.top];
  if (middle == NULL) return NULL;
  struct pp_leaf *bottom = middle[key.middle];
  if (bottom == NULL) return NULL;
  return &bottom[key.bottom];
}

static bool radix_holds(const struct pp_heap *heap, const void *address) {
  const struct pp_leaf *leaf = pp_map_leaf(heap, (uintptr_t)address);
  if (leaf == NULL) return false;
  int32_t offset =
      (int32_t)((uintptr_t)address & (pp_arena_size(heap->profile) - 1));
  if (offset < leaf->tail_lo) return true;
  return leaf->tail_hi != 0 && offset >= leaf->tail_hi;
}

bool pp_map_holds(const struct pp_heap *heap, const void *address) {
  bool holds = heap->profile->map == PP_MAP_RADIX ? radix_holds(heap, address)
                                                  : index_holds(heap, address);
  if (heap->profile->map == PP_MAP_RADIX) {
    /* The index answers for blocks alone: elsewhere in an arena, whatever lies
     * where a header would be may say anything. */
    PP_ASSERT_(PP_MARK_HEAP, heap->witness, MAP_01,
               holds == pp_map_covers(heap, address));
  }
  return holds;
}

bool pp_map_mark(struct pp_heap *heap, uintptr_t base) {
  if (heap->profile->map != PP_MAP_RADIX) return true;
  uintptr_t end = base + pp_arena_size(heap->profile);
  int32_t offset = key_of(heap->profile, base).offset;
  struct pp_leaf *high = leaf_create(heap, base);
  if (high == NULL) return false;
  PP_REQUIRE(heap->witness, MAP_01, high->tail_hi == 0);
  if (offset == 0) {
    high->tail_hi = -1;
    PP_ENSURE(heap->witness, MAP_04, high->tail_lo == 0);
    return true;
  }
  high->tail_hi = offset;
  struct pp_leaf *low = leaf_create(heap, end);
  if (low == NULL) {
    high->tail_hi = 0;
    PP_ENSURE(heap->witness, MAP_07, !radix_holds(heap, (void *)base));
    return false;
  }
  PP_REQUIRE(heap->witness, MAP_01, low->tail_lo == 0);
  low->tail_lo = offset;
  PP_ENSURE(heap->witness, MAP_03, high->tail_hi == low->tail_lo);
  return true;
}

void pp_map_unmark(struct pp_heap *heap, uintptr_t base) {
  if (heap->profile->map != PP_MAP_RADIX) return;
  struct pp_leaf *high = pp_map_leaf(heap, base);
  PP_REQUIRE(heap->witness, MAP_06, high != NULL);
  PP_REQUIRE(heap->witness, MAP_03, high->tail_hi != 0);
  int32_t offset = high->tail_hi;
  uintptr_t end = base + pp_arena_size(heap->profile);
  high->tail_hi = 0;
  if (offset > 0) {
    struct pp_leaf *low = pp_map_leaf(heap, end);
    PP_ENSURE(heap->witness, MAP_03, low->tail_lo == offset);
    low->tail_lo = 0;
  }
  PP_ENSURE(heap->witness, MAP_05, !radix_holds(heap, (void *)base));
  PP_ENSURE(heap->witness, MAP_05, !radix_holds(heap, (void *)(end - 1)));
  PP_ENSURE(heap->witness, MAP_06, pp_map_leaf(heap, base) == high);
}

void pp_map_release(struct pp_heap *heap) {
  const struct pp_profile *profile = heap->profile;
  const struct pp_system_source *system = heap->system;
  if (profile->map != PP_MAP_RADIX) return;
  uint32_t released = 0;
  for (size_t top = 0; top >> profile->map_top_bits == 0; top++) {
    void **middle = heap->map.root[top];
    if (middle == NULL) continue;
    for (size_t i = 0; i >> profile->map_middle_bits == 0; i++) {
      if (middle[i] == NULL) continue;
      system->free(system->ctx, middle[i]);
      released++;
    }
    system->free(system->ctx, middle);
    released++;
  }
  PP_ENSURE(heap->witness, MAP_06,
            released == heap->map.middle_count + heap->map.bottom_count);
}
