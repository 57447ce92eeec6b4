/* From a finding of the exhaustive search to a trace: the moves that led there,
 * as statements. */
#include "check/trace.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proptests/searched.h"

static struct pp_exhaust_geometry geometry;
static struct pp_exhaust *search;

/* All states of a few levels, by our own reference. */
static void open_named(const char *name, unsigned levels) {
  geometry = pp_searched_geometry(name, 0);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  search = pp_searched_open(&options);
  pp_searched_levels(search, levels);
}

static void open_search(void) {
  open_named("tiny, 2 arenas, 2 classes", 3);
}

static void close_search(void) {
  pp_exhaust_close(search);
}

TestSuite(exhaust_trace, .init = open_search, .fini = close_search);

static uint64_t find(const char *text) {
  char is[PP_STATE_TEXT];
  for (uint64_t i = 0; i < search->progress.states; i++) {
    struct pp_state state;
    pp_state_unpack(&search->world, &search->table.keys[i], &state);
    pp_state_text(&search->world, &state, is);
    if (strcmp(is, text) == 0) return i;
  }
  cr_assert_fail("no state is %s", text);
  return 0;
}

static unsigned find_move(uint64_t number, enum pp_op_kind kind, uint64_t a,
                          bool of_block) {
  static struct pp_move moves[PP_MOVES_MAX];
  struct pp_state state;
  pp_state_unpack(&search->world, &search->table.keys[number], &state);
  pp_state_build(&search->world, &state);
  unsigned count = pp_moves_list(&search->world, &state, moves);
  for (unsigned i = 0; i < count; i++)
    if (moves[i].kind == kind && moves[i].a == a &&
        (moves[i].block != NULL) == of_block)
      return i;
  cr_assert_fail("no such move");
  return 0;
}

static void told(const char *statements) {
  char is[1024] = "";
  struct pp_ops ops = pp_exhaust_trace(search);
  for (size_t i = 0; i < ops.count; i++) {
    char line[128];
    const struct pp_op *op = &ops.at[i];
    pp_op_print(op, line, sizeof line);
    strcat(strcat(is, line), "; ");
    bool block = strchr(pp_op_operands[op->kind], 'i') != NULL;
    if (!block) cr_expect_eq(op->id, 0);
    if (op->kind != PP_OP_CALLOC) cr_expect_eq(op->b, 0);
  }
  pp_ops_free(&ops);
  cr_expect_str_eq(is, statements);
}

static void find_at(uint64_t number, unsigned move, unsigned refused) {
  search->finding.clause = PP_HEAP_03;
  search->finding.position = PP_LINK(number, move, refused);
}

static void leads(const char *state, enum pp_op_kind kind, uint64_t a,
                  bool of_block, unsigned refused, const char *statements) {
  uint64_t number = find(state);
  find_at(number, find_move(number, kind, a, of_block), refused);
  told(statements);
}

#define EMPTY "no vector 0+0 system 0"

Test(exhaust_trace, one_move_is_one_statement) {
  leads(EMPTY, PP_OP_MALLOC, 33, false, 0, "malloc 1 33; ");
  leads(EMPTY, PP_OP_CALLOC, 1, false, 0, "arena-skew 4096; calloc 1 1 15; ");
  leads(EMPTY, PP_OP_REALLOC, 16, false, 0, "arena-skew 4096; realloc 1 16; ");
  leads(EMPTY, PP_OP_FREE, 0, false, 0, "free 0; ");
  leads(EMPTY, PP_OP_MALLOC, (uint64_t)PTRDIFF_MAX, false, 0,
        "system-fail 1; malloc 1 0x7fffffffffffffff; ");
}

Test(exhaust_trace, refusals_are_said_before_the_move) {
  leads(EMPTY, PP_OP_MALLOC, 33, false, 1, "system-fail 1; malloc 1 33; ");
  leads(EMPTY, PP_OP_MALLOC, 32, false, 1, "system-fail 1; malloc 1 32; ");
  leads(EMPTY, PP_OP_MALLOC, 32, false, 3, "system-fail 2; malloc 1 32; ");
  leads(EMPTY, PP_OP_MALLOC, 32, false, 2, "arena-fail 1; malloc 1 32; ");
  leads(EMPTY, PP_OP_MALLOC, 32, false, 6,
        "arena-fail 1; system-fail 1; malloc 1 32; ");
}

