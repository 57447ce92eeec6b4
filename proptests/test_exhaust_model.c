/* Each fact of the model and of the world of an exhaustive search, broken by a
 * build of the reference with one function replaced. What is found has to be
 * this very fact, and not the difference that follows from it. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "check/exhaust.h"
#include "reference/alloc/heap.h"

enum { MEMORY = 10000000, SILENCE = 10, LARGE = 33 };

static volatile int never;

#define TOO_MUCH(size) ((size) > PTRDIFF_MAX)
#define OURS pp_reference_none

/* ---- faults ---- */

static void ask(struct pp_heap *heap) {
  const struct pp_system_source *system = heap->system;
  void *block = system->malloc(system->ctx, 1);
  if (block != NULL) system->free(system->ctx, block);
}

static void *grants_too_much(struct pp_heap *heap, size_t size) {
  return OURS.malloc(heap, TOO_MUCH(size) ? 1 : size);
}

static void *asks_for_too_much(struct pp_heap *heap, size_t size) {
  if (TOO_MUCH(size)) ask(heap);
  return OURS.malloc(heap, size);
}

static void *grants_product(struct pp_heap *heap, size_t count, size_t size) {
  bool wraps = size != 0 && count > PTRDIFF_MAX / size;
  return OURS.calloc(heap, wraps ? 1 : count, wraps ? 1 : size);
}

static void *asks_for_product(struct pp_heap *heap, size_t count, size_t size) {
  if (size != 0 && count > PTRDIFF_MAX / size) ask(heap);
  return OURS.calloc(heap, count, size);
}

static void *resizes_too_much(struct pp_heap *heap, void *block, size_t size) {
  return OURS.realloc(heap, block, TOO_MUCH(size) ? 1 : size);
}

static void *asks_to_resize(struct pp_heap *heap, void *block, size_t size) {
  if (TOO_MUCH(size)) ask(heap);
  return OURS.realloc(heap, block, size);
}

static void *refuses_small(struct pp_heap *heap, size_t size) {
  return size > 0 && size < LARGE ? NULL : OURS.malloc(heap, size);
}

static void *refuses_large(struct pp_heap *heap, size_t size) {
  return size == LARGE ? NULL : OURS.malloc(heap, size);
}

static void *none_is_one(struct pp_heap *heap, size_t size) {
  return OURS.malloc(heap, size == 0 ? 1 : size);
}

static void *none_is_two_of_the_system(struct pp_heap *heap, size_t size) {
  if (size > 0) return OURS.malloc(heap, size);
  return heap->system->malloc(heap->system->ctx, 2);
}

static void *asks_for_one_more(struct pp_heap *heap, size_t size) {
  return OURS.malloc(heap, size == LARGE ? size + 1 : size);
}

static void *answers_behind(struct pp_heap *heap, size_t size) {
  uint8_t *block = OURS.malloc(heap, size);
  return block != NULL && size == LARGE ? block + 8 : block;
}

static void *answers_its_own(struct pp_heap *heap, size_t size) {
  static uint8_t own[LARGE];
  return size == LARGE ? own : OURS.malloc(heap, size);
}

static void *answers_the_smallest(struct pp_heap *heap, size_t size) {
  return OURS.malloc(heap, size == LARGE - 1 ? 1 : size);
}

/* Of a block in a pool, so far behind the beginning of the pool. */
static void *answers_at(struct pp_heap *heap, size_t size, size_t offset) {
  uint8_t *block = OURS.malloc(heap, size);
  if (block == NULL || !OURS.owns(heap, block)) return block;
  return (uint8_t *)pp_pool_of(heap->profile, block) + offset;
}

static void *answers_a_header(struct pp_heap *heap, size_t size) {
  return answers_at(heap, size, PP_POOL_HEADER - 8);
}

static void *answers_between(struct pp_heap *heap, size_t size) {
  return answers_at(heap, size, PP_POOL_HEADER + 8);
}

static void *answers_the_slack(struct pp_heap *heap, size_t size) {
  if (size != LARGE - 1) return OURS.malloc(heap, size);
  return answers_at(heap, size, PP_POOL_HEADER + 2 * (LARGE - 1));
}

static void *answers_a_free_block(struct pp_heap *heap, size_t size) {
  void *block = OURS.malloc(heap, size);
  if (block != NULL && OURS.owns(heap, block)) OURS.free(heap, block);
  return block;
}

static void asks_to_free_null(struct pp_heap *heap, void *block) {
  if (block == NULL) ask(heap);
  OURS.free(heap, block);
}

static void *moves_wrongly(struct pp_heap *heap, void *block, size_t size) {
  uint8_t *moved = OURS.realloc(heap, block, size);
  bool other = moved != NULL && block != NULL && moved != block;
  if (other && size > 0 && size < LARGE) moved[0] ^= 1;
  return moved;
}

