/* API-81: free hands a small block to the next that asks, and wipes its first
 * word only then, when it may be another thread's. After a free that wrote to
 * what it had put on a list for all threads. It gives way in between, or the
 * word would nearly always be written in time. */
#include <sched.h>

#include "mutants/mallocs/locked.h"

enum { KEPT = 16, SMALL_MAX = 64 };

static void *kept[KEPT];
static unsigned kept_count;

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = NULL;
  take_lock();
  if (size <= SMALL_MAX && kept_count > 0) {
    block = kept[--kept_count];
    sound_head_of(block)->size = size;
  } else {
    block = sound_malloc(ctx, size);
  }
  leave_lock();
  return block;
}

static void faulty_free(void *ctx, void *block) {
  if (block == NULL) return;
  take_lock();
  bool keeps = kept_count < KEPT && sound_usable_size(ctx, block) >= SMALL_MAX;
  if (keeps) {
    kept[kept_count++] = block;
  } else {
    sound_free(ctx, block);
  }
  leave_lock();
  if (!keeps) return;
  sched_yield();
  memset(block, 0, sizeof(uint64_t));
}

LOCKED_SUBJECT("wiped when free already", subject.malloc = faulty_malloc;
               subject.free = faulty_free)
