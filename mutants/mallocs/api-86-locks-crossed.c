/* API-86: malloc takes the lock of the list and then that of the regions, free
 * takes them the other way round. After heaps with a lock for each size whose
 * order nobody had written down. One call in sixteen sleeps between the two,
 * or they would seldom cross; the first calls do not. */
#include <unistd.h>

#include "mutants/mallocs/locked.h"

enum { EARLY = 200, ONE_IN = 16, MICROSECONDS = 100 };

static pthread_mutex_t regions = PTHREAD_MUTEX_INITIALIZER;
static _Atomic unsigned calls;

static void dawdle(void) {
  unsigned call = calls++;
  if (call > EARLY && call % ONE_IN == 0) usleep(MICROSECONDS);
}

static void *faulty_malloc(void *ctx, size_t size) {
  take_lock();
  dawdle();
  pthread_mutex_lock(&regions);
  void *block = sound_malloc(ctx, size);
  pthread_mutex_unlock(&regions);
  leave_lock();
  return block;
}

static void faulty_free(void *ctx, void *block) {
  pthread_mutex_lock(&regions);
  dawdle();
  take_lock();
  sound_free(ctx, block);
  leave_lock();
  pthread_mutex_unlock(&regions);
}

LOCKED_SUBJECT("locks crossed", subject.malloc = faulty_malloc;
               subject.free = faulty_free)
