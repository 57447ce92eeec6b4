/* Sound, and steady: realloc moves no block that fits where it is, however
 * little of it is left. */
#include "mutants/mallocs/sound.h"

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || size > sound_usable_size(ctx, block))
    return sound_realloc(ctx, block, size);
  sound_head_of(block)->size = size;
  return block;
}

SUBJECT("stays in place", subject.realloc = odd_realloc)
