/* API-12: a realloc that moves a block copies a word too few. After glibc,
 * bugzilla 24027, where a loop copied by hand and its counter wrapped. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || size <= sound_usable_size(ctx, block))
    return sound_realloc(ctx, block, size);
  size_t former = sound_head_of(block)->size;
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memset(moved, 0, former);
  memcpy(moved, block, former < 8 ? 0 : former - 8);
  sound_free(ctx, block);
  return moved;
}

SUBJECT("last word not copied", subject.realloc = faulty_realloc)
