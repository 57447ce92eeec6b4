/* API-10: calloc multiplies and does not look whether the product wrapped. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  return sound_calloc(ctx, 1, count * size);
}

SUBJECT("product wraps", subject.calloc = faulty_calloc)
