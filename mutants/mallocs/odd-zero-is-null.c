/* Sound, and takes the latitude of API-06: a request of zero bytes is null,
 * whichever call makes it, and errno says nothing of it. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  return size == 0 ? NULL : sound_malloc(ctx, size);
}

static void *odd_calloc(void *ctx, size_t count, size_t size) {
  return count == 0 || size == 0 ? NULL : sound_calloc(ctx, count, size);
}

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL && size == 0) return NULL;
  return sound_realloc(ctx, block, size);
}

SUBJECT("zero is null", subject.malloc = odd_malloc,
        subject.calloc = odd_calloc, subject.realloc = odd_realloc)
