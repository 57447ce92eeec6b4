/* Lock-step in the exhaustive search: what tells a build's heap from ours after
 * the same operation, each with the smallest difference; and what does not. */
#include <string.h>

#include "proptests/searched.h"

/* Two arenas of three pools each, all of large blocks: in the first, two with
 * one block and an empty one; in the second, two empty ones and a full one. */
static struct pp_exhaust_geometry geometry;
static struct pp_world world;
static struct pp_image before;
static struct pp_exhaust_twin twin;
static struct pp_pool *pools[6];

static void open_world(void) {
  uint8_t *blocks[12];
  static const unsigned freed[] = {1, 3, 4, 5, 6, 7, 8, 9};
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  pp_searched_world(&world, &geometry);
  for (unsigned i = 0; i < 12; i++)
    blocks[i] = pp_world_malloc(&world, 32);
  for (unsigned i = 0; i < sizeof freed / sizeof freed[0]; i++)
    pp_world_free(&world, blocks[freed[i]]);
  for (unsigned i = 0; i < 6; i++)
    pools[i] = pp_pool_of(world.profile, blocks[2 * i]);
  before = pp_image_open(&world);
  twin.after = pp_image_open(&world);
  pp_world_save(&world, before);
  pp_world_in(&world, "vector 1+1 system 0 | 0: fresh 0 full 0,0 free 1/2"
                      " | 1: fresh 0 full 0,1 free 1/2 1/2 | 1: 0:2/1 0:2/1"
                      " | use 0 1");
}

static void close_world(void) {
  pp_image_close(&world, before);
  pp_image_close(&world, twin.after);
  pp_world_close(&world);
}

TestSuite(exhaust_twin, .init = open_world, .fini = close_world);

/* A move by the build, which is ours until a test makes it another. */
struct done {
  struct pp_move move;
  unsigned wanted;
  uint8_t *answer;
  bool same;
};

static struct done do_move(enum pp_op_kind kind, uint64_t size,
                           unsigned wanted) {
  struct done done = {{.kind = kind, .a = size}, wanted, NULL, false};
  pp_world_load(&world, before);
  done.answer = pp_move_perform(&world, &pp_reference_none, &done.move, wanted);
  return done;
}

static void compare(struct pp_world *of, void *ctx) {
  struct done *done = ctx;
  done->same = pp_twin_compare(of, &twin, before, &done->move, done->answer);
}

static void says(struct done *done, enum pp_clause clause, const char *what) {
  pp_world_breaks(&world, compare, done);
  pp_world_says(&world, clause, what);
}

static void agrees(struct done *done) {
  says(done, PP_HOLDS, "");
  cr_expect(done->same);
}

/* ---- what is the same ---- */

Test(exhaust_twin, the_same_move_is_the_same) {
  struct done done = do_move(PP_OP_MALLOC, 32, 0);
  agrees(&done);
  cr_expect(pp_world_is(&world, twin.after));
  cr_expect_not(pp_world_is(&world, before));
  for (unsigned i = 0; i < 8; i++) {
    done = do_move(PP_OP_MALLOC, 33, i);
    cr_assert_eq(done.answer == NULL, i & 1);
    agrees(&done);
    cr_expect_eq(twin.call_count, 1);
    cr_expect_eq(twin.calls[0].size, 33);
    done = do_move(PP_OP_MALLOC, 16, i);
    agrees(&done);
  }
}

/* A request that was refused for want of memory is refused without a wish. */
Test(exhaust_twin, what_was_forced_is_not_wished_for) {
  for (unsigned i = 0; i < 3; i++)
    pp_world_malloc(&world, 33);
  pp_world_save(&world, before);
  struct done done = do_move(PP_OP_MALLOC, 33, 0);
  cr_assert_eq(world.forced, 1);
  cr_assert_eq(world.refused, 1);
  agrees(&done);
  cr_expect_eq(world.forced, 1);
  cr_expect_eq(world.wanted, 0);
}

/* ---- answers ---- */

