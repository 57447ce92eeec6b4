/* Expanding a state in lock-step: a table of arenas that is another than ours
 * is found when it leads elsewhere soon, and else kept in mind. */
#include "proptests/searched.h"

static struct pp_exhaust_geometry geometry;
static struct pp_exhaust *search;
static struct pp_job_state *job;
static struct pp_reference faulty;

static void close_search(void) {
  pp_exhaust_close(search);
}

static void *keep_stale(struct pp_heap *heap, size_t size) {
  void *block = pp_reference_none.malloc(heap, size);
  if (size == 33 && heap->arenas != NULL) heap->nfp2lasta[1] = heap->arenas;
  return block;
}

static void open_lockstep(const char *name) {
  geometry = pp_searched_geometry(name, 0);
  faulty = pp_reference_none;
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  options.subject = &faulty;
  search = pp_searched_open(&options);
  job = &search->control->jobs[0];
}

/* As a search without a build beside it has them. */
static void same_states(void) {
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  struct pp_exhaust *other = pp_searched_open(&options);
  cr_assert_eq(pp_searched_levels(other, 2), search->progress.states);
  for (uint64_t i = 0; i < search->progress.states; i++) {
    cr_expect(pp_key_equal(&search->table.keys[i], &other->table.keys[i]));
    cr_expect_eq(search->table.links[i], other->table.links[i]);
  }
  pp_exhaust_close(other);
}

/* What nothing in this geometry shows is kept in mind: the least of its
 * places. Patterns of refusals go on behind it as before. */
Test(ARENA_10, a_table_that_leads_nowhere_is_kept_in_mind) {
  open_lockstep("tiny, 1 arena, 2 classes");
  faulty.malloc = keep_stale;
  cr_expect_eq(pp_searched_levels(search, 1), 8);
  cr_expect_eq(job->hidden, PP_LINK_NONE);
  cr_expect_eq(job->transitions, 92);
  cr_expect_eq(pp_searched_levels(search, 1), 20);
  cr_expect_eq(job->transitions, 464);
  cr_expect_eq(job->hidden >> 16, PP_LINK(1, 9, 0) >> 16);
  same_states();
  close_search();
}

/* What the table is made to say of arenas with one free pool. */
enum stale { NOBODY, THIRD, UNTRUE };
static enum stale stale;

static void free_stale(struct pp_heap *heap, void *block) {
  pp_reference_none.free(heap, block);
  if (block != NULL) return;
  if (stale == NOBODY) heap->nfp2lasta[1] = NULL;
  if (stale == THIRD) heap->nfp2lasta[1] = &heap->arenas[2];
  if (stale == UNTRUE) heap->nfp2lasta[3] = heap->arenas;
}

/* Three arenas: one free pool in each of two, and two in the third; and in the
 * first a pool with one block. To free it moves the arena behind the second; by
 * the table it comes first, or behind the third. Blocks of other pools of it
 * are asked for before it shows. */
static bool expand_with_stale(enum stale how, bool another) {
  uint8_t *blocks[18];
  static const unsigned freed[] = {6, 7, 0, 1, 12, 13, 14, 15, 2};
  open_lockstep("tiny, 3 arenas, 1 class");
  faulty.free = free_stale;
  stale = how;
  struct pp_world *world = &search->world;
  for (unsigned i = 0; i < 18; i++)
    blocks[i] = pp_world_malloc(world, 32);
  for (unsigned i = 0; i < sizeof freed / sizeof freed[0]; i++)
    pp_world_free(world, blocks[freed[i]]);
  if (another) pp_world_free(world, blocks[4]);
  struct pp_arrival one = {pp_world_key(world), 1, PP_LINK(0, 0, 0)};
  cr_assert(pp_table_add(&search->table, &one, 1, 0));
  search->control->level_end = 2;
  bool sound = pp_exhaust_expand(search, job, 1);
  bool hidden = job->hidden != PP_LINK_NONE;
  cr_expect_eq(hidden, sound);
  if (!sound) {
    cr_expect_eq(job->finding.clause, PP_HEAP_12);
    cr_expect_str_eq(job->finding.what,
                     "nfp2lasta is another than the reference's");
  }
  close_search();
  return sound;
}

Test(ARENA_10, a_table_that_leads_elsewhere_is_found) {
  cr_expect_not(expand_with_stale(NOBODY, false), "in two operations");
  cr_expect_not(expand_with_stale(NOBODY, true), "in three operations");
  cr_expect_not(expand_with_stale(THIRD, false));
  cr_expect(expand_with_stale(UNTRUE, false), "in none");
}
