/* Sound, and wasteful: realloc moves every block, even to the same size. */
#include "mutants/mallocs/sound.h"

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL) return sound_malloc(ctx, size);
  size_t former = sound_head_of(block)->size;
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < former ? size : former);
  sound_free(ctx, block);
  return moved;
}

SUBJECT("always moves", subject.realloc = odd_realloc)
