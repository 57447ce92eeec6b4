/* The world of the exhaustive search: where its arenas lie, what its sources
 * grant and refuse, what they say is broken, and that an image holds it all. */
#include <string.h>

#include "proptests/searched.h"

static struct pp_exhaust_geometry geometry;
static struct pp_world world;

static void open_world(void) {
  geometry = pp_searched_geometry("tiny, 3 arenas, 1 class", 0);
  geometry.system_blocks = 2;
  pp_searched_world(&world, &geometry);
}

static void close_world(void) {
  pp_world_close(&world);
}

TestSuite(exhaust_world, .init = open_world, .fini = close_world);

/* ---- the layout ---- */

static size_t at(uintptr_t address) {
  return address - (uintptr_t)world.low;
}

Test(exhaust_world, arenas_lie_one_behind_the_other) {
  const size_t bases[] = {32, 512 + 160, 1024 + 288};
  const size_t pools[] = {128, 512 + 256, 1024 + 384};
  for (unsigned i = 0; i < 3; i++) {
    cr_expect_eq(at(world.base[i]), bases[i]);
    cr_expect_eq(at(world.first_pool[i]), pools[i]);
    cr_expect_eq(world.pools[i], 3);
  }
  cr_expect_eq(at((uintptr_t)world.system), 2048);
  cr_expect_eq(at((uintptr_t)world.high), 2048 + 2 * 256);
}

/* The third arena has its first byte in one node of the map and its last in
 * the next, and both nodes are of one middle node. */
Test(exhaust_world, a_boundary_of_the_map_is_behind_two_arenas) {
  uintptr_t node = (uintptr_t)512 << 13, branch = node << 13;
  uintptr_t boundary = (uintptr_t)world.low + 3 * 512;
  cr_expect_eq(boundary % node, 0);
  cr_expect_neq(boundary % branch, 0);
  cr_expect_gt(boundary, (uintptr_t)world.region + node);
  cr_expect_lt((uintptr_t)world.high, (uintptr_t)world.region + (1 << 25));
}

Test(exhaust_world, each_pool_has_a_place) {
  for (size_t unit = 0; unit < 40; unit++) {
    unsigned place = PP_NOWHERE;
    if (unit >= 1 && unit < 4) place = 0;
    if (unit >= 6 && unit < 9) place = 1;
    if (unit >= 11 && unit < 14) place = 2;
    cr_expect_eq(pp_world_place(&world, world.low + unit * 128), place);
    cr_expect_eq(pp_world_place(&world, world.low + unit * 128 + 127), place);
  }
  cr_expect_eq(pp_world_place(&world, world.low - 1), PP_NOWHERE);
  cr_expect_eq(pp_world_place(&world, world.low + 256 * 128), PP_NOWHERE);
}

Test(exhaust_world, no_word_is_like_another) {
  size_t words = (size_t)(world.high - world.low) / 8;
  for (size_t i = 0; i < words; i++) {
    uint64_t word;
    memcpy(&word, world.low + i * 8, 8);
    for (size_t j = 0; j < 64 && j < i; j++)
      cr_assert_neq(memcmp(&word, world.low + (i - j - 1) * 8, 8), 0);
    cr_assert_neq(word, 0);
  }
}

/* What would be the header of a pool around it names the first slot. */
Test(exhaust_world, a_block_of_the_system_looks_like_one_of_a_pool) {
  for (unsigned i = 0; i < 2; i++) {
    const uint8_t *block = world.system + i * 256 + 64;
    cr_expect_eq(pp_pool_of(world.profile, block)->arenaindex, 0);
  }
}

Test(exhaust_world, a_world_that_is_closed_leaves_nothing) {
  static struct pp_world other;
  struct pp_exhaust_geometry its =
      pp_searched_geometry("small-table, 1 arena", 0);
  size_t mapped = pp_pages_mapped();
  pp_searched_world(&other, &geometry);
  pp_world_close(&other);
  cr_expect_eq(pp_pages_mapped(), mapped);
  pp_searched_world(&other, &its);
  pp_world_close(&other);
  cr_expect_eq(pp_pages_mapped(), mapped);
}

/* ---- one request to a source ---- */

enum request { ARENA, ARENA_FREE, MALLOC, CALLOC, REALLOC, FREE };

struct asked {
  enum request request;
  void *block;
  size_t size;
  void *answer;
};

