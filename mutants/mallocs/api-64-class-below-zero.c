/* API-64: the class of a request is the size less one by 16, and that of zero
 * bytes lies far outside of the table. After rpmalloc, release notes up to
 * 1.4.0, where a size of zero was the index of a class before the first. */
#include "mutants/mallocs/sound.h"

static size_t taken[SOUND_SMALL_MAX / 16];

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  void *block = sound_calloc(ctx, count, size);
  if (block == NULL || sound_is_mapped(block)) return block;
  volatile size_t *counter = &taken[(count * size - 1) / 16];
  (*counter)++;
  return block;
}

SUBJECT("class below zero", subject.calloc = faulty_calloc)