Test(exhaust_trace, blocks_keep_their_names) {
  leads("vector 1+1 system 0 | 0: fresh 2 full 0,0 | 1: 0:2/1 | use 0",
        PP_OP_FREE, 0, true, 0, "arena-skew 4096; malloc 1 32; free 1; ");
  leads("vector 1+1 system 0 | 0: fresh 2 full 0,1 | use 0", PP_OP_REALLOC, 16,
        true, 0, "arena-skew 4096; malloc 1 32; malloc 2 32; realloc 1 16; ");
  leads("vector 1+1 system 2 | 0: fresh 2 full 0,0 | 1: 0:2/1 | use 0",
        PP_OP_FREE, 0, true, 0,
        "system-fail 1; malloc 1 16; system-fail 1; malloc 2 16; "
        "arena-skew 4096; malloc 3 32; free 3; ");
  leads("no vector 0+0 system 3", PP_OP_FREE, 0, true, 0,
        "system-fail 1; malloc 1 16; system-fail 1; malloc 2 16; "
        "system-fail 1; malloc 3 16; free 1; ");
}

/* Whatever became of the other blocks in between. */
Test(exhaust_trace, names_are_kept_when_others_end) {
  close_search();
  open_named("tiny, 3 arenas, 1 class", 9);
  leads("vector 1+1 system 0 | 0: fresh 0 full 0,0 | 1: 0:2/1 0:2/1 0:2/1",
        PP_OP_FREE, 0, true, 0,
        "arena-skew 4096; malloc 1 32; malloc 2 32; malloc 3 32; malloc 4 32; "
        "realloc 1 24; free 3; free 4; ");
  leads("vector 1+1 system 0 | 0: fresh 0 full 0,2 | 1: fresh 2 full 0,0 free "
        "1/2 | 1: 0:2/1 | use 1",
        PP_OP_REALLOC, 0, true, 0,
        "arena-skew 4096; malloc 1 32; malloc 2 32; malloc 3 32; malloc 4 32; "
        "malloc 5 32; malloc 6 32; realloc 1 24; free 1; realloc 2 0; ");
  leads("vector 1+1 system 0 | 0: fresh 0 full 0,0 | 1: fresh 2 full 0,0 | 1: "
        "0:2/1 0:2/1 0:2/1 1:2/1 | use 1",
        PP_OP_FREE, 0, true, 0,
        "arena-skew 4096; malloc 1 32; malloc 2 32; malloc 3 32; malloc 4 32; "
        "malloc 5 32; malloc 6 32; realloc 1 24; free 3; free 5; free 6; ");
}

/* The beginning and the end of a heap are no statements. */
Test(exhaust_trace, what_is_no_operation_is_not_said) {
  find_at(0, PP_MOVE_BEGIN, 0);
  told("");
  find_at(find("no vector 0+0 system 1"), PP_MOVE_END, 0);
  told("system-fail 1; malloc 1 16; ");
}

Test(exhaust_trace, an_arena_without_a_gap_has_no_skew) {
  close_search();
  open_named("tiny, 1 whole arena", 1);
  leads(EMPTY, PP_OP_MALLOC, 32, false, 0, "malloc 1 32; ");
}

