/* The processes of an exhaustive search: what one of them finds, and what is
 * said of one that ends or hangs. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proptests/searched.h"

static struct pp_exhaust_geometry geometry;
static struct pp_exhaust_options options;
static struct pp_reference subject;

static void choose(void) {
  geometry = pp_searched_geometry("tiny, 3 arenas, 1 class", 1);
  options = pp_searched_options(&geometry);
  subject = pp_reference_none;
  options.subject = &subject;
}

TestSuite(exhaust_processes, .init = choose);

/* No process is left behind, in whatever way it ended. */
static struct pp_exhaust_result run(void) {
  struct pp_exhaust_result result = pp_searched_run(&options);
  cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
  return result;
}

/* ---- findings ---- */

/* In a state with so many blocks in pools. */
static size_t blocks_of_pools(const struct pp_heap *heap) {
  return heap->live_blocks - heap->system_blocks;
}

static void *dirty_calloc(struct pp_heap *heap, size_t count, size_t size) {
  uint8_t *block = pp_reference_none.calloc(heap, count, size);
  if (block != NULL && blocks_of_pools(heap) == 2) block[9] = 1;
  return block;
}

static void finds(enum pp_clause clause, const char *what, uint64_t operations,
                  size_t statements) {
  struct pp_exhaust_result result = run();
  cr_assert_eq(result.end, PP_EXHAUST_FOUND);
  cr_expect_eq(result.finding.clause, clause, "%s: %s",
               pp_clause_texts[result.finding.clause].id, result.finding.what);
  cr_expect_str_eq(result.finding.what, what);
  cr_expect_eq(result.operations, operations, "%u",
               (unsigned)result.operations);
  cr_expect_eq(result.trace.count, statements, "%u",
               (unsigned)result.trace.count);
  cr_expect_not(result.hidden);
  pp_ops_free(&result.trace);
}

Test(HEAP_08, a_finding_ends_the_search_with_its_level) {
  choose();
  subject.calloc = dirty_calloc;
  for (options.jobs = 1; options.jobs <= 2; options.jobs++) {
    struct pp_exhaust_result result = run();
    cr_assert_eq(result.end, PP_EXHAUST_FOUND);
    cr_expect_eq(result.finding.position, PP_LINK(1, 2, 0));
    cr_expect_eq(result.progress.states, 7);
    cr_expect_eq(result.progress.transitions, 56);
    cr_expect_eq(result.progress.position, 1);
    pp_ops_free(&result.trace);
    finds(PP_HEAP_08, "calloc left the word at byte 8 wrong", 2, 3);
  }
}

static void *stale_malloc(struct pp_heap *heap, size_t size) {
  void *block = pp_reference_none.malloc(heap, size);
  if (size == 33 && heap->arenas != NULL) heap->nfp2lasta[1] = heap->arenas;
  return block;
}

Test(ARENA_10, a_table_that_never_leads_elsewhere_is_told_at_the_end) {
  choose();
  subject.malloc = stale_malloc;
  struct pp_exhaust_result result = run();
  cr_assert_eq(result.end, PP_EXHAUST_FOUND);
  cr_expect(result.hidden);
  cr_expect_eq(result.finding.clause, PP_ARENA_10);
  cr_expect_str_eq(
      result.finding.what,
      "nfp2lasta is another than the reference's, and no block of this "
      "geometry will ever lie elsewhere for it");
  cr_expect_eq(result.finding.position >> 32, 1);
  cr_expect_eq(result.finding.position, result.progress.hidden);
  cr_expect_eq(result.progress.states, 44);
  cr_expect_eq(result.operations, 2);
  cr_expect_eq(result.trace.count, 3);
  pp_ops_free(&result.trace);
}

static void keep_all(struct pp_heap *heap) {
  (void)heap;
}

static struct pp_heap *end_at_once(void *memory,
                                   const struct pp_profile *profile,
                                   const struct pp_arena_source *arenas,
                                   const struct pp_system_source *system,
                                   struct pp_witness *witness) {
  (void)memory;
  (void)profile;
  (void)arenas;
  (void)system;
  (void)witness;
  raise(SIGSEGV);
  return NULL;
}

/* An end is no operation, a beginning neither. */
Test(exhaust_processes, what_is_no_operation_is_not_counted) {
  subject.destroy = keep_all;
  finds(PP_HEAP_14, "the heap has ended, and the vector was not given back", 1,
        3);
  subject = pp_reference_none;
  subject.create = end_at_once;
  finds(PP_API_37, "it ends by signal 11", 0, 0);
}

/* ---- ends ---- */

static void *crash(struct pp_heap *heap, size_t count, size_t size) {
  if (blocks_of_pools(heap) == 1) raise(SIGBUS);
  return pp_reference_none.calloc(heap, count, size);
}

static void *leave(struct pp_heap *heap, size_t count, size_t size) {
  if (blocks_of_pools(heap) == 1) _exit(3);
  return pp_reference_none.calloc(heap, count, size);
}

Test(API_37, a_process_that_crashes_is_told) {
  choose();
  subject.calloc = crash;
  finds(PP_API_37, "it ends by signal 7", 2, 3);
}

Test(API_38, a_process_that_leaves_is_told) {
  choose();
  subject.calloc = leave;
  options.jobs = 2;
  finds(PP_API_38, "it ends by exit(3)", 2, 3);
}

static struct pp_heap *hang(void *memory, const struct pp_profile *profile,
                            const struct pp_arena_source *arenas,
                            const struct pp_system_source *system,
                            struct pp_witness *witness) {
  (void)memory;
  (void)profile;
  (void)arenas;
  (void)system;
  (void)witness;
  for (;;)
    pause();
  return NULL;
}

/* At once, so that a machine that is busy looks no other than one that is
 * not. */
Test(API_36, a_process_that_hangs_is_told) {
  choose();
  subject.create = hang;
  options.silence_seconds = 0;
  finds(PP_API_36, "it does not return within 0 seconds", 0, 0);
}

static void *end_from_outside(struct pp_heap *heap, size_t count, size_t size) {
  if (blocks_of_pools(heap) == 1) raise(SIGKILL);
  return pp_reference_none.calloc(heap, count, size);
}

Test(exhaust_processes, a_process_that_is_ended_from_outside_is_no_finding) {
  subject.calloc = end_from_outside;
  struct pp_exhaust_result result = run();
  cr_expect_eq(result.end, PP_EXHAUST_FAULT);
  cr_expect_eq(result.finding.clause, PP_HOLDS);
  cr_expect_str_eq(result.finding.what,
                   "a process of it was ended from outside");
  cr_expect_eq(result.progress.states, 7);
  cr_expect_eq(result.progress.transitions, 56);
  cr_expect_eq(result.progress.position, 1);
}

/* ---- what is no end ---- */

static void *interrupt(struct pp_heap *heap, size_t count, size_t size) {
  struct rlimit core = {1, 1};
  raise(SIGINT);
  raise(SIGTERM);
  getrlimit(RLIMIT_CORE, &core);
  if (core.rlim_cur != 0) _exit(4);
  if (core.rlim_max != 0) _exit(5);
  return pp_reference_none.calloc(heap, count, size);
}

/* An interruption is for the parent to take, and a crash leaves no core. */
Test(exhaust_processes, a_process_is_not_interrupted) {
  subject.calloc = interrupt;
  struct pp_exhaust_result result = run();
  cr_expect_eq(result.end, PP_EXHAUST_FIXPOINT);
  cr_expect_eq(result.progress.states, 44);
}
