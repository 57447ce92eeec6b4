/* API-12: a realloc that moves a block of more than 64 KiB copies whole pieces
 * of 64 KiB and forgets the rest. After rpmalloc, pull request 112, whose
 * realloc of large blocks lost data. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || !sound_is_mapped(block) ||
      size <= sound_usable_size(ctx, block))
    return sound_realloc(ctx, block, size);
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, sound_head_of(block)->size & ~(size_t)0xffff);
  sound_free(ctx, block);
  return moved;
}

SUBJECT("whole pieces only", subject.realloc = faulty_realloc)
