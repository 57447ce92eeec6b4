/* Where the driver says it is when a block that it was given cannot be touched
 * (SPEC.md, API-02): in a block, so that the crash is the subject's. */
#include <criterion/criterion.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include "check/pages.h"
#include "proptests/pair.h"
#include "proptests/scripted.h"

static sigjmp_buf escape;
static volatile uint32_t *where;
static volatile uint32_t seen; /* where it was when it crashed */

static void on_fault(int number) {
  (void)number;
  seen = *where;
  siglongjmp(escape, 1);
}

static void watch(volatile uint32_t *now) {
  struct sigaction action = {.sa_handler = on_fault};
  sigaction(SIGSEGV, &action, NULL);
  where = now;
}

static void *closed_page(void) {
  void *page = pp_pages(1);
  mprotect(page, pp_pages_guard(), PROT_NONE);
  return page;
}

static void open_all(void) {
  pp_script_open();
  watch(&pp_script.report.where);
}

TestSuite(API_02, .init = open_all, .fini = pp_script_close);

static void crashes_in_a_block(enum pp_op_kind kind, uint64_t a, uint64_t b) {
  seen = PP_WHERE_START;
  if (sigsetjmp(escape, 1) == 0) {
    if (kind == PP_OP_KIND_COUNT)
      pp_script_end();
    else
      pp_script_step(kind, 1, a, b);
  }
  cr_assert_eq(seen, PP_WHERE_BLOCK, "%d", (int)kind);
}

Test(API_02, block_that_cannot_be_touched_is_the_subjects_fault) {
  pp_script_answer(closed_page(), 0);
  crashes_in_a_block(PP_OP_MALLOC, 100, 0);
  pp_script_answer(closed_page(), 0);
  crashes_in_a_block(PP_OP_CALLOC, 1, 100);
  pp_script_answer(closed_page(), 0);
  crashes_in_a_block(PP_OP_REALLOC, 100, 0);
}

Test(API_02, block_that_is_closed_is_the_subjects_fault) {
  static const enum pp_op_kind ends[] = {PP_OP_FREE, PP_OP_REALLOC,
                                         PP_OP_KIND_COUNT};
  for (int i = 0; i < 3; i++) {
    uint8_t *page = pp_pages(1);
    pp_script_answer(page, 0);
    cr_assert(pp_script_step(PP_OP_MALLOC, 1, 100, 0));
    mprotect(page, pp_pages_guard(), PROT_NONE);
    crashes_in_a_block(ends[i], 200, 0);
    mprotect(page, pp_pages_guard(), PROT_READ | PROT_WRITE);
    cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
  }
}

Test(API_02, slack_that_cannot_be_touched_is_the_subjects_fault) {
  size_t page = pp_pages_guard();
  uint8_t *pages = pp_pages(2 * page);
  pp_script_answer(pages, 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, page, 0));
  pp_script.usable_told = true;
  pp_script.usable[0] = pp_script.usable[1] = page + 100;
  mprotect(pages + page, page, PROT_NONE);
  crashes_in_a_block(PP_OP_USABLE, 0, 0); /* it is written */
  crashes_in_a_block(PP_OP_FREE, 0, 0);   /* and looked at */
}

Test(API_02, chain_that_cannot_be_written_is_the_subjects_fault) {
  pp_script.driver.blocks.peak_bytes = 256;
  pp_script_answer(closed_page(), 0);
  crashes_in_a_block(PP_OP_KIND_COUNT, 0, 0);
}

/* The header of the pool is read, and one of its dead blocks is not there. */
Test(BLOCK_04, pool_that_cannot_be_read_is_the_subjects_fault) {
  pp_pair_begin("3.13", 0);
  for (uint64_t id = 0; id < 30; id++)
    cr_assert(pp_pair_step(PP_OP_MALLOC, id, 512, 0));
  uint8_t *block = pp_pair_block(20).address;
  cr_assert(pp_pair_step(PP_OP_FREE, 20, 0, 0));
  uintptr_t page = (uintptr_t)block & ~(pp_pages_guard() - 1);
  uintptr_t header = (uintptr_t)pp_pair_block(0).address;
  cr_assert_geq(page, header + pp_pages_guard() - 1024);
  mprotect((void *)page, pp_pages_guard(), PROT_NONE);
  watch(&pp_pair.report.where);
  seen = PP_WHERE_START;
  if (sigsetjmp(escape, 1) == 0) pp_pair_walk();
  cr_assert_eq(seen, PP_WHERE_BLOCK);
}

/* A dead block that is looked at, and was closed when it was freed. */
Test(BLOCK_04, dead_block_that_cannot_be_read_is_the_subjects_fault) {
  pp_pair_begin("3.13", 0);
  for (uint64_t id = 1; id <= 32; id++)
    cr_assert(pp_pair_step(PP_OP_MALLOC, id, 512, 0));
  pp_pair.lie.closes = true;
  watch(&pp_pair.report.where);
  seen = PP_WHERE_START;
  if (sigsetjmp(escape, 1) == 0) pp_pair_step(PP_OP_FREE, 16, 0, 0);
  cr_assert_eq(seen, PP_WHERE_BLOCK);
}