Test(HEAP_12, blocks_are_placed_alike) {
  open_world();
  struct done done = do_move(PP_OP_MALLOC, 32, 0);
  cr_assert_eq(pp_pool_of(world.profile, done.answer), pools[1]);
  uint8_t *ours = done.answer;
  cr_assert_eq((uintptr_t)ours - world.base[0], 0x60 + 0x80 + 0x30 + 0x20);
  done.answer -= 32;
  says(&done, PP_HEAP_12,
       "placed at arena 0 + 0x110; the reference: arena 0 + 0x130");
  done.answer = (uint8_t *)pools[3] + 48;
  says(&done, PP_HEAP_12,
       "placed at arena 1 + 0x90; the reference: arena 0 + 0x130");
  done.answer = NULL;
  says(&done, PP_HEAP_12, "placed at null; the reference: arena 0 + 0x130");
  done.answer = world.system;
  says(&done, PP_HEAP_12,
       "placed at a block from the system; the reference: arena 0 + 0x130");
  done.answer = world.low;
  says(&done, PP_HEAP_12,
       "placed at a block from the system; the reference: arena 0 + 0x130");
  done.answer = world.low - 1;
  says(&done, PP_HEAP_12,
       "placed at a block from the system; the reference: arena 0 + 0x130");
  done = do_move(PP_OP_MALLOC, 33, 0);
  done.answer = NULL;
  says(&done, PP_HEAP_12,
       "placed at null; the reference: a block from the system");
  close_world();
}

/* ---- calls ---- */

static struct pp_world_call *call(enum pp_world_call_kind kind) {
  struct pp_world_call *one = &world.calls[world.call_count++];
  *one = (struct pp_world_call){kind, false, 512, NULL};
  return one;
}

static const char arenas[] =
    "the arena source is called otherwise than by the reference";
static const char system_[] =
    "the system is called otherwise than by the reference";

/* Of a move that asks for an arena and a block of the system: which call is
 * changed, and how. */
static void changes(unsigned index, void (*change)(struct pp_world_call *),
                    enum pp_clause clause, const char *what) {
  struct done done = do_move(PP_OP_MALLOC, 16, 1);
  cr_assert_eq(world.call_count, 2);
  cr_assert_eq(world.calls[0].kind, PP_CALL_ARENA);
  cr_assert_eq(world.calls[1].kind, PP_CALL_SYSTEM);
  change(&world.calls[index]);
  says(&done, clause, what);
}

static void other_size(struct pp_world_call *one) {
  one->size++;
}

static void other_answer(struct pp_world_call *one) {
  one->refused = !one->refused;
}

static void other_address(struct pp_world_call *one) {
  one->address = &world;
}

static void other_kind(struct pp_world_call *one) {
  one->kind = one->kind == PP_CALL_ARENA ? PP_CALL_ARENA_FREE : PP_CALL_RESIZE;
}

/* The heap whose arenas are full. */
static void fill_arenas(void) {
  for (unsigned i = 0; i < 8; i++)
    pp_world_malloc(&world, 32);
  geometry.arenas = 2;
  pp_world_save(&world, before);
}

Test(exhaust_twin, sources_are_called_alike) {
  void (*const all[])(struct pp_world_call *) = {other_size, other_answer,
                                                 other_address, other_kind};
  fill_arenas();
  for (unsigned i = 0; i < 4; i++) {
    changes(0, all[i], PP_HEAP_13, arenas);
    changes(1, all[i], PP_HEAP_14, system_);
  }
}

Test(exhaust_twin, sources_are_called_as_often) {
  fill_arenas();
  struct done done = do_move(PP_OP_MALLOC, 16, 1);
  call(PP_CALL_ARENA);
  says(&done, PP_HEAP_13, arenas);
  done = do_move(PP_OP_MALLOC, 16, 1);
  call(PP_CALL_ARENA_FREE);
  says(&done, PP_HEAP_13, arenas);
  done = do_move(PP_OP_MALLOC, 16, 1);
  call(PP_CALL_SYSTEM_FREE);
  says(&done, PP_HEAP_14, system_);
  done = do_move(PP_OP_MALLOC, 16, 1);
  world.call_count = 1;
  says(&done, PP_HEAP_14, system_);
  done = do_move(PP_OP_MALLOC, 16, 1);
  world.calls[0] = world.calls[1];
  world.call_count = 1;
  says(&done, PP_HEAP_13, arenas);
  done = do_move(PP_OP_MALLOC, 16, 1);
  struct pp_world_call first = world.calls[0];
  world.calls[0] = world.calls[1];
  world.calls[1] = first;
  agrees(&done);
}

