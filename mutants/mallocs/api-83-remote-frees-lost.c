/* API-83: a block that another thread frees goes onto a list that its owner
 * never looks at. After thread caches that were left to grow by what consumers
 * freed for producers (jemalloc and tcmalloc tell of it in their manuals). */
#include "mutants/mallocs/locked.h"

static _Thread_local struct sound_chunk self;

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = locked_malloc(ctx, size);
  if (block != NULL) sound_head_of(block)->chunk->next = &self;
  return block;
}

static void faulty_free(void *ctx, void *block) {
  static struct sound_chunk *lost;
  if (block == NULL) return;
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  if (chunk->next == NULL || chunk->next == &self) {
    locked_free(ctx, block);
    return;
  }
  take_lock();
  chunk->next = lost;
  lost = chunk;
  leave_lock();
}

LOCKED_SUBJECT("remote frees lost", subject.malloc = faulty_malloc;
               subject.free = faulty_free)
