/* Sound, and takes the latitude of API-14: realloc to zero bytes frees the
 * block and is null. */
#include "mutants/mallocs/sound.h"

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || size > 0) return sound_realloc(ctx, block, size);
  sound_free(ctx, block);
  return NULL;
}

static void *odd_reallocarray(void *ctx, void *block, size_t count,
                              size_t size) {
  if (count == 0 || size == 0) return odd_realloc(ctx, block, 0);
  return sound_reallocarray(ctx, block, count, size);
}

SUBJECT("realloc to zero frees", subject.realloc = odd_realloc,
        subject.reallocarray = odd_reallocarray)
