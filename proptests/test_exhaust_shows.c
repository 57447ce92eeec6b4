/* What shows that two heaps are not the same: a walk over their pools, or a few
 * further operations, than which no fewer do. */
#include <stdio.h>
#include <string.h>

#include "proptests/searched.h"

/* Two arenas of three pools each, all of large blocks: in the first, two with
 * one block and an empty one; in the second, two empty ones and a full one. */
static struct pp_exhaust_geometry geometry;
static struct pp_exhaust *search;
static struct pp_reference subject;
static struct pp_image before, after;
static struct pp_pool *pools[6];

#define world search->world

static void open_search(void) {
  uint8_t *blocks[12];
  static const unsigned freed[] = {1, 3, 4, 5, 6, 7, 8, 9};
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  subject = pp_reference_none;
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  options.subject = &subject;
  search = pp_searched_open(&options);
  for (unsigned i = 0; i < 12; i++)
    blocks[i] = pp_world_malloc(&world, 32);
  for (unsigned i = 0; i < sizeof freed / sizeof freed[0]; i++)
    pp_world_free(&world, blocks[freed[i]]);
  for (unsigned i = 0; i < 6; i++)
    pools[i] = pp_pool_of(world.profile, blocks[2 * i]);
  before = pp_image_open(&world);
  after = pp_image_open(&world);
  pp_world_save(&world, before);
}

static void close_search(void) {
  pp_image_close(&world, before);
  pp_image_close(&world, after);
  pp_exhaust_close(search);
}

TestSuite(exhaust_shows, .init = open_search, .fini = close_search);

/* ---- a walk ---- */

/* Whether a walk tells the heap as it is here from that of `before`. */
static bool walks_apart(void) {
  pp_world_save(&world, after);
  bool one = pp_twin_walk_differs(&world, before, after);
  cr_expect(pp_world_is(&world, after));
  cr_expect_eq(pp_twin_walk_differs(&world, after, before), one);
  cr_expect(pp_world_is(&world, before));
  return one;
}

