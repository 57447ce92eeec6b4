/* Expanding a state of the exhaustive search: every move with every pattern of
 * refusals, what is new of what they lead to, and when the whole heap is looked
 * at. */
#include <stdio.h>
#include <string.h>

#include "proptests/searched.h"

static struct pp_exhaust_geometry geometry;
static struct pp_exhaust *search;
static struct pp_job_state *job;

static void open_search(void) {
  geometry = pp_searched_geometry("tiny, 3 arenas, 1 class", 1);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  search = pp_searched_open(&options);
  job = &search->control->jobs[0];
}

static void close_search(void) {
  pp_exhaust_close(search);
}

TestSuite(exhaust_expand, .init = open_search, .fini = close_search);

/* What led to a state: the state before, the move and what it was refused. */
static void has_come(uint64_t number, uint64_t from, const char *move,
                     unsigned refused, const char *text) {
  static struct pp_move moves[PP_MOVES_MAX];
  char is[PP_STATE_TEXT], line[64];
  struct pp_state state;
  uint64_t link = search->table.links[number];
  pp_state_unpack(&search->world, &search->table.keys[number], &state);
  pp_state_text(&search->world, &state, is);
  pp_state_unpack(&search->world, &search->table.keys[link >> 32], &state);
  pp_state_build(&search->world, &state);
  pp_moves_list(&search->world, &state, moves);
  const struct pp_move *one = &moves[link >> 16 & 0xffff];
  snprintf(line, sizeof line, "%s %u %u", pp_op_keywords[one->kind],
           (unsigned)one->a, (unsigned)one->b);
  cr_expect_eq(link >> 32, from, "%u: %u", (unsigned)number,
               (unsigned)(link >> 32));
  cr_expect_str_eq(line, move, "%u: %s", (unsigned)number, line);
  cr_expect_eq(link & 0xffff, refused, "%u: %u", (unsigned)number,
               (unsigned)(link & 0xffff));
  cr_expect_str_eq(is, text, "%u: %s", (unsigned)number, is);
}

Test(exhaust_expand, an_empty_heap_leads_to_these) {
  cr_assert_eq(pp_searched_levels(search, 1), 7);
  cr_expect_eq(search->table.links[0], PP_LINK_NONE);
  has_come(1, 0, "malloc 32 0", 0,
           "vector 1+1 system 0 | 0: fresh 2 full 0,0 | 1: 0:2/1 | use 0");
  has_come(2, 0, "malloc 32 0", 1, "no vector 0+0 system 1");
  has_come(3, 0, "malloc 32 0", 4, "vector 0+0 system 1");
  has_come(4, 0, "malloc 32 0", 8, "vector 1+0 system 1");
  has_come(5, 0, "malloc 32 0", 12, "vector 0+0 system 0");
  has_come(6, 0, "malloc 32 0", 24, "vector 1+0 system 0");
  /* Nine patterns for each of the four small requests, two for each of the six
   * large ones that the system may grant, and eight that it is not asked for or
   * cannot grant. */
  cr_expect_eq(job->transitions, 4 * 9 + 6 * 2 + 8);
}

/* As counted: states of each depth and transitions up to it. */
Test(exhaust_expand, states_and_transitions_are_what_they_were) {
  static const struct {
    const char *name;
    uint64_t states[4], transitions[4];
  } counted[] = {
      {"tiny, 1 arena, 2 classes", {8, 20, 43, 82}, {92, 464, 885, 1740}},
      {"tiny, 1 whole arena", {8, 20, 43, 82}, {92, 464, 885, 1740}},
      {"tiny, 3 arenas, 1 class", {7, 11, 14, 21}, {56, 290, 404, 516}},
      {"tiny, 2 arenas, 2 classes", {8, 23, 53, 105}, {92, 554, 1255, 2502}},
      {"small-classes, 1 arena", {6, 15, 36, 75}, {60, 262, 604, 1424}},
      {"small-walk, 3 arenas", {5, 7, 10, 17}, {40, 168, 232, 344}},
  };
  for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
    struct pp_exhaust_geometry its = pp_searched_geometry(counted[i].name, 0);
    struct pp_exhaust_options options = pp_searched_options(&its);
    struct pp_exhaust *other = pp_searched_open(&options);
    for (unsigned depth = 0; depth < 4; depth++) {
      uint64_t states = pp_searched_levels(other, 1);
      uint64_t transitions = other->control->jobs[0].transitions;
      cr_expect_eq(states, counted[i].states[depth]);
      cr_expect_eq(transitions, counted[i].transitions[depth]);
    }
    pp_exhaust_close(other);
  }
}

