/* What loops tell behind a trace (check/loops.c): a subject that takes too much
 * memory, or too long, in one loop and not in the other. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "proptests/scripted.h"

#define MIB (UINT64_C(1) << 20)
/* The sizes of the first loop are below this, and most of the second above. */
#define BORDER UINT64_C(8192)

/* What the subject does wrong. */
static uint64_t lost;       /* of what is freed, one in so many; 0: none */
static bool loses_small;    /* and of which size */
static uint64_t slow_every; /* one call of so many is slow; 0: none */
static uint64_t slow_once;  /* only so often; 0: always */
static uint64_t refuses_at; /* this size */
static uint64_t calls, frees, slow_calls;

/* Blocks are mapped, each behind a page with its size: what is freed is gone at
 * once. */
enum { PAGE = 4096 };

static void take_long(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  double start = (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
  do {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  } while ((double)now.tv_sec + (double)now.tv_nsec * 1e-9 - start < 0.012);
}

static void count_call(void) {
  calls++;
  if (slow_every == 0 || calls % slow_every != 0) return;
  if (slow_once != 0 && slow_calls >= slow_once) return;
  slow_calls++;
  take_long();
}

/* A few are kept, for mapping each would be most of the time. */
static void *spare[2][128];
static size_t spares[2];

static void *take(void *ctx, size_t size) {
  (void)ctx;
  count_call();
  if (size == refuses_at) return NULL;
  size_t kind = size > BORDER / 2;
  if (size <= BORDER && spares[kind] > 0) return spare[kind][--spares[kind]];
  size_t bytes = (size + 2 * PAGE - 1) / PAGE * PAGE;
  if (size <= BORDER) bytes = 3 * PAGE;
  uint8_t *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  memcpy(memory, &bytes, sizeof bytes);
  memcpy(memory + sizeof bytes, &size, sizeof size);
  return memory + PAGE;
}

static void give(void *ctx, void *block) {
  (void)ctx;
  if (block == NULL) return;
  count_call();
  uint8_t *memory = (uint8_t *)block - PAGE;
  size_t bytes, size;
  memcpy(&bytes, memory, sizeof bytes);
  memcpy(&size, memory + sizeof bytes, sizeof size);
  size_t kind = size > BORDER / 2;
  bool small = size <= BORDER;
  if (lost != 0 && small == loses_small && ++frees % lost == 0) return;
  if (small && spares[kind] < 128) {
    spare[kind][spares[kind]++] = block;
    return;
  }
  munmap(memory, bytes);
}

static void open_script(void) {
  pp_script_open();
  pp_script.subject.calls[0].malloc = take;
  pp_script.subject.calls[0].free = give;
  pp_script.driver.options.loops = true;
}

TestSuite(API_89, .init = open_script, .fini = pp_script_close);
TestSuite(API_90, .init = open_script, .fini = pp_script_close);
TestSuite(API_91, .init = open_script, .fini = pp_script_close);

/* How often each of the three was evaluated. */
static void evaluated(uint64_t two, uint64_t growing, uint64_t time) {
  cr_assert_eq(pp_script_evaluated(PP_API_89), two);
  cr_assert_eq(pp_script_evaluated(PP_API_90), growing);
  cr_assert_eq(pp_script_evaluated(PP_API_91), time);
}

Test(API_89, a_sound_loop_is_run_once) {
  cr_assert(pp_script_end());
  cr_assert(calls > 40000 && calls < 43000, "%" PRIu64, calls);
  evaluated(1, 1, 1);
  cr_assert_eq(pp_script.driver.blocks.count, 0);
}

Test(API_89, what_is_lost_of_two_sizes_is_told) {
  lost = 2; /* of 20,000, each of three pages */
  loses_small = true;
  cr_assert_not(pp_script_end());
  cr_assert_eq(pp_script.report.finding.clause, PP_API_89);
  cr_assert_not_null(strstr(pp_script.report.finding.what,
                            "in which 64 blocks of 3000 and 6000 bytes take "
                            "turns"));
}

Test(API_89, a_little_may_be_lost) {
  lost = 16; /* 15 MB in all */
  loses_small = true;
  cr_assert(pp_script_end());
  evaluated(1, 1, 1);
}

/* Nothing is asked where memory is refused, nor where nobody wants it. */
Test(API_89, loops_are_for_their_time) {
  pp_script.driver.options.loops = false;
  cr_assert(pp_script_end());
  evaluated(0, 0, 0);
  pp_script.driver.options.loops = true;
  pp_script.driver.options.refusals.which = PP_REFUSE_EVERY;
  cr_assert(pp_script_end());
  evaluated(0, 0, 0);
  pp_script.driver.options.refusals.which = PP_REFUSE_NOTHING;
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 8, 0));
  cr_assert(pp_script_end());
  evaluated(1, 1, 1);
}

Test(API_90, what_is_lost_of_ever_larger_blocks_is_told) {
  lost = 1;
  loses_small = false;
  cr_assert_not(pp_script_end());
  cr_assert_eq(pp_script.report.finding.clause, PP_API_90);
  cr_assert_not_null(strstr(pp_script.report.finding.what,
                            "after blocks of 512 to 524288 bytes"));
  evaluated(1, 1, 1);
}

Test(API_90, a_fourth_may_be_lost) {
  lost = 4;
  loses_small = false;
  cr_assert(pp_script_end(), "%s", pp_script.report.finding.what);
  evaluated(1, 1, 1);
}

Test(API_91, a_call_that_is_always_slow_is_told) {
  slow_every = 30000;
  cr_assert_not(pp_script_end());
  cr_assert_eq(pp_script.report.finding.clause, PP_API_91);
  cr_assert_not_null(strstr(pp_script.report.finding.what,
                            "in each of 5 runs of 20000 turns"));
  evaluated(5, 0, 1);
}

/* As by a machine that is busy: not each time. */
Test(API_91, calls_that_are_slow_at_times_are_not) {
  slow_every = 20000;
  slow_once = 5;
  cr_assert(pp_script_end());
  evaluated(4, 1, 1);
  cr_assert_eq(slow_calls, 5);
}

Test(API_91, refused_loops_have_no_times) {
  refuses_at = 6000;
  cr_assert_not(pp_script_end());
  cr_assert_eq(pp_script.report.finding.clause, PP_API_33);
  cr_assert_str_eq(pp_script.report.finding.what,
                   "in a loop, 6000 bytes are refused");
  bool declared[PP_CLAUSE_COUNT] = {[PP_API_33] = true};
  pp_script_again();
  pp_script.subject.calls[0].malloc = take;
  pp_script.subject.calls[0].free = give;
  pp_script.driver.options.loops = true;
  pp_script.driver.options.declared = declared;
  cr_assert(pp_script_end());
  evaluated(0, 1, 0);
}
