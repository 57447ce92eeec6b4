/* The operations of the exhaustive search: which there are in a state, in which
 * order, on which block; and what beginning and ending a heap must leave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proptests/searched.h"

static struct pp_exhaust_geometry geometry;
static struct pp_world world;

static void open_world(void) {
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  pp_searched_world(&world, &geometry);
}

static void close_world(void) {
  pp_world_close(&world);
}

TestSuite(exhaust_moves, .init = open_world, .fini = close_world);

/* ---- a list as text ---- */

static void say_number(FILE *file, uint64_t number) {
  if (number > (uint64_t)PTRDIFF_MAX / 2)
    fprintf(file, " most%+d", (int)(number - (uint64_t)PTRDIFF_MAX));
  else
    fprintf(file, " %u", (unsigned)number);
}

/* A move as a trace would have it; "most" is PTRDIFF_MAX. */
static void say_move(FILE *file, const struct pp_move *move) {
  fputs(pp_op_keywords[move->kind], file);
  if (move->kind != PP_OP_FREE) say_number(file, move->a);
  if (move->kind == PP_OP_FREE) cr_expect_eq(move->a, 0);
  if (move->kind == PP_OP_CALLOC) say_number(file, move->b);
  if (move->kind != PP_OP_CALLOC) cr_expect_eq(move->b, 0);
  fputs("; ", file);
}

/* Those from `first` on, that are of one block: "@place+offset size: ...". */
static unsigned say_group(FILE *file, const struct pp_world *of,
                          const struct pp_move *moves, unsigned first,
                          unsigned count) {
  uint8_t *block = moves[first].block;
  unsigned i = first;
  if (block >= of->system) {
    fprintf(file, "@system+%d", (int)(block - of->system));
  } else if (block != NULL) {
    fprintf(file, "@%d", (int)((uintptr_t)block - of->first_pool[0]));
  }
  fprintf(file, "/%u: ", moves[first].block_size);
  for (; i < count && moves[i].block == block; i++) {
    cr_expect_eq(moves[i].block_size, moves[first].block_size);
    say_move(file, &moves[i]);
  }
  fputc('\n', file);
  return i;
}

static char *listed(const struct pp_world *of) {
  static char text[4096];
  static struct pp_move moves[PP_MOVES_MAX];
  struct pp_state state;
  FILE *file = fmemopen(text, sizeof text, "w");
  cr_assert(pp_state_scan(of, &state));
  unsigned count = pp_moves_list(of, &state, moves);
  for (unsigned i = 0; i < count;)
    i = say_group(file, of, moves, i, count);
  fclose(file);
  return text;
}

/* ---- lists ---- */

#define OF_EACH_HEAP                                                         \
  "malloc 0; malloc 33; malloc most+0; malloc most+1; calloc 1 0; calloc 1 " \
  "33; calloc 1 most+0; calloc 1 most+1; calloc most+2 2; realloc 0; "       \
  "realloc 33; realloc most+0; realloc most+1; free; \n"
#define REQUESTS                                                             \
  "/0: malloc 16; malloc 1; calloc 1 15; realloc 16; malloc 32; malloc 17; " \
  "calloc 1 31; realloc 32; " OF_EACH_HEAP
#define SMALL                                                              \
  "/16: free; realloc 13; realloc 12; realloc 32; realloc 0; realloc 33; " \
  "realloc most+1; \n"
#define LARGE                                                              \
  "/32: free; realloc 25; realloc 24; realloc 16; realloc 0; realloc 33; " \
  "realloc most+1; \n"
#define SYSTEM "/1: free; realloc 1; realloc 0; realloc 34; realloc most+1; \n"

Test(exhaust_moves, an_empty_heap_has_requests_alone) {
  cr_expect_str_eq(listed(&world), REQUESTS);
}

Test(exhaust_moves, a_block_stands_for_all_of_its_pool) {
  uint8_t *first = pp_world_malloc(&world, 16);
  cr_expect_str_eq(listed(&world), REQUESTS "@48" SMALL);
  pp_world_malloc(&world, 16);
  pp_world_malloc(&world, 16);
  pp_world_free(&world, first);
  cr_expect_str_eq(listed(&world), REQUESTS "@64" SMALL);
}

/* Rings by class, each in its order; then full pools by arena and class; then
 * the lowest block of the system. */
