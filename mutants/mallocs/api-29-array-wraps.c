/* API-29: reallocarray multiplies and does not look whether the product
 * wrapped. After mimalloc 5d4cb59f, where a product that wrapped to zero was a
 * success. */
#include "mutants/mallocs/sound.h"

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  return sound_realloc(ctx, block, count * size);
}

SUBJECT("array wraps", subject.reallocarray = faulty_reallocarray)