static void ask(struct pp_world *of, void *ctx) {
  struct asked *asked = ctx;
  const struct pp_arena_source *arenas = of->heap->arena_source;
  const struct pp_system_source *system = of->heap->system;
  void *block = asked->block;
  size_t size = asked->size;
  switch (asked->request) {
  case ARENA: asked->answer = arenas->alloc(arenas->ctx, size); break;
  case ARENA_FREE: arenas->free(arenas->ctx, block, size); break;
  case MALLOC: asked->answer = system->malloc(system->ctx, size); break;
  case CALLOC: asked->answer = system->calloc(system->ctx, 8, size / 8); break;
  case REALLOC:
    asked->answer = system->realloc(system->ctx, block, size);
    break;
  case FREE: system->free(system->ctx, block); break;
  }
}

/* The answer; what is broken is in the finding of the world. */
static void *request(enum request kind, void *block, size_t size) {
  struct asked asked = {kind, block, size, NULL};
  pp_world_breaks(&world, ask, &asked);
  return asked.answer;
}

/* A request that is sound, and noted as this call. */
static void *noted(enum request kind, void *block, size_t size,
                   enum pp_world_call_kind call_kind) {
  unsigned count = world.call_count;
  unsigned asked = world.asked;
  void *answer = request(kind, block, size);
  bool choice = kind != ARENA_FREE && kind != FREE;
  pp_world_says(&world, PP_HOLDS, "");
  cr_assert_eq(world.call_count, count + 1);
  const struct pp_world_call *call = &world.calls[count];
  cr_expect_eq(call->kind, call_kind);
  cr_expect_eq(call->size, size);
  cr_expect_eq(call->refused, choice && answer == NULL);
  cr_expect_eq(world.asked, asked + choice);
  if (choice && answer != NULL) cr_expect_eq(call->address, answer);
  if (block != NULL) cr_expect_eq(call->address, block);
  if (block == NULL && answer == NULL) cr_expect_null(call->address);
  return answer;
}

static void breaks(enum request kind, void *block, size_t size,
                   enum pp_clause clause, const char *what) {
  request(kind, block, size);
  pp_world_says(&world, clause, what);
}

/* ---- arenas ---- */

static void *arena(unsigned place) {
  return (void *)world.base[place];
}

Test(exhaust_world, the_lowest_vacant_arena_is_given) {
  for (unsigned i = 0; i < 3; i++)
    cr_expect_eq(noted(ARENA, NULL, 512, PP_CALL_ARENA), arena(i));
  cr_expect_eq(world.given.places, 7);
  cr_expect_eq(world.forced, 0);
  cr_expect_null(noted(ARENA, NULL, 512, PP_CALL_ARENA));
  cr_expect_eq(world.forced, 8, "the fourth request finds none");
  cr_expect_eq(world.refused, 8);
  noted(ARENA_FREE, arena(1), 512, PP_CALL_ARENA_FREE);
  cr_expect_eq(world.given.places, 5);
  cr_expect_eq(noted(ARENA, NULL, 512, PP_CALL_ARENA), arena(1));
  cr_expect_eq(world.given.places, 7);
}

Test(exhaust_world, what_is_wanted_to_be_refused_is) {
  world.wanted = 5;
  cr_expect_null(noted(ARENA, NULL, 512, PP_CALL_ARENA));
  cr_expect_eq(noted(ARENA, NULL, 512, PP_CALL_ARENA), arena(0));
  cr_expect_null(noted(MALLOC, NULL, 40, PP_CALL_SYSTEM));
  cr_expect_eq(world.refused, 5);
  cr_expect_eq(world.forced, 0);
  cr_expect_eq(world.given.places, 1);
  cr_expect_eq(world.given.system, 0);
}

Test(ARENA_22, an_arena_is_given_back_as_it_was_given) {
  open_world();
  noted(ARENA, NULL, 512, PP_CALL_ARENA);
  breaks(ARENA, NULL, 511, PP_ARENA_22, "an arena of 511 bytes is asked for");
  breaks(ARENA_FREE, arena(0), 256, PP_ARENA_22,
         "an arena is released with 256 bytes");
  breaks(ARENA_FREE, arena(1), 512, PP_ARENA_22,
         "an arena is released that is not held");
  breaks(ARENA_FREE, (uint8_t *)arena(0) + 1, 512, PP_ARENA_22,
         "what is released is no arena");
  breaks(ARENA_FREE, NULL, 512, PP_ARENA_22, "what is released is no arena");
  cr_expect_eq(world.given.places, 1);
  close_world();
}

/* ---- blocks of the system ---- */

