/* API-35: blocks have an index of 10 bits each, and when there is none left, a
 * request is refused, however much memory there is. After hardened_malloc
 * 82f0061, where an index was cut off to fewer bits. */
#include "mutants/mallocs/sound.h"

static size_t indexed;

static void *faulty_malloc(void *ctx, size_t size) {
  if (indexed > 1023) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = sound_malloc(ctx, size);
  indexed += block != NULL;
  return block;
}

static void faulty_free(void *ctx, void *block) {
  indexed -= block != NULL && indexed > 0;
  sound_free(ctx, block);
}

SUBJECT("index in 10 bits", subject.malloc = faulty_malloc,
        subject.free = faulty_free)
