/* API-61: a calloc of more than 64 KiB is placed right behind a head of 8
 * bytes. After snmalloc, pull request 22, where a large calloc was not aligned
 * as its zeroing needed. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_calloc(ctx, count, size);
  if (count * size <= SOUND_SMALL_MAX) return sound_calloc(ctx, count, size);
  return sound_take(count * size, 16, 8); /* zeros, for it is mapped */
}

SUBJECT("large calloc", subject.calloc = faulty_calloc)
