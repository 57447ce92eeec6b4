/* The sources of a stand. Arenas come from one reserved region, each at its
 * place plus the skew:
 *
 *   region |    arena 0    .    |    arena 1    .    | ...
 *          |skew|          |skew|
 *
 * What lies between them, and what was given back, cannot be touched, unless
 * arenas are adjacent. System blocks carry a header that knows them again. */
#include "proptests/heaps_sources.h"

#include <stdlib.h>
#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

enum {
  PAGE = 4096,
  STRIDE_MIN = 4 * PAGE,
  JUNK = 0xa5 /* where pool headers will be: an arena need not be zeroed */
};

static const uint64_t owned_mark = 0x73797374656d2121;
/* Nodes of every profile begin and end here, and where 2^35 bytes follow. An
 * address sanitizer has nothing there. */
static const uintptr_t border = (uintptr_t)1 << 45;
static const uintptr_t border_next = (uintptr_t)1 << 35;

static bool granted(struct pp_stand *stand, enum pp_ask ask) {
  stand->asked[ask]++;
  if (stand->left[ask] == 0) return false;
  if (stand->left[ask] != SIZE_MAX) stand->left[ask]--;
  if (stand->refuse_one_in == 0) return true;
  return pp_draw(&stand->random) % stand->refuse_one_in != 0;
}

static void *note(struct pp_stand *stand, enum pp_ask ask, size_t size,
                  void *block) {
  struct pp_asked asked = {ask, size, block};
  stand->log[stand->log_count++ % PP_STAND_LOG] = asked;
  return block;
}

/* ---- arenas ---- */

static size_t stride_of(const struct pp_stand *stand) {
  size_t size = pp_arena_size(stand->profile);
  if (stand->adjacent) return size;
  return 2 * size < STRIDE_MIN ? STRIDE_MIN : 2 * size;
}

static uint8_t *reserve_at(uintptr_t address, size_t size) {
  void *got = mmap(
      (void *)address, size, PROT_NONE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == MAP_FAILED) return NULL;
  cr_assert_eq((uintptr_t)got, address);
  return got;
}

/* The first arena begins at a border, or ends there but for its skew, so that
 * every run needs the same nodes. A second stand has the next border. */
static void reserve(struct pp_stand *stand) {
  size_t size = pp_arena_size(stand->profile);
  size_t lead = size < PAGE ? PAGE : size;
  uintptr_t first = stand->at_border ? border - lead : border;
  stand->region_size = (PP_STAND_ARENAS + 1) * stride_of(stand) + 2 * lead;
  for (int i = 0; stand->region == NULL && i < 8; i++)
    stand->region = reserve_at(first + i * border_next, stand->region_size);
  cr_assert(stand->region != NULL, "no room for arenas");
  if (stand->adjacent)
    cr_assert_eq(
        mprotect(stand->region, stand->region_size, PROT_READ | PROT_WRITE), 0);
}

/* Where arena number i lies before it is skewed. */
static uint8_t *place_of(const struct pp_stand *stand, size_t i) {
  size_t size = pp_arena_size(stand->profile);
  uint8_t *first = stand->region;
  if (stand->at_border && size < PAGE) first += PAGE - size;
  return first + i * stride_of(stand);
}

static void protect(const struct pp_stand *stand, uint8_t *base, int rights) {
  uintptr_t first = (uintptr_t)base & ~(uintptr_t)(PAGE - 1);
  uintptr_t end = (uintptr_t)base + pp_arena_size(stand->profile);
  size_t size = (end - first + PAGE - 1) & ~(size_t)(PAGE - 1);
  if (stand->adjacent) return;
  if (rights == PROT_NONE) /* its contents are lost, too */
    madvise((void *)first, size, MADV_DONTNEED);
  cr_assert_eq(mprotect((void *)first, size, rights), 0);
}