Test(exhaust_world, the_lowest_vacant_block_is_given) {
  uint8_t *first = world.system + 64;
  cr_expect_eq(noted(MALLOC, NULL, 1, PP_CALL_SYSTEM), first);
  cr_expect_eq(noted(CALLOC, NULL, 192, PP_CALL_SYSTEM), first + 256);
  cr_expect_eq(world.given.system, 3);
  for (unsigned i = 0; i < 192; i++)
    cr_assert_eq(first[256 + i], 0);
  cr_expect_neq(first[255], 0);
  cr_expect_null(noted(MALLOC, NULL, 1, PP_CALL_SYSTEM));
  cr_expect_eq(world.forced, 4);
  noted(FREE, first, 0, PP_CALL_SYSTEM_FREE);
  cr_expect_eq(world.given.system, 2);
  cr_expect_null(noted(MALLOC, NULL, 193, PP_CALL_SYSTEM), "it is too long");
  cr_expect_eq(world.forced, 12);
  cr_expect_null(noted(CALLOC, NULL, 200, PP_CALL_SYSTEM));
  cr_expect_eq(noted(MALLOC, NULL, 192, PP_CALL_SYSTEM), first);
  noted(FREE, first + 256, 0, PP_CALL_SYSTEM_FREE);
  cr_expect_eq(world.given.system, 1);
}

Test(REALLOC_02, a_block_of_the_system_is_resized_where_it_is) {
  open_world();
  uint8_t *block = noted(MALLOC, NULL, 1, PP_CALL_SYSTEM);
  cr_expect_eq(noted(REALLOC, block, 192, PP_CALL_RESIZE), block);
  cr_expect_null(noted(REALLOC, block, 193, PP_CALL_RESIZE));
  cr_expect_eq(world.forced, 4);
  world.wanted = 8;
  cr_expect_null(noted(REALLOC, block, 2, PP_CALL_RESIZE));
  static const char what[] = "the system is to resize what is not its block";
  breaks(REALLOC, block + 1, 2, PP_REALLOC_02, what);
  breaks(REALLOC, block + 256, 2, PP_REALLOC_02, what);
  breaks(REALLOC, block + 512, 2, PP_REALLOC_02, what);
  close_world();
}

Test(HEAP_10, a_block_of_the_system_is_freed_once) {
  open_world();
  uint8_t *block = noted(MALLOC, NULL, 1, PP_CALL_SYSTEM);
  static const char what[] = "the system is to free what is not its block";
  breaks(FREE, block + 1, 0, PP_HEAP_10, what);
  breaks(FREE, block + 256, 0, PP_HEAP_10, what);
  breaks(FREE, NULL, 0, PP_HEAP_10, what);
  noted(FREE, block, 0, PP_CALL_SYSTEM_FREE);
  breaks(FREE, block, 0, PP_HEAP_10, what);
  close_world();
}

/* ---- what the heap takes for itself ---- */

enum { VECTOR = 16 * 48, NODE = sizeof(void *) << 13 };

Test(ARENA_14, the_vector_is_given_once) {
  open_world();
  breaks(REALLOC, NULL, VECTOR - 48, PP_ARENA_14,
         "the first vector of arenas has 720 bytes");
  cr_expect_eq(noted(REALLOC, NULL, VECTOR, PP_CALL_VECTOR), world.vector);
  cr_expect(world.given.vector);
  cr_expect_null(noted(REALLOC, NULL, VECTOR, PP_CALL_VECTOR));
  noted(FREE, world.vector, 0, PP_CALL_SYSTEM_FREE);
  cr_expect_not(world.given.vector);
  breaks(FREE, world.vector, 0, PP_HEAP_10,
         "the system is to free what is not its block");
  close_world();
}

Test(MAP_06, nodes_are_given_from_the_top_and_kept) {
  open_world();
  uint8_t *bottoms = (uint8_t *)world.bottoms;
  cr_expect_eq(noted(CALLOC, NULL, NODE, PP_CALL_NODE), world.middle);
  cr_expect(world.given.middle);
  cr_expect_eq(world.given.bottoms, 0);
  cr_expect_eq(noted(CALLOC, NULL, NODE, PP_CALL_NODE), bottoms);
  cr_expect_eq(noted(CALLOC, NULL, NODE, PP_CALL_NODE), bottoms + NODE);
  cr_expect_eq(world.given.bottoms, 2);
  cr_expect_null(noted(CALLOC, NULL, NODE, PP_CALL_NODE));
  static const char what[] = "a node of the map is freed, and the heap goes on";
  breaks(FREE, world.middle, 0, PP_MAP_06, what);
  breaks(FREE, bottoms, 0, PP_MAP_06, what);
  breaks(FREE, bottoms + NODE, 0, PP_MAP_06, what);
  cr_expect_eq(world.given.bottoms, 2);
  static const char other[] = "the system is to free what is not its block";
  breaks(FREE, bottoms + 2 * NODE, 0, PP_HEAP_10, other);
  breaks(FREE, bottoms + 8, 0, PP_HEAP_10, other);
  world.ending = true;
  world.call_count = 0;
  noted(FREE, bottoms + NODE, 0, PP_CALL_SYSTEM_FREE);
  cr_expect_eq(world.given.bottoms, 1);
  noted(FREE, bottoms, 0, PP_CALL_SYSTEM_FREE);
  cr_expect_eq(world.given.bottoms, 0);
  cr_expect(world.given.middle);
  noted(FREE, bottoms, 0, PP_CALL_SYSTEM_FREE);
  cr_expect_eq(world.given.bottoms, 0, "no less than none");
  noted(FREE, world.middle, 0, PP_CALL_SYSTEM_FREE);
  cr_expect_not(world.given.middle);
  breaks(FREE, world.middle, 0, PP_HEAP_10, other);
  close_world();
}

