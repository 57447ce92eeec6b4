/* Loops (SPEC.md, API-89 to API-91): when a trace is over, the calls that
 * servers make for days are made some ten thousand times: blocks of
 * two sizes that take turns, and blocks that grow. What they hold on to, and
 * how long a single call takes, tells of years. Nothing here asks the C heap
 * for memory, which may be the subject's.
 *
 * Time is that of the processor, of this thread alone, and a call that took
 * long counts when one does each time that the loop is run: the machine has
 * other work, too. */
#include <inttypes.h>
#include <time.h>

#include "check/driver.h"

enum { SLOTS = 64, TURNS = 20000, RUNS = 5 };
/* Of classes of their own in any allocator. */
static const uint64_t two_sizes[] = {3000, 6000};
#define GROWTH_OF_TWO_SIZES (UINT64_C(32) << 20)

/* Each a little more than the one before, and many: those that wait in a
 * quarantine are few of them. */
#define STEP UINT64_C(512)
#define LARGEST (UINT64_C(512) << 10)
#define GROWTH_OF_GROWING (UINT64_C(160) << 20)

#define PAGE UINT64_C(4096)

#define LONG_NANOSECONDS UINT64_C(10000000)
#define LONG_FACTOR UINT64_C(1000)

/* ---- times ---- */

/* Four buckets for each power of two. */
enum { BUCKETS = 4 * 64 };

struct times {
  uint32_t counts[BUCKETS];
  uint64_t calls;
  uint64_t worst; /* nanoseconds */
};

static uint64_t thread_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static unsigned bucket_of(uint64_t nanoseconds) {
  unsigned bits = 0;
  while (nanoseconds >> bits >= 8)
    bits++;
  return 4 * bits + (unsigned)(nanoseconds >> bits) % 8;
}

/* The most that a bucket holds. */
static uint64_t most_of(unsigned bucket) {
  unsigned bits = bucket < 8 ? 0 : bucket / 4 - 1;
  return ((uint64_t)(bucket - 4 * bits + 1) << bits) - 1;
}

static void note(struct times *times, uint64_t start) {
  uint64_t took = thread_nanoseconds() - start;
  unsigned bucket = bucket_of(took);
  times->counts[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  times->calls++;
  if (took > times->worst) times->worst = took;
}

static uint64_t median(const struct times *times) {
  uint64_t below = 0;
  unsigned bucket = 0;
  while (bucket < BUCKETS - 1 &&
         2 * (below + times->counts[bucket]) < times->calls)
    below += times->counts[bucket++];
  return most_of(bucket);
}

static uint64_t longest_allowed(const struct times *times) {
  uint64_t allowed = LONG_FACTOR * median(times);
  return allowed > LONG_NANOSECONDS ? allowed : LONG_NANOSECONDS;
}

/* ---- calls ---- */

static void give(struct pp_driver *driver, void *block, struct times *times) {
  const struct pp_subject *calls = driver->calls;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  uint64_t start = thread_nanoseconds();
  calls->free(calls->ctx, block);
  note(times, start);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
}

/* A block of which each page is touched, or NULL. */
static void *take(struct pp_driver *driver, uint64_t size,
                  struct times *times) {
  const struct pp_subject *calls = driver->calls;
  driver->report->ticks++;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  uint64_t start = thread_nanoseconds();
  volatile uint8_t *block = calls->malloc(calls->ctx, size);
  note(times, start);
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  for (uint64_t at = 0; block != NULL && at < size; at += PAGE)
    block[at] = 1;
  if (block != NULL) block[size - 1] = 1;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  PP_ORACLE(driver, API_33, block != NULL,
            "in a loop, %" PRIu64 " bytes are refused", size);
  return (void *)(uintptr_t)block;
}

static uint64_t more_than(struct pp_driver *driver, uint64_t before) {
  uint64_t now = pp_resident(driver);
  return now > before ? now - before : 0;
}

/* ---- blocks of two sizes ---- */

/* What the heap grew by from the second round over the slots to the last; false
 * when a block was refused. */
static bool alternate(struct pp_driver *driver, struct times *times,
                      uint64_t *growth) {
  void *slots[SLOTS] = {NULL};
  uint64_t before = 0;
  bool served = true;
  for (unsigned turn = 0; turn < TURNS && served; turn++) {
    void **slot = &slots[turn % SLOTS];
    if (turn == 2 * SLOTS) before = pp_resident(driver);
    if (*slot != NULL) give(driver, *slot, times);
    /* The other size than this slot had, and than the slot before has. */
    *slot = take(driver, two_sizes[(turn + turn / SLOTS) % 2], times);
    served = *slot != NULL;
  }
  *growth = more_than(driver, before);
  for (unsigned i = 0; i < SLOTS; i++) {
    if (slots[i] != NULL) give(driver, slots[i], times);
  }
  return served;
}

static void see_two_sizes(struct pp_driver *driver) {
  struct times times = {.calls = 0};
  uint64_t growth;
  unsigned run = 0;
  do {
    times = (struct times){.calls = 0};
    if (!alternate(driver, &times, &growth)) return;
    PP_ORACLE(driver, API_89, growth < GROWTH_OF_TWO_SIZES,
              "%" PRIu64 " bytes more are resident after %d turns in which "
              "%d blocks of %" PRIu64 " and %" PRIu64 " bytes take turns",
              growth, TURNS, SLOTS, two_sizes[0], two_sizes[1]);
  } while (++run < RUNS && times.worst > longest_allowed(&times));
  PP_ORACLE(driver, API_91, times.worst <= longest_allowed(&times),
            "%" PRIu64 " ns of the processor in one call, and %" PRIu64
            " in the median one, in each of %d runs of %d turns",
            times.worst, median(&times), RUNS, TURNS);
}

/* ---- blocks that grow ---- */

static void see_growing(struct pp_driver *driver) {
  struct times times = {.calls = 0};
  uint64_t before = pp_resident(driver);
  void *former = NULL;
  bool served = true;
  for (uint64_t size = STEP; size <= LARGEST && served; size += STEP) {
    void *block = take(driver, size, &times);
    served = block != NULL;
    if (former != NULL) give(driver, former, &times);
    former = block;
  }
  if (former != NULL) give(driver, former, &times);
  if (!served) return;
  uint64_t growth = more_than(driver, before);
  PP_ORACLE(driver, API_90, growth < GROWTH_OF_GROWING,
            "%" PRIu64 " bytes more are resident after blocks of %" PRIu64
            " to %" PRIu64 " bytes, each freed when the next is there",
            growth, STEP, LARGEST);
}

bool pp_loops_armed(const struct pp_driver *driver) {
  return driver->options.loops && driver->subject->profile == NULL &&
         driver->options.refusals.which <= PP_REFUSE_NONE;
}

bool pp_loops_have(enum pp_clause clause) {
  return clause == PP_API_89 || clause == PP_API_90 || clause == PP_API_91;
}

void pp_loops(struct pp_driver *driver) {
  if (!pp_loops_armed(driver)) return;
  see_two_sizes(driver);
  see_growing(driver);
}