static void *arena_alloc(void *ctx, size_t size) {
  struct pp_stand *stand = ctx;
  SEE_EQ(size, pp_arena_size(stand->profile));
  if (!granted(stand, PP_ASK_ARENA))
    return note(stand, PP_ASK_ARENA, size, NULL);
  if (stand->region == NULL) reserve(stand);
  size_t i = 0;
  while (i < PP_STAND_ARENAS && stand->arenas[i] != NULL)
    i++;
  SEE(i < PP_STAND_ARENAS);
  uint8_t *base = place_of(stand, i) + stand->skew;
  stand->arenas[i] = base;
  protect(stand, base, PROT_READ | PROT_WRITE);
  uintptr_t pool = pp_pool_ceiling(stand->profile, (uintptr_t)base);
  for (uint32_t n = pp_arena_pools(stand->profile, (uintptr_t)base); n > 0;
       n--) {
    memset((void *)pool, JUNK, PP_POOL_HEADER);
    pool += pp_pool_size(stand->profile);
  }
  return note(stand, PP_ASK_ARENA, size, base);
}

static void arena_free(void *ctx, void *base, size_t size) {
  struct pp_stand *stand = ctx;
  stand->asked[PP_GIVE_ARENA]++;
  note(stand, PP_GIVE_ARENA, size, base);
  SEE_EQ(size, pp_arena_size(stand->profile));
  size_t i = 0;
  while (i < PP_STAND_ARENAS && stand->arenas[i] != base)
    i++;
  SEE(i < PP_STAND_ARENAS);
  stand->arenas[i] = NULL;
  protect(stand, base, PROT_NONE);
}

/* ---- the system ---- */

static void own(struct pp_stand *stand, struct pp_owned *owned, size_t size) {
  owned->mark = owned_mark;
  owned->size = size;
  owned->prev = &stand->owned;
  owned->next = stand->owned.next;
  owned->next->prev = owned;
  stand->owned.next = owned;
  stand->owned_count++;
}

static struct pp_owned *disown(struct pp_stand *stand, void *block) {
  struct pp_owned *owned = (struct pp_owned *)block - 1;
  SEE(owned->mark == owned_mark);
  owned->mark = 0;
  owned->prev->next = owned->next;
  owned->next->prev = owned->prev;
  stand->owned_count--;
  return owned;
}

/* realloc of NULL is malloc, and calloc clears. */
static void *system_ask(struct pp_stand *stand, enum pp_ask ask, void *block,
                        size_t size) {
  SEE(size > 0);
  /* No host has half of the address space. */
  if (!granted(stand, ask) || size >= (size_t)1 << 40)
    return note(stand, ask, size, NULL);
  struct pp_owned *owned = malloc(sizeof *owned + size);
  cr_assert_not_null(owned);
  own(stand, owned, size);
  if (ask == PP_ASK_CALLOC)
    memset(owned + 1, 0, size);
  else
    memset(owned + 1, JUNK, size);
  if (block != NULL) {
    struct pp_owned *old = disown(stand, block);
    memcpy(owned + 1, block, old->size < size ? old->size : size);
    free(old);
  }
  return note(stand, ask, size, owned + 1);
}

static void *system_malloc(void *ctx, size_t size) {
  return system_ask(ctx, PP_ASK_MALLOC, NULL, size);
}

static void *system_calloc(void *ctx, size_t count, size_t size) {
  struct pp_stand *stand = ctx;
  SEE(count > 0);
  SEE(size > 0);
  SEE(count <= PTRDIFF_MAX / size);
  return system_ask(ctx, PP_ASK_CALLOC, NULL, count * size);
}

static void *system_realloc(void *ctx, void *block, size_t size) {
  return system_ask(ctx, PP_ASK_REALLOC, block, size);
}

static void system_free(void *ctx, void *block) {
  struct pp_stand *stand = ctx;
  stand->asked[PP_GIVE_SYSTEM]++;
  note(stand, PP_GIVE_SYSTEM, 0, block);
  free(disown(stand, block));
}

/* ---- opening and closing ---- */

void pp_sources_open(struct pp_stand *stand) {
  stand->owned.next = &stand->owned;
  stand->owned.prev = &stand->owned;
  stand->arena_source =
      (struct pp_arena_source){stand, arena_alloc, arena_free};
  stand->system_source = (struct pp_system_source){
      stand, system_malloc, system_calloc, system_realloc, system_free};
}

void pp_sources_close(struct pp_stand *stand) {
  while (stand->owned.next != &stand->owned)
    free(disown(stand, stand->owned.next + 1));
  if (stand->region != NULL) munmap(stand->region, stand->region_size);
}
