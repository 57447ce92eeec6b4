/* API-80: the block freed last is kept aside, and two threads that look at the
 * same time both get it, for nothing is locked. After a free list that was
 * popped without a lock. Whoever has seen the spare gives way before it takes
 * it, or two would meet there too seldom to be seen in seconds. */
#include <sched.h>

#include "mutants/mallocs/locked.h"

enum { SPARE_MAX = 256 };

static _Atomic(void *) spare;

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = spare;
  if (block == NULL || size > SPARE_MAX) return locked_malloc(ctx, size);
  sched_yield();
  spare = NULL;
  sound_head_of(block)->size = size;
  return block;
}

static void faulty_free(void *ctx, void *block) {
  bool keeps = block != NULL && spare == NULL &&
               sound_usable_size(ctx, block) >= SPARE_MAX;
  if (keeps) {
    spare = block;
  } else {
    locked_free(ctx, block);
  }
}

LOCKED_SUBJECT("spare without a lock", subject.malloc = faulty_malloc;
               subject.free = faulty_free)
