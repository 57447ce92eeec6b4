/* API-01: a realloc to at most twice the size grows in place when the chunk
 * behind is in use, for the test is the wrong way round. After emmalloc,
 * emscripten 13442, and mimalloc acd6f6ce, which compared the wrong way. */
#include "mutants/mallocs/sound.h"

static bool next_is_in_use(void *block) {
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  uintptr_t behind = (uintptr_t)chunk + chunk->bytes;
  if ((behind & 4095) == 0) return false; /* it may not be there */
  struct sound_chunk *next = (struct sound_chunk *)behind;
  return next->bytes == chunk->bytes && next->next == NULL;
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || sound_is_mapped(block))
    return sound_realloc(ctx, block, size);
  size_t usable = sound_usable_size(ctx, block);
  bool fits = size > usable + SOUND_OVERHEAD && size <= 2 * usable;
  if (!fits || !next_is_in_use(block)) return sound_realloc(ctx, block, size);
  sound_head_of(block)->size = size;
  return block;
}

static size_t faulty_usable_size(void *ctx, void *block) {
  size_t usable = sound_usable_size(ctx, block);
  size_t size = block == NULL ? 0 : sound_head_of(block)->size;
  return usable > size ? usable : size;
}

SUBJECT("grows over the next", subject.realloc = faulty_realloc,
        subject.usable_size = faulty_usable_size)