static void *moves_out_wrongly(struct pp_heap *heap, void *block, size_t size) {
  bool own = block != NULL && OURS.owns(heap, block);
  uint8_t *moved = OURS.realloc(heap, block, size);
  if (own && moved != NULL && size == LARGE) moved[LARGE - 2] ^= 1;
  return moved;
}

static void *writes(struct pp_heap *heap, size_t size, ptrdiff_t offset) {
  uint8_t *block = OURS.malloc(heap, size);
  if (block != NULL && OURS.owns(heap, block)) block[offset] ^= 1;
  return block;
}

static void *writes_its_block(struct pp_heap *heap, size_t size) {
  return writes(heap, size, 9);
}

/* The second block of a pool is behind the first, which is live. */
static void *writes_before(struct pp_heap *heap, size_t size) {
  uint8_t *block = OURS.malloc(heap, size);
  if (block == NULL || !OURS.owns(heap, block)) return block;
  size_t offset = (size_t)(block - (uint8_t *)pp_pool_of(heap->profile, block));
  if (size == 16 && offset == PP_POOL_HEADER + 16) block[-7] ^= 1;
  return block;
}

static void *writes_the_gap(struct pp_heap *heap, size_t size) {
  return writes(heap, size, -PP_POOL_HEADER - 8);
}

static void *asks_for_two_arenas(struct pp_heap *heap, size_t size) {
  const struct pp_arena_source *arenas = heap->arena_source;
  arenas->alloc(arenas->ctx, 2 * pp_arena_size(heap->profile));
  return OURS.malloc(heap, size);
}

static void *releases(struct pp_heap *heap, size_t size, uintptr_t base,
                      size_t bytes) {
  void *block = OURS.malloc(heap, size);
  const struct pp_arena_source *arenas = heap->arena_source;
  if (block == NULL || !OURS.owns(heap, block)) return block;
  arenas->free(arenas->ctx, (void *)(base + heap->arenas[0].address), bytes);
  return block;
}

static void *releases_half(struct pp_heap *heap, size_t size) {
  return releases(heap, size, 0, pp_arena_size(heap->profile) / 2);
}

static void *releases_no_arena(struct pp_heap *heap, size_t size) {
  return releases(heap, size, 1, pp_arena_size(heap->profile));
}

static void *releases_twice(struct pp_heap *heap, size_t size) {
  releases(heap, size, 0, pp_arena_size(heap->profile));
  return releases(heap, size, 0, pp_arena_size(heap->profile));
}

static void *frees_its_own(struct pp_heap *heap, size_t size) {
  static uint8_t own;
  heap->system->free(heap->system->ctx, &own);
  return OURS.malloc(heap, size);
}

static void *resizes_its_own(struct pp_heap *heap, size_t size) {
  static uint8_t own;
  heap->system->realloc(heap->system->ctx, &own, 8);
  return OURS.malloc(heap, size);
}

static void *begins_with_five_bytes(struct pp_heap *heap, size_t size) {
  heap->system->realloc(heap->system->ctx, NULL, 5);
  return OURS.malloc(heap, size);
}

static void *frees_a_node(struct pp_heap *heap, size_t size) {
  void *block = OURS.malloc(heap, size);
  for (size_t i = 0; i >> heap->profile->map_top_bits == 0; i++) {
    void *node = heap->map.root[i];
    if (node != NULL) heap->system->free(heap->system->ctx, node);
  }
  return block;
}

static struct pp_heap *asks_first(void *memory,
                                  const struct pp_profile *profile,
                                  const struct pp_arena_source *arenas,
                                  const struct pp_system_source *system,
                                  struct pp_witness *witness) {
  system->malloc(system->ctx, 1);
  return OURS.create(memory, profile, arenas, system, witness);
}

static void keeps_all(struct pp_heap *heap) {
  (void)heap;
}

static void keeps_its_nodes(struct pp_heap *heap) {
  static void *none[1 << 13];
  if (heap->arenas != NULL) {
    heap->map = (struct pp_map){.root = none};
  }
  OURS.destroy(heap);
}

static void keeps_its_arenas(struct pp_heap *heap) {
  for (uint32_t i = 0; i < heap->maxarenas; i++)
    heap->arenas[i].address = 0;
  OURS.destroy(heap);
}

/* ---- what has to be found ---- */