/* ---- what is broken ---- */

static void tell(struct pp_world *of, void *where) {
  of->heap->witness->broken(of->heap->witness, PP_POOL_03, where);
}

Test(exhaust_world, an_assertion_is_told_without_its_folder) {
  static char far[] = "reference/alloc/pool.c:3: a / b", near[] = "pool.c:4: b";
  pp_world_breaks(&world, tell, far);
  pp_world_says(&world, PP_POOL_03, " b");
  pp_world_breaks(&world, tell, near);
  pp_world_says(&world, PP_POOL_03, near);
}

Test(exhaust_world, calls_beyond_the_most_are_performed_and_not_noted) {
  for (unsigned i = 0; i < PP_WORLD_CALLS_MAX / 2; i++) {
    uint8_t *block = noted(MALLOC, NULL, 1, PP_CALL_SYSTEM);
    noted(FREE, block, 0, PP_CALL_SYSTEM_FREE);
  }
  uint8_t *block = request(MALLOC, NULL, 1);
  cr_expect_eq(block, world.system + 64);
  cr_expect_eq(world.call_count, PP_WORLD_CALLS_MAX);
  cr_expect_eq(world.calls[PP_WORLD_CALLS_MAX - 1].kind, PP_CALL_SYSTEM_FREE);
  cr_expect_eq(world.given.system, 1);
}

/* ---- images ---- */

/* A byte that an operation may change is told, and put back. */
static void is_watched(void *address, const char *what) {
  uint8_t *byte = address;
  struct pp_image image = pp_image_open(&world);
  pp_world_save(&world, image);
  cr_expect(pp_world_is(&world, image), "%s", what);
  *byte ^= 1;
  cr_expect_not(pp_world_is(&world, image), "%s", what);
  pp_world_load(&world, image);
  cr_expect(pp_world_is(&world, image), "%s", what);
  *byte ^= 1;
  cr_expect_not(pp_world_is(&world, image), "%s", what);
  pp_world_load(&world, image);
  pp_image_close(&world, image);
}

Test(exhaust_world, an_image_holds_all_that_an_operation_changes) {
  struct pp_heap *heap = world.heap;
  for (unsigned i = 0; i < 3; i++)
    pp_world_malloc(&world, 32);
  is_watched(world.low, "the first byte of the arenas");
  is_watched(world.system - 1, "the last byte of the arenas");
  is_watched(world.high - 1, "the last byte of the system");
  is_watched(world.vector, "the first slot");
  is_watched((uint8_t *)(world.vector + 4) - 1, "the slot behind the last");
  is_watched(&heap->usedpools[0].nextpool, "the first ring");
  is_watched(&heap->usedpools[1].prevpool, "the last ring");
  is_watched(&heap->arenas, "the vector of the heap");
  is_watched(&heap->nfp2lasta[4], "nfp2lasta");
  is_watched(&heap->live_blocks, "the last count");
  is_watched(&world.given, "what was given");
  is_watched(&world.given.bottoms, "the nodes that were given");
  is_watched(world.root_entry, "the root of the map");
  is_watched(world.middle_entries, "the middle of the map");
  is_watched(world.middle_entries + 1, "the other entry of it");
  for (unsigned i = 0; i < 3; i++)
    is_watched(pp_map_leaf(heap, world.base[i]), "a leaf");
}

Test(exhaust_world, an_image_is_asked_by_address) {
  struct pp_image image = pp_image_open(&world);
  pp_world_save(&world, image);
  const uint8_t *byte = world.low + 777;
  uint8_t was = *byte;
  world.low[777] = (uint8_t)~was;
  cr_expect_eq(*pp_image_at(&world, image, byte), was);
  size_t mapped = pp_pages_mapped();
  pp_image_close(&world, pp_image_open(&world));
  cr_expect_eq(pp_pages_mapped(), mapped);
  pp_image_close(&world, image);
  cr_expect_lt(pp_pages_mapped(), mapped);
}
