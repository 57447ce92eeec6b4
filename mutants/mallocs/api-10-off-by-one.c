/* API-10: calloc lets a product of exactly 2^64 pass, which is zero. After
 * snmalloc 863, where a product that was cut off to zero was a success. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size > 1 && count - 1 > SIZE_MAX / size) {
    errno = ENOMEM;
    return NULL;
  }
  return sound_calloc(ctx, 1, count * size);
}

SUBJECT("off by one", subject.calloc = faulty_calloc)