#define APART(change)                  \
  do {                                 \
    pp_world_load(&world, before);     \
    change;                            \
    cr_expect(walks_apart(), #change); \
  } while (0)
#define ALIKE(change)                      \
  do {                                     \
    pp_world_load(&world, before);         \
    change;                                \
    cr_expect_not(walks_apart(), #change); \
  } while (0)

Test(exhaust_shows, a_walk_meets_the_headers_of_pools_in_use) {
  ALIKE((void)0);
  for (unsigned i = 0; i < 6; i += 5) {
    APART(pools[i]->count++);
    APART(pools[i]->count = 0);
    APART(pools[i]->szidx--);
    APART(pools[i]->nextoffset++);
    APART(pools[i]->freeblock++);
    ALIKE(pools[i]->nextpool = NULL);
    ALIKE(pools[i]->maxnextoffset++);
    ALIKE(pools[i]->arenaindex++);
  }
  APART(pools[1]->szidx--);
  APART(pools[3]->count++);
  ALIKE(pools[3]->szidx--);
  ALIKE(pools[3]->freeblock++);
  ALIKE(world.heap->live_blocks++);
}

/* What was not carved, and what is not held, no walk comes to. */
Test(exhaust_shows, a_walk_ends_with_the_last_carved_pool) {
  world.vector[1].pool_address -= 128;
  pp_world_save(&world, before);
  ALIKE(pools[5]->count++);
  APART(pools[3]->count++);
  world.given.places = 1;
  pp_world_save(&world, before);
  ALIKE(pools[3]->count++);
  APART(pools[0]->count++);
}

/* ---- further operations ---- */

/* So many operations tell the heap as it is here from that of `before`; one
 * more than `most` when none do. */
static unsigned shown(unsigned most) {
  unsigned count = 77;
  struct pp_showing showing = pp_showing_open(&world);
  pp_world_save(&world, showing.subject[0]);
  pp_world_load(&world, before);
  pp_world_save(&world, showing.reference[0]);
  bool found = pp_showing_find(search, &showing, most, &count);
  cr_expect_eq(found, count <= most);
  pp_showing_close(&world, &showing);
  return count;
}

#define SHOWS_IN(operations, change)                  \
  do {                                                \
    pp_world_load(&world, before);                    \
    change;                                           \
    unsigned is = shown(3);                           \
    cr_expect_eq(is, operations, #change ": %u", is); \
  } while (0)

Test(exhaust_shows, nothing_tells_a_heap_from_itself) {
  SHOWS_IN(4, (void)0);
}

Test(exhaust_shows, the_fewest_operations_show_a_difference) {
  struct pp_heap *heap = world.heap;
  struct pp_pool *ring = &heap->usedpools[1];
  struct pp_arena *first = &world.vector[0], *second = &world.vector[1];
  SHOWS_IN(1, (ring->nextpool = pools[0], pools[0]->prevpool = ring,
               pools[0]->nextpool = pools[1], pools[1]->prevpool = pools[0],
               pools[1]->nextpool = ring, ring->prevpool = pools[1]));
  SHOWS_IN(1, (heap->usable_arenas = second, second->nextarena = first,
               second->prevarena = NULL, first->prevarena = second,
               first->nextarena = NULL));
  SHOWS_IN(3, (second->freepools = pools[3], pools[3]->nextpool = pools[4],
               pools[4]->nextpool = NULL));
  SHOWS_IN(4, heap->nfp2lasta[2] = NULL);
  SHOWS_IN(4, heap->live_blocks++);
}

Test(exhaust_shows, no_operation_shows_nothing) {
  struct pp_heap *heap = world.heap;
  heap->usedpools[1].nextpool = pools[0];
  cr_expect_eq(shown(0), 1);
}

/* Both pools of the first arena are emptied, which is released; and the next
 * pool is taken from the second. */
Test(exhaust_shows, what_was_shown_is_kept) {
  struct pp_arena *second = &world.vector[1];
  struct pp_showing showing = pp_showing_open(&world);
  unsigned count;
  pp_world_save(&world, showing.reference[0]);
  second->freepools = pools[3];
  pools[3]->nextpool = pools[4];
  pools[4]->nextpool = NULL;
  pp_world_save(&world, showing.subject[0]);
  cr_assert(pp_showing_find(search, &showing, 3, &count));
  cr_assert_eq(count, 3);
  for (unsigned i = 0; i < 2; i++) {
    const struct pp_shown *one = &showing.shown[i];
    cr_expect_eq(one->move.kind, PP_OP_FREE);
    cr_expect_eq(one->move.block, (uint8_t *)pools[1 - i] + PP_POOL_HEADER);
    cr_expect_null(one->answer);
    cr_expect_eq(one->call_count, i);
  }
  cr_expect_eq(showing.shown[1].calls[0].kind, PP_CALL_ARENA_FREE);
  cr_expect_eq(showing.shown[2].move.kind, PP_OP_MALLOC);
  cr_expect_eq(showing.shown[2].move.a, 16);
  cr_expect_eq(showing.shown[2].answer, (uint8_t *)pools[4] + PP_POOL_HEADER);
  pp_showing_close(&world, &showing);
}

Test(exhaust_shows, images_are_given_back) {
  size_t mapped = pp_pages_mapped();
  struct pp_showing showing = pp_showing_open(&world);
  cr_expect_gt(pp_pages_mapped(), mapped);
  pp_showing_close(&world, &showing);
  cr_expect_eq(pp_pages_mapped(), mapped);
}

/* ---- what is tried ---- */

/* From the same heap. */
static unsigned shown_again(unsigned most) {
  pp_world_load(&world, before);
  return shown(most);
}

static char tried[256];

static void *note_malloc(struct pp_heap *heap, size_t size) {
  char text[32];
  snprintf(text, sizeof text, "%zu ", size);
  strcat(tried, text);
  return pp_reference_none.malloc(heap, size);
}

static void note_free(struct pp_heap *heap, void *block) {
  char text[32];
  snprintf(text, sizeof text, "@%zu ",
           (size_t)((uintptr_t)block - world.first_pool[0]));
  strcat(tried, text);
  pp_reference_none.free(heap, block);
}

/* A request of each class and a free of each pool with a live block; after
 * each of the two that empty a pool, one block fewer. */
Test(exhaust_shows, requests_of_each_class_and_a_free_of_each_pool_are_tried) {
  subject.malloc = note_malloc;
  subject.free = note_free;
  cr_expect_eq(shown_again(1), 2);
  cr_expect_str_eq(tried, "16 32 @176 @48 @944 ");
  tried[0] = 0;
  pp_world_load(&world, world.blank);
  pp_world_save(&world, before);
  cr_expect_eq(shown_again(1), 2);
  cr_expect_str_eq(tried, "16 32 ");
  tried[0] = 0;
  pp_world_load(&world, before);
  pp_world_malloc(&world, 33);
  pp_world_save(&world, before);
  cr_expect_eq(shown_again(1), 2);
  cr_expect_str_eq(tried, "16 32 @1216 ");
}

/* ---- a build that does otherwise ---- */

static void *break_malloc(struct pp_heap *heap, size_t size) {
  if (size == 32) heap->witness->broken(heap->witness, PP_POOL_01, "here");
  return pp_reference_none.malloc(heap, size);
}

static void broken_later(struct pp_world *of, void *ctx) {
  cr_expect_eq(shown_again(1), 1);
  *(unsigned *)ctx = 1;
  of->witness.broken(&of->witness, PP_POOL_02, "there");
}

Test(exhaust_shows, what_a_build_breaks_on_the_way_shows_it) {
  unsigned come = 0;
  subject.malloc = break_malloc;
  pp_world_breaks(&world, broken_later, &come);
  cr_expect_eq(come, 1);
  pp_world_says(&world, PP_POOL_02, "there");
}

static void *ask_more(struct pp_heap *heap, size_t size) {
  heap->system->free(heap->system->ctx,
                     heap->system->malloc(heap->system->ctx, 1));
  return pp_reference_none.malloc(heap, size);
}

/* All arenas are full, and an arena is asked for: the second call. */
static void *ask_otherwise(struct pp_heap *heap, size_t size) {
  void *block = pp_reference_none.malloc(heap, size);
  world.calls[1].kind = PP_CALL_RESIZE;
  return block;
}

static void *answered_otherwise(struct pp_heap *heap, size_t size) {
  void *block = pp_reference_none.malloc(heap, size);
  world.calls[1].address = heap;
  return block;
}

Test(exhaust_shows, calls_of_a_source_show_a_build) {
  subject.malloc = ask_more;
  cr_expect_eq(shown_again(1), 1);
  subject.malloc = ask_otherwise;
  cr_expect_eq(shown_again(1), 2);
  pp_world_load(&world, before);
  for (unsigned i = 0; i < 8; i++)
    pp_world_malloc(&world, 32);
  pp_world_save(&world, before);
  cr_expect_eq(shown_again(1), 1);
  subject.malloc = answered_otherwise;
  cr_expect_eq(shown_again(1), 1);
  subject.malloc = pp_reference_none.malloc;
  cr_expect_eq(shown_again(1), 2);
}

static void *spoil_malloc(struct pp_heap *heap, size_t size) {
  uint8_t *block = pp_reference_none.malloc(heap, size);
  if (size == 32) pp_pool_of(world.profile, block)->count++;
  return block;
}

Test(exhaust_shows, a_header_shows_a_build) {
  subject.malloc = spoil_malloc;
  cr_expect_eq(shown_again(1), 1);
}

/* A heap that is in no state at all has no operations. */
Test(exhaust_shows, a_heap_in_no_state_shows_nothing) {
  pools[0]->nextpool = pools[0];
  pp_world_save(&world, before);
  cr_expect_eq(shown_again(2), 3);
}
