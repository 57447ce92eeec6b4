/* API-01: a realloc that moves a small block frees the old one and answers its
 * address instead of the new one, so that the next request gets the block a
 * second time. After box64 3798. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  bool shrinks = block != NULL && size <= sound_head_of(block)->size;
  void *moved = sound_realloc(ctx, block, size);
  if (!shrinks || moved == NULL || moved == block) return moved;
  sound_head_of(block)->size = size;
  return block;
}

SUBJECT("old address returned", subject.realloc = faulty_realloc,
        sound_limit = SIZE_MAX)
