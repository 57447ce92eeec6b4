/* API-83: a block that another thread frees goes onto a list that its owner
 * never looks at. After thread caches that were left to grow by what consumers
 * freed for producers. A canary behind each block makes what is lost more. */
#include "mutants/mallocs/locked.h"

static _Thread_local struct sound_chunk self;

enum { CANARY = 0xca, CANARY_BYTES = 1 << 14 };

static void *faulty_malloc(void *ctx, size_t size) {
  if (size > PTRDIFF_MAX) return locked_malloc(ctx, size);
  void *block = locked_malloc(ctx, size + CANARY_BYTES);
  if (block == NULL) return NULL;
  memset((uint8_t *)block + size, CANARY, CANARY_BYTES);
  sound_head_of(block)->size = size;
  sound_head_of(block)->chunk->next = &self;
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