/* The first arena has a gap and the second has none. */
Test(exhaust_trace, a_skew_is_said_when_it_changes) {
  static const struct pp_exhaust_geometry mixed = {
      "mixed", &pp_profiles[PP_PROFILE_TINY], 2, 2, 1, {32, 128}};
  close_search();
  geometry = mixed;
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  search = pp_searched_open(&options);
  pp_searched_levels(search, 6);
  leads("vector 1+1 system 0 | 0: fresh 0 full 0,3", PP_OP_MALLOC, 32, false, 0,
        "arena-skew 4096; malloc 1 32; malloc 2 32; malloc 3 32; malloc 4 32; "
        "malloc 5 32; malloc 6 32; arena-skew 0; malloc 7 32; ");
  leads("vector 1+1 system 0 | 0: fresh 0 full 0,3", PP_OP_MALLOC, 32, false, 1,
        "arena-skew 4096; malloc 1 32; malloc 2 32; malloc 3 32; malloc 4 32; "
        "malloc 5 32; malloc 6 32; arena-fail 1; malloc 7 32; ");
}

/* ---- in lock-step ---- */

static struct pp_reference faulty;

static bool other_order; /* than by our own */

/* A full pool that gets a block back goes to the end of its ring. */
static void to_the_end(struct pp_heap *heap, void *block) {
  bool own = block != NULL && pp_reference_none.owns(heap, block);
  struct pp_pool *pool = own ? pp_pool_of(heap->profile, block) : NULL;
  pp_reference_none.free(heap, block);
  if (!own || pool->count == 0) return;
  struct pp_pool *ring = &heap->usedpools[pool->szidx];
  if (pool->nextpool == ring) return;
  ring->nextpool = pool->nextpool;
  ring->nextpool->prevpool = ring;
  pool->prevpool = ring->prevpool;
  pool->nextpool = ring;
  pool->prevpool->nextpool = pool;
  ring->prevpool = pool;
  other_order = true;
}

/* And then it cannot go on. */
static void *end_there(struct pp_heap *heap, size_t size) {
  if (other_order) _exit(3);
  return pp_reference_none.malloc(heap, size);
}

static void finds_of(enum pp_clause clause, const char *statements,
                     uint64_t operations) {
  struct pp_exhaust_result result;
  geometry = pp_searched_geometry("tiny, 3 arenas, 1 class", 1);
  struct pp_exhaust_options options = pp_searched_options(&geometry);
  options.subject = &faulty;
  close_search();
  search = pp_searched_open(&options);
  pp_exhaust_run(search, &result);
  cr_assert_eq(result.end, PP_EXHAUST_FOUND);
  cr_expect_eq(result.finding.clause, clause, "%s", result.finding.what);
  cr_expect_eq(result.operations, operations, "%u",
               (unsigned)result.operations);
  cr_expect_not(result.hidden);
  char is[1024] = "";
  for (size_t i = 0; i < result.trace.count; i++) {
    char line[128];
    pp_op_print(&result.trace.at[i], line, sizeof line);
    strcat(strcat(is, line), "; ");
  }
  pp_ops_free(&result.trace);
  cr_expect_str_eq(is, statements);
}

static void finds(const char *statements, uint64_t operations) {
  finds_of(PP_HEAP_12, statements, operations);
}

#define FOUR "arena-skew 4096; malloc 1 32; malloc 2 32; malloc 3 32; free 1; "

Test(POOL_08, a_trace_goes_on_until_a_block_lies_elsewhere) {
  open_search();
  faulty = pp_reference_none;
  faulty.free = to_the_end;
  finds(FOUR "malloc 4 32; ", 4);
  close_search();
}

Test(POOL_08, a_trace_ends_where_a_build_does) {
  open_search();
  faulty = pp_reference_none;
  faulty.free = to_the_end;
  faulty.malloc = end_there;
  finds(FOUR, 4);
  close_search();
}

static bool own_nothing(const struct pp_heap *heap, const void *address) {
  (void)heap;
  (void)address;
  return false;
}

/* No further operation asks the map. */
Test(MAP_01, a_map_that_is_silent_is_told_as_it_is) {
  open_search();
  faulty = pp_reference_none;
  faulty.owns = own_nothing;
  finds_of(PP_MAP_01, "arena-skew 4096; malloc 1 32; ", 1);
  size_t mapped = pp_pages_mapped();
  told("arena-skew 4096; malloc 1 32; ");
  cr_expect_eq(pp_pages_mapped(), mapped);
  close_search();
}
