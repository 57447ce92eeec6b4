/* API-01: a realloc that moves a block frees the old one twice, so that it is
 * handed out twice. After rpmalloc, pull request 280, where a span could be
 * freed by two paths at once. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  bool small = block != NULL && !sound_is_mapped(block);
  void *moved = sound_realloc(ctx, block, size);
  if (!small || moved == NULL || moved == block) return moved;
  sound_in_use += sound_head_of(block)->chunk->bytes; /* counted once */
  sound_free(ctx, block);
  return moved;
}

SUBJECT("freed twice", subject.realloc = faulty_realloc)
