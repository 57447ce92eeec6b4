/* Sound, but for what it declares: what malloc and calloc refuse, they refuse
 * without a word in errno, and aligned_alloc serves any alignment. It breaks
 * API-18, API-19, API-24 and API-43, and says so in mute-1.declared beside it;
 * and it takes the latitude of API-06: a block of no bytes is null. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  int error = errno;
  if (size == 0) return NULL;
  void *block = sound_malloc(ctx, size);
  errno = error;
  return block;
}

static void *odd_calloc(void *ctx, size_t count, size_t size) {
  int error = errno;
  if (count == 0 || size == 0) return NULL;
  void *block = sound_calloc(ctx, count, size);
  errno = error;
  return block;
}

static void *odd_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  size_t power = 1;
  while (power < alignment && power < SIZE_MAX / 2)
    power *= 2;
  return sound_aligned_alloc(ctx, power, size);
}

SUBJECT("mute 1", subject.malloc = odd_malloc, subject.calloc = odd_calloc,
        subject.aligned_alloc = odd_aligned_alloc)
