/* Sound, and roomy: a block has room for twice its size, and all of it is
 * usable. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  if (size > SOUND_SMALL_MAX) return sound_malloc(ctx, size);
  void *block = sound_malloc(ctx, size * 2);
  if (block != NULL) sound_head_of(block)->size = size;
  return block;
}

SUBJECT("huge slack", subject.malloc = odd_malloc)