Test(exhaust_moves, rings_come_before_full_pools_and_the_system) {
  uint8_t *large[5];
  for (unsigned i = 0; i < 5; i++)
    large[i] = pp_world_malloc(&world, 32);
  uint8_t *system = pp_world_malloc(&world, 33);
  pp_world_malloc(&world, 40);
  pp_world_malloc(&world, 16); /* the second arena */
  pp_world_malloc(&world, 32); /* fills the third pool of the first */
  cr_expect_str_eq(listed(&world),
                   REQUESTS "@688"
                            "" SMALL "@48" LARGE "@system+64" SYSTEM);
  pp_world_free(&world, large[2]);
  pp_world_free(&world, large[0]);
  pp_world_free(&world, system);
  cr_expect_str_eq(listed(&world),
                   REQUESTS "@688" SMALL "@80" LARGE "@208" LARGE "@304" LARGE
                            "@system+320" SYSTEM);
}

Test(exhaust_moves, full_pools_of_both_classes_are_told) {
  for (unsigned i = 0; i < 5; i++)
    pp_world_malloc(&world, 16);
  for (unsigned i = 0; i < 6; i++)
    pp_world_malloc(&world, 32);
  cr_expect_str_eq(listed(&world),
                   REQUESTS "@48" SMALL "@176" LARGE "@688" LARGE);
}

/* Of three classes that the profile has, two are asked for. */
Test(exhaust_moves, only_the_classes_of_the_search_are_asked_for) {
  static struct pp_world other;
  struct pp_exhaust_geometry its =
      pp_searched_geometry("small-classes, 1 arena", 0);
  pp_searched_world(&other, &its);
  cr_expect_str_eq(
      listed(&other),
      "/0: malloc 32; malloc 17; calloc 1 31; realloc 32; malloc 48; malloc "
      "33; calloc 1 47; realloc 48; malloc 0; malloc 49; malloc most+0; malloc "
      "most+1; calloc 1 0; calloc 1 49; calloc 1 most+0; calloc 1 most+1; "
      "calloc most+2 2; realloc 0; realloc 49; realloc most+0; realloc most+1; "
      "free; \n");
  const struct pp_move_list *list = &other.of_pool[0];
  const uint64_t sizes[] = {0, 13, 32, 48, 0, 49, (uint64_t)PTRDIFF_MAX + 1};
  cr_assert_eq(list->count, 7);
  for (unsigned i = 0; i < 7; i++)
    cr_expect_eq(list->at[i].a, sizes[i]);
  pp_world_close(&other);
}

/* Three quarters of the fourth class are the third. */
Test(exhaust_moves, no_move_is_there_twice) {
  struct pp_profile four = *pp_profile_find("small");
  struct pp_exhaust_geometry its = {"four classes", &four, 15, 1, 1, {0}};
  static struct pp_world other;
  four.arena_bits = 9;
  pp_searched_world(&other, &its);
  const struct pp_move_list *list = &other.of_pool[3];
  const uint64_t sizes[] = {0,  49, 48, 16,
                            32, 0,  65, (uint64_t)PTRDIFF_MAX + 1};
  cr_assert_eq(list->count, 8);
  for (unsigned i = 0; i < 8; i++)
    cr_expect_eq(list->at[i].a, sizes[i]);
  cr_expect_eq(list->at[0].kind, PP_OP_FREE);
  cr_expect_eq(list->at[5].kind, PP_OP_REALLOC);
  pp_world_close(&other);
}

/* ---- live blocks ---- */

Test(exhaust_moves, live_blocks_are_those_on_no_free_list) {
  uint8_t *blocks[5];
  for (unsigned i = 0; i < 3; i++)
    blocks[i] = pp_world_malloc(&world, 16);
  struct pp_pool *pool = pp_pool_of(world.profile, blocks[0]);
  cr_expect_eq(pp_live_blocks(&world, pool), 7);
  pp_world_free(&world, blocks[1]);
  cr_expect_eq(pp_live_blocks(&world, pool), 5);
  pp_world_free(&world, blocks[0]);
  cr_expect_eq(pp_live_blocks(&world, pool), 4);
  for (unsigned i = 0; i < 4; i++)
    blocks[i] = pp_world_malloc(&world, 16);
  cr_expect_eq(pp_live_blocks(&world, pool), 31);
}