static const struct planted {
  enum pp_clause clause;
  const char *what;
  struct pp_reference fault; /* what is not NULL is in place of ours */
} planted[] = {
    {PP_HEAP_06, "PTRDIFF_MAX is not null", {.malloc = grants_too_much}},
    {PP_HEAP_06, "it reaches a source", {.malloc = asks_for_too_much}},
    {PP_HEAP_07, "PTRDIFF_MAX is not null", {.calloc = grants_product}},
    {PP_HEAP_07, "it reaches a source", {.calloc = asks_for_product}},
    {PP_REALLOC_07, "PTRDIFF_MAX is not null", {.realloc = resizes_too_much}},
    {PP_REALLOC_07, "it reaches a source", {.realloc = asks_to_resize}},
    {PP_HEAP_05, "the system was not asked", {.malloc = refuses_small}},
    {PP_HEAP_03, "the system did not refuse", {.malloc = refuses_large}},
    {PP_HEAP_04, "of no bytes is in a pool", {.malloc = none_is_one}},
    {PP_HEAP_04, "2 bytes are asked", {.malloc = none_is_two_of_the_system}},
    {PP_HEAP_03, "asked for 34 bytes", {.malloc = asks_for_one_more}},
    {PP_HEAP_03, "not the block that", {.malloc = answers_behind}},
    {PP_HEAP_03, "not a block of any", {.malloc = answers_its_own}},
    {PP_SC_03, "of 16 bytes is too small", {.malloc = answers_the_smallest}},
    {PP_BLOCK_02, "in a header", {.malloc = answers_a_header}},
    {PP_BLOCK_02, "between two blocks", {.malloc = answers_between}},
    {PP_BLOCK_03, "beyond its pool", {.malloc = answers_the_slack}},
    {PP_BLOCK_08, "is on a free list", {.malloc = answers_a_free_block}},
    {PP_HEAP_09, "null reaches a source", {.free = asks_to_free_null}},
    {PP_API_12, "left the word at byte 0", {.realloc = moves_wrongly}},
    {PP_API_12, "the system lost contents", {.realloc = moves_out_wrongly}},
    {PP_BLOCK_04, "wrote the word at byte 8", {.malloc = writes_its_block}},
    {PP_API_03, "contents changed at byte 8", {.malloc = writes_before}},
    {PP_API_40, "outside of all arenas", {.malloc = writes_the_gap}},
    {PP_ARENA_22, "an arena of 1024 bytes", {.malloc = asks_for_two_arenas}},
    {PP_ARENA_22, "released with 256 bytes", {.malloc = releases_half}},
    {PP_ARENA_22, "released is no arena", {.malloc = releases_no_arena}},
    {PP_ARENA_22, "that is not held", {.malloc = releases_twice}},
    {PP_HEAP_10, "free what is not its block", {.malloc = frees_its_own}},
    {PP_REALLOC_02, "resize what is not its", {.malloc = resizes_its_own}},
    {PP_ARENA_14, "arenas has 5 bytes", {.malloc = begins_with_five_bytes}},
    {PP_MAP_06, "and the heap goes on", {.malloc = frees_a_node}},
    {PP_HEAP_14, "begins reaches a source", {.create = asks_first}},
    {PP_HEAP_14, "the vector was not given back", {.destroy = keeps_all}},
    {PP_MAP_06, "node was not given back", {.destroy = keeps_its_nodes}},
    {PP_HEAP_15, "an arena was not given back", {.destroy = keeps_its_arenas}},
};

static struct pp_reference with(const struct pp_reference *fault) {
  struct pp_reference subject = OURS;
  if (fault->create != NULL) subject.create = fault->create;
  if (fault->destroy != NULL) subject.destroy = fault->destroy;
  if (fault->malloc != NULL) subject.malloc = fault->malloc;
  if (fault->calloc != NULL) subject.calloc = fault->calloc;
  if (fault->realloc != NULL) subject.realloc = fault->realloc;
  if (fault->free != NULL) subject.free = fault->free;
  return subject;
}

Test(exhaust, each_fact_is_told_when_it_is_broken) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  const struct pp_profile *tiny = pp_profile_find("tiny");
  char why[256];
  cr_assert_gt(pp_exhaust_choose(tiny, 1, 2, chosen), 0);
  for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++) {
    struct pp_exhaust_result result;
    struct pp_reference subject = with(&planted[i].fault);
    struct pp_exhaust_options options = {.geometry = &chosen[0],
                                         .subject = &subject,
                                         .jobs = 1,
                                         .memory = MEMORY,
                                         .silence_seconds = SILENCE,
                                         .stop = &never};
    struct pp_exhaust *search = pp_exhaust_open(&options, why, sizeof why);
    cr_assert_not_null(search, "%s", why);
    pp_exhaust_run(search, &result);
    pp_exhaust_close(search);
    cr_expect_eq(result.end, PP_EXHAUST_FOUND, "%s", planted[i].what);
    cr_expect_eq(result.finding.clause, planted[i].clause, "%s: %s, %s",
                 planted[i].what, pp_clause_texts[result.finding.clause].id,
                 result.finding.what);
    cr_expect_not_null(strstr(result.finding.what, planted[i].what), "%s: %s",
                       planted[i].what, result.finding.what);
    pp_ops_free(&result.trace);
  }
}