/* ---- heaps ---- */

/* After a move that changes nothing, but for what `here` says is changed. */
static bool differs(void) {
  struct done done = {{.kind = PP_OP_FREE}, 0, NULL, false};
  world.call_count = world.refused = world.forced = 0;
  pp_world_breaks(&world, compare, &done);
  enum pp_clause clause = world.finding.clause;
  if (clause != PP_HOLDS) {
    pp_world_says(&world, PP_HEAP_12,
                  "the heap is in another state than the reference's");
  }
  pp_world_load(&world, before);
  return clause != PP_HOLDS;
}

#define DIFFERS(change)            \
  do {                             \
    pp_world_load(&world, before); \
    change;                        \
    cr_expect(differs(), #change); \
  } while (0)
#define IS_SAME(change)                \
  do {                                 \
    pp_world_load(&world, before);     \
    change;                            \
    cr_expect_not(differs(), #change); \
  } while (0)

Test(exhaust_twin, each_field_of_a_pool_in_use_is_told) {
  for (unsigned i = 0; i < 6; i += 5) {
    DIFFERS(pools[i]->count++);
    DIFFERS(pools[i]->szidx--);
    DIFFERS(pools[i]->nextoffset -= 32);
    DIFFERS(pools[i]->arenaindex++);
    IS_SAME(pools[i]->padding++);
    IS_SAME(pools[i]->prevpool = NULL);
    IS_SAME(pools[i]->maxnextoffset++);
  }
  DIFFERS(pools[0]->freeblock = NULL);
  DIFFERS(pools[5]->freeblock = (uint8_t *)pools[5] + 48);
  DIFFERS(pools[0]->freeblock = (uint8_t *)&world);
  DIFFERS(pp_link_write(pools[0]->freeblock, pools[0]->freeblock));
  DIFFERS(pp_link_write(pools[0]->freeblock, pools[0]->freeblock - 32));
  DIFFERS(pp_link_write(pools[0]->freeblock, world.low - 1));
}

Test(exhaust_twin, the_order_of_pools_is_told) {
  struct pp_pool *ring = &world.heap->usedpools[1];
  cr_assert_eq(ring->nextpool, pools[1]);
  cr_assert_eq(pools[1]->nextpool, pools[0]);
  DIFFERS((ring->nextpool = pools[0], pools[0]->nextpool = pools[1],
           pools[1]->nextpool = ring));
  DIFFERS(ring->nextpool = pools[0]);
  DIFFERS(pools[1]->nextpool = ring);
  DIFFERS(pools[0]->nextpool = pools[0]);
  DIFFERS(pools[0]->nextpool = (struct pp_pool *)(world.low - 128));
  DIFFERS(pools[0]->nextpool = (struct pp_pool *)world.system);
  DIFFERS(pools[0]->nextpool = (struct pp_pool *)((uint8_t *)pools[0] + 8));
  DIFFERS(pools[0]->nextpool = NULL);
  DIFFERS(world.heap->usedpools[0].nextpool = pools[2]);
  struct pp_arena *arena = &world.vector[1];
  cr_assert_eq(arena->freepools, pools[4]);
  cr_assert_eq(pools[4]->nextpool, pools[3]);
  DIFFERS((arena->freepools = pools[3], pools[3]->nextpool = pools[4],
           pools[4]->nextpool = NULL));
  DIFFERS(arena->freepools = pools[3]);
  DIFFERS(arena->freepools = NULL);
  DIFFERS(pools[4]->nextpool = NULL);
  DIFFERS(pools[3]->nextpool = pools[3]);
  DIFFERS(pools[3]->nextpool = (struct pp_pool *)&world);
}

Test(exhaust_twin, each_field_of_an_arena_is_told) {
  for (unsigned i = 0; i < 2; i++) {
    struct pp_arena *arena = &world.vector[i];
    DIFFERS(arena->address++);
    DIFFERS(arena->address = 0);
    DIFFERS(arena->pool_address -= 128);
    DIFFERS(arena->pool_address -= 8);
    DIFFERS(arena->nfreepools++);
    IS_SAME(arena->ntotalpools++);
    IS_SAME(arena->prevarena = &world.vector[7]);
  }
  DIFFERS(world.vector[2].address = world.base[0]);
  IS_SAME(world.vector[2].nfreepools++);
  IS_SAME(world.vector[2].pool_address++);
  IS_SAME(world.vector[2].freepools = pools[0]);
}

/* Its header, and what was one before, are not there yet. */
Test(exhaust_twin, a_pool_that_was_not_carved_is_not_told) {
  world.vector[1].pool_address -= 128;
  pp_world_save(&world, before);
  IS_SAME(pools[5]->count++);
  DIFFERS(pools[4]->count++);
}

Test(exhaust_twin, a_comparison_leaves_nothing) {
  size_t mapped = pp_pages_mapped();
  DIFFERS(world.heap->live_blocks++);
  IS_SAME(world.heap->narenas_highwater++);
  cr_expect_eq(pp_pages_mapped(), mapped);
}

Test(exhaust_twin, the_order_of_arenas_is_told) {
  struct pp_heap *heap = world.heap;
  struct pp_arena *first = &world.vector[0], *second = &world.vector[1];
  cr_assert_eq(heap->usable_arenas, first);
  DIFFERS((heap->usable_arenas = second, second->nextarena = first,
           first->nextarena = NULL));
  DIFFERS(heap->usable_arenas = second);
  DIFFERS(heap->usable_arenas = NULL);
  DIFFERS(first->nextarena = NULL);
  DIFFERS(second->nextarena = second);
  DIFFERS(second->nextarena = (struct pp_arena *)((uint8_t *)first + 8));
  DIFFERS(second->nextarena = &world.vector[PP_ARENA_SLOTS_FIRST]);
  DIFFERS(second->nextarena = first - 1);
  DIFFERS(heap->unused_arena_objects++);
  DIFFERS(heap->unused_arena_objects = NULL);
  DIFFERS(world.vector[2].nextarena = NULL);
}

Test(exhaust_twin, each_account_is_told) {
  struct pp_heap *heap = world.heap;
  DIFFERS(heap->arenas = NULL);
  DIFFERS(heap->narenas_currently_allocated++);
  DIFFERS(heap->system_blocks++);
  DIFFERS(heap->live_blocks++);
  DIFFERS(world.given.places = 1);
  DIFFERS(world.given.system = 1);
  IS_SAME(heap->narenas_highwater++);
  IS_SAME(heap->ntimes_arena_allocated++);
  IS_SAME(heap->system_requests++);
  IS_SAME(*(uint8_t *)(world.low) ^= 1);
}

/* ---- nfp2lasta ---- */

Test(ARENA_10, the_table_of_the_rightmost_is_no_difference_by_itself) {
  open_world();
  struct done done = {{.kind = PP_OP_FREE}, 0, NULL, true};
  struct pp_heap *heap = world.heap;
  for (unsigned i = 0; i <= 3; i++) {
    pp_world_load(&world, before);
    heap->nfp2lasta[i] =
        heap->nfp2lasta[i] == NULL ? &world.vector[1] : heap->nfp2lasta[i] + 1;
    says(&done, PP_HOLDS, "");
    cr_expect_not(done.same, "%u", i);
  }
  pp_world_load(&world, before);
  heap->nfp2lasta[3] = heap->nfp2lasta[2];
  heap->nfp2lasta[2] = NULL;
  says(&done, PP_HOLDS, "");
  cr_expect_not(done.same);
  pp_world_load(&world, before);
  heap->nfp2lasta[PP_ARENA_POOLS_MAX] = &world.vector[0];
  says(&done, PP_HOLDS, "");
  cr_expect_not(done.same);
  pp_world_load(&world, before);
  heap->narenas_highwater++;
  agrees(&done);
  struct pp_profile without = *geometry.profile;
  without.rightmost_table = false;
  world.profile = &without;
  pp_world_load(&world, before);
  heap->nfp2lasta[1] = NULL;
  agrees(&done);
  world.profile = geometry.profile;
  close_world();
}