/* ---- what is found ---- */

/* A build in place of ours, with nothing beside it. */
static struct pp_reference faulty;

static void expand_with(enum pp_clause clause, const char *what, uint64_t move,
                        uint64_t refused) {
  search->subject = &faulty;
  search->control->level_end = 1;
  bool sound = pp_exhaust_expand(search, job, 0);
  cr_expect_eq(sound, clause == PP_HOLDS, "%s", job->finding.what);
  cr_expect_eq(job->finding.clause, clause, "%s: %s",
               pp_clause_texts[job->finding.clause].id, job->finding.what);
  cr_expect_str_eq(job->finding.what, what);
  if (!sound) {
    cr_expect_eq(job->finding.position, PP_LINK(0, move, refused), "%x",
                 (unsigned)job->finding.position);
    cr_expect_eq(atomic_load(&search->table.count[0]), 1);
  }
}

static unsigned begun, ended;

static struct pp_heap *count_begun(void *memory,
                                   const struct pp_profile *profile,
                                   const struct pp_arena_source *arenas,
                                   const struct pp_system_source *system,
                                   struct pp_witness *witness) {
  begun++;
  return pp_reference_none.create(memory, profile, arenas, system, witness);
}

static void count_ended(struct pp_heap *heap) {
  ended++;
  pp_reference_none.destroy(heap);
}

/* A heap is begun before the first move, and ended where no block of a pool is
 * live: in all states of the first level but the second. */
Test(exhaust_expand, a_heap_is_begun_once_and_ended_where_it_is_idle) {
  faulty = pp_reference_object;
  faulty.create = count_begun;
  faulty.destroy = count_ended;
  search->subject = &faulty;
  pp_searched_levels(search, 1);
  cr_expect_eq(begun, 1);
  cr_expect_eq(ended, 1);
  cr_expect_eq(atomic_load(&job->at), PP_LINK(0, PP_MOVE_END, 0));
  pp_searched_levels(search, 1);
  cr_expect_eq(begun, 1);
  cr_expect_eq(ended, 6);
}

static void end_badly(struct pp_heap *heap) {
  (void)heap;
  search->world.given.places = 1;
}

static struct pp_heap *begin_badly(void *memory,
                                   const struct pp_profile *profile,
                                   const struct pp_arena_source *arenas,
                                   const struct pp_system_source *system,
                                   struct pp_witness *witness) {
  system->malloc(system->ctx, 1);
  return pp_reference_none.create(memory, profile, arenas, system, witness);
}

Test(exhaust_expand, a_finding_has_its_place) {
  faulty = pp_reference_none;
  faulty.destroy = end_badly;
  expand_with(PP_HEAP_15, "the heap has ended, and an arena was not given back",
              PP_MOVE_END, 0);
  faulty.create = begin_badly;
  expand_with(PP_HEAP_14, "a heap that begins reaches a source", PP_MOVE_BEGIN,
              0);
}

static void *refuse_when_refused(struct pp_heap *heap, size_t size) {
  void *block = pp_reference_none.malloc(heap, size);
  if (size == 33 && block == NULL) search->world.call_count = 0;
  return block;
}

Test(exhaust_expand, a_finding_has_its_refusals) {
  faulty = pp_reference_none;
  faulty.malloc = refuse_when_refused;
  expand_with(PP_HEAP_03, "null, and the system did not refuse", 5, 1);
}

/* ---- the whole heap ---- */

/* What the model does not see: of the account of arenas, or of a pool. */
static void *spoil_arena(struct pp_heap *heap, size_t size) {
  void *block = pp_reference_none.malloc(heap, size);
  if (size == 17 && heap->arenas != NULL) heap->arenas[0].ntotalpools++;
  return block;
}

static uint64_t spoiled; /* the size of the request that does it */

static void *spoil_pool(struct pp_heap *heap, size_t size) {
  uint8_t *block = pp_reference_none.malloc(heap, size);
  if (size == spoiled && block != NULL && pp_reference_none.owns(heap, block))
    pp_pool_of(heap->profile, block)->maxnextoffset++;
  return block;
}

/* Where the heap held least: no arena. */
static void spoil_total(struct pp_heap *heap, void *block) {
  pp_reference_none.free(heap, block);
  if (block != NULL && heap->live_blocks == 0) heap->narenas_highwater = 9;
}

static bool own_nothing(const struct pp_heap *heap, const void *address) {
  (void)heap;
  (void)address;
  return false;
}

Test(GEO_04, the_heap_is_looked_at_where_an_account_changed) {
  open_search();
  faulty = pp_reference_none;
  faulty.malloc = spoil_arena;
  expand_with(PP_GEO_04, "the heap is broken", 1, 0);
  close_search();
}