Test(exhaust_moves, a_wild_free_list_has_no_live_blocks) {
  uint8_t *block = pp_world_malloc(&world, 16);
  pp_world_malloc(&world, 16);
  struct pp_pool *pool = pp_pool_of(world.profile, block);
  pp_world_free(&world, block);
  cr_expect_eq(pp_live_blocks(&world, pool), 2);
  pp_link_write(block, block);
  cr_expect_eq(pp_live_blocks(&world, pool), 0, "it has no end");
  pp_link_write(block, block + 128);
  cr_expect_eq(pp_live_blocks(&world, pool), 0, "it leaves the pool");
  pp_link_write(block, NULL);
  pool->nextoffset = PP_POOL_HEADER + 32 * 16;
  cr_expect_eq(pp_live_blocks(&world, pool), 0, "too many to be told");
}

/* All are on the list once: that is its end, and no ring. */
Test(exhaust_moves, a_free_list_may_hold_all_blocks) {
  uint8_t *blocks[5];
  for (unsigned i = 0; i < 5; i++)
    blocks[i] = pp_world_malloc(&world, 16);
  for (unsigned i = 1; i < 5; i++)
    pp_world_free(&world, blocks[i]);
  struct pp_pool *pool = pp_pool_of(world.profile, blocks[0]);
  cr_expect_eq(pp_live_blocks(&world, pool), 1);
  pp_link_write(blocks[0], pool->freeblock);
  pool->freeblock = blocks[0];
  cr_expect_eq(pp_live_blocks(&world, pool), 0);
}

/* ---- one move ---- */

static void *told;
static size_t told_a, told_b;

static void *hear_malloc(struct pp_heap *heap, size_t size) {
  told_a = size;
  cr_expect_eq(heap, world.heap);
  return told = heap;
}

static void *hear_calloc(struct pp_heap *heap, size_t count, size_t size) {
  told_a = count;
  told_b = size;
  cr_expect_eq(heap, world.heap);
  return told = &told;
}

static void *hear_realloc(struct pp_heap *heap, void *block, size_t size) {
  told_a = size;
  cr_expect_eq(heap, world.heap);
  return told = block;
}

static void hear_free(struct pp_heap *heap, void *block) {
  cr_expect_eq(heap, world.heap);
  told = block;
}

Test(exhaust_moves, a_move_is_the_call_that_it_names) {
  struct pp_reference subject = {.malloc = hear_malloc,
                                 .calloc = hear_calloc,
                                 .realloc = hear_realloc,
                                 .free = hear_free};
  uint8_t block;
  struct pp_move move = {PP_OP_MALLOC, 7, 8, &block, 1};
  world.wanted = world.asked = world.forced = world.refused = 9;
  world.call_count = 9;
  cr_expect_eq(pp_move_perform(&world, &subject, &move, 5),
               (uint8_t *)world.heap);
  cr_expect_eq(told_a, 7);
  cr_expect_eq(world.wanted, 5);
  cr_expect_eq(world.asked, 0);
  cr_expect_eq(world.forced, 0);
  cr_expect_eq(world.refused, 0);
  cr_expect_eq(world.call_count, 0);
  move.kind = PP_OP_CALLOC;
  cr_expect_eq(pp_move_perform(&world, &subject, &move, 0), (uint8_t *)&told);
  cr_expect_eq(told_a, 7);
  cr_expect_eq(told_b, 8);
  move.kind = PP_OP_REALLOC;
  move.a = 10;
  cr_expect_eq(pp_move_perform(&world, &subject, &move, 0), &block);
  cr_expect_eq(told_a, 10);
  move.kind = PP_OP_FREE;
  cr_expect_null(pp_move_perform(&world, &subject, &move, 0));
  cr_expect_eq(told, &block);
}

/* ---- the first and the last ---- */

static void begin(struct pp_world *of, void *subject) {
  pp_move_begin(of, subject);
}

static struct pp_heap *ask_first(void *memory, const struct pp_profile *profile,
                                 const struct pp_arena_source *arenas,
                                 const struct pp_system_source *system,
                                 struct pp_witness *witness) {
  struct pp_heap *heap =
      pp_reference_none.create(memory, profile, arenas, system, witness);
  system->malloc(system->ctx, 1);
  return heap;
}

