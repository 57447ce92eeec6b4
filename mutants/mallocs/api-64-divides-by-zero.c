/* API-64: calloc divides by the size to see whether the product wraps, and
 * forgets that it may be zero. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  const volatile size_t most = SIZE_MAX / size;
  if (count > most) {
    errno = ENOMEM;
    return NULL;
  }
  return sound_calloc(ctx, count, size);
}

SUBJECT("divides by zero", subject.calloc = faulty_calloc)