/* One of the states of the first level. */
static bool expand_one(uint64_t number) {
  struct pp_reference with = faulty;
  faulty = pp_reference_none;
  search->subject = &faulty;
  pp_searched_levels(search, 1);
  faulty = with;
  search->control->level_end = search->progress.level_end;
  return pp_exhaust_expand(search, job, number);
}

/* From the second state, a malloc leads to a new one without an arena; the next
 * request to the same, which was looked at. */
Test(POOL_03, the_heap_is_looked_at_where_a_state_is_new) {
  for (spoiled = 17; spoiled <= 32; spoiled += 15) {
    open_search();
    faulty = pp_reference_none;
    faulty.malloc = spoil_pool;
    cr_expect_eq(expand_one(1), spoiled == 17);
    if (spoiled == 32) {
      cr_expect_eq(job->finding.clause, PP_POOL_03);
      cr_expect_str_eq(job->finding.what, "the heap is broken");
      cr_expect_eq(job->finding.position, PP_LINK(1, 0, 0));
    }
    close_search();
  }
}

/* To free the only block leads from the third state back to the first. */
Test(ARENA_20, a_state_that_was_met_was_looked_at) {
  open_search();
  faulty = pp_reference_none;
  faulty.free = spoil_total;
  cr_expect(expand_one(2), "%s", job->finding.what);
  close_search();
  open_search();
  faulty = pp_reference_none;
  faulty.free = spoil_total;
  cr_expect_not(expand_one(1), "and this one was not");
  cr_expect_eq(job->finding.clause, PP_ARENA_20);
  close_search();
}

Test(MAP_01, the_map_is_asked_for_blocks_of_pools) {
  open_search();
  faulty = pp_reference_none;
  faulty.owns = own_nothing;
  expand_with(PP_MAP_01, "a block of a pool in use is taken for a foreign one",
              0, 0);
  close_search();
}

static void *lose_ring(struct pp_heap *heap, size_t size) {
  uint8_t *block = pp_reference_none.malloc(heap, size);
  if (size == 17 && pp_reference_none.owns(heap, block)) {
    struct pp_pool *pool = pp_pool_of(heap->profile, block);
    heap->usedpools[pool->szidx].nextpool = pool;
    pool->nextpool = pool;
  }
  return block;
}

/* Without another account, nobody else has looked at it. */
Test(HEAP_01, a_heap_has_a_state) {
  open_search();
  faulty = pp_reference_none;
  faulty.malloc = lose_ring;
  cr_expect_not(expand_one(1));
  cr_expect_eq(job->finding.clause, PP_HEAP_01);
  cr_expect_str_eq(job->finding.what, "the heap is in no state at all");
  close_search();
}

static uintptr_t disowned;

static bool disown(const struct pp_heap *heap, const void *address) {
  return (uintptr_t)address != search->world.first_pool[0] + disowned &&
         pp_reference_none.owns(heap, address);
}

/* A full arena, and a pool of small blocks in the second; a large one is taken
 * from there. */
static bool expand_disowned(uintptr_t offset) {
  close_search();
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  search = pp_searched_open(&options);
  job = &search->control->jobs[0];
  for (unsigned i = 0; i < 6; i++)
    pp_world_malloc(&search->world, 32);
  pp_world_malloc(&search->world, 16);
  struct pp_arrival one = {pp_world_key(&search->world), 1, PP_LINK(0, 0, 0)};
  cr_assert(pp_table_add(&search->table, &one, 1, 0));
  search->control->level_end = 2;
  faulty = pp_reference_none;
  faulty.owns = disown;
  search->subject = &faulty;
  disowned = offset;
  return pp_exhaust_expand(search, job, 1);
}

Test(exhaust_expand, the_map_is_asked_for_pools_of_each_kind) {
  cr_expect(expand_disowned(1));
  cr_expect_not(expand_disowned(48), "the first full pool of the arena");
  cr_expect_not(expand_disowned(640 + 48), "the pool of small blocks");
  cr_expect_not(expand_disowned(640 + 128 + 48), "the one that is begun");
  cr_expect_eq(job->finding.clause, PP_MAP_01);
}

/* ---- no room ---- */

Test(exhaust_expand, a_table_without_room_ends_the_search) {
  atomic_store(search->table.count, search->table.capacity);
  search->control->level_end = 1;
  cr_expect_not(pp_exhaust_expand(search, job, 0));
  cr_expect(atomic_load(&search->control->full));
  cr_expect_eq(job->finding.clause, PP_HOLDS);
}