Test(HEAP_14, a_heap_begins_without_a_request) {
  struct pp_reference subject = pp_reference_none;
  open_world();
  size_t mapped = pp_pages_mapped();
  pp_world_breaks(&world, begin, &subject);
  pp_world_says(&world, PP_HOLDS, "");
  cr_expect_eq(pp_pages_mapped(), mapped);
  cr_expect_eq(world.witness.evaluated[PP_HEAP_14], 1);
  subject.create = ask_first;
  pp_world_breaks(&world, begin, &subject);
  pp_world_says(&world, PP_HEAP_14, "a heap that begins reaches a source");
  close_world();
}

struct ending {
  struct pp_reference subject;
  struct pp_image before;
};

static void end(struct pp_world *of, void *ctx) {
  struct ending *ending = ctx;
  pp_move_end(of, &ending->subject, ending->before);
}

static struct pp_given left; /* by the heap that ends */

static void keep(struct pp_heap *heap) {
  (void)heap;
  cr_expect(world.ending);
  cr_expect_eq(world.call_count, 0);
  world.given = left;
}

Test(exhaust_moves, what_a_heap_took_is_given_back) {
  static const struct {
    enum pp_clause clause;
    const char *what;
    struct pp_given left;
  } endings[] = {
      {PP_HOLDS, "", {0, 1, false, false, 0}},
      {PP_HEAP_15,
       "the heap has ended, and an arena was not given back",
       {2, 1, false, false, 0}},
      {PP_MAP_06,
       "the heap has ended, and a middle node was not given back",
       {0, 1, false, true, 0}},
      {PP_MAP_06,
       "the heap has ended, and a bottom node was not given back",
       {0, 1, false, false, 1}},
      {PP_HEAP_14,
       "the heap has ended, and the vector was not given back",
       {0, 1, true, false, 0}},
      {PP_HEAP_14,
       "the heap that ended freed a block of its caller",
       {0, 0, false, false, 0}},
  };
  struct ending ending = {pp_reference_none, pp_image_open(&world)};
  ending.subject.destroy = keep;
  pp_world_free(&world, pp_world_malloc(&world, 32));
  pp_world_malloc(&world, 33);
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    pp_world_save(&world, ending.before);
    left = endings[i].left;
    world.call_count = 3;
    pp_world_breaks(&world, end, &ending);
    world.ending = false;
    pp_world_says(&world, endings[i].clause, endings[i].what);
    cr_expect_eq(pp_world_is(&world, ending.before), i == 0);
    pp_world_load(&world, ending.before);
  }
  pp_image_close(&world, ending.before);
}

/* The heap is there again as it was, with what no image holds. */
Test(exhaust_moves, an_end_leaves_the_heap_as_it_was) {
  struct ending ending = {pp_reference_none, pp_image_open(&world)};
  pp_world_free(&world, pp_world_malloc(&world, 32));
  pp_world_malloc(&world, 33);
  struct pp_heap was = *world.heap;
  pp_world_save(&world, ending.before);
  pp_world_breaks(&world, end, &ending);
  pp_world_says(&world, PP_HOLDS, "");
  cr_expect_not(world.ending);
  cr_expect(pp_world_is(&world, ending.before));
  cr_expect_eq(memcmp(&was, world.heap, sizeof was), 0);
  cr_expect_eq(pp_reference_heap.check(world.heap), PP_HOLDS);
  pp_image_close(&world, ending.before);
}

Test(exhaust_moves, an_end_without_a_map_asks_for_no_node) {
  static struct pp_world other;
  struct pp_exhaust_geometry its =
      pp_searched_geometry("small-classes, 1 arena", 0);
  pp_searched_world(&other, &its);
  struct ending ending = {pp_reference_none, pp_image_open(&other)};
  pp_world_save(&other, ending.before);
  pp_world_breaks(&other, end, &ending);
  pp_world_says(&other, PP_HOLDS, "");
  cr_expect_eq(other.witness.evaluated[PP_MAP_06], 0);
  cr_expect_eq(other.witness.evaluated[PP_HEAP_15], 1);
  cr_expect_eq(other.witness.evaluated[PP_HEAP_14], 2);
  pp_image_close(&other, ending.before);
  pp_world_close(&other);
}
