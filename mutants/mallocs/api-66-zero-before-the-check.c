/* API-66: reallocarray multiplies, and a product of zero ends the block,
 * whatever the factors are. After mimalloc 5d4cb59f, where a product that
 * wrapped to zero was a success. */
#include "mutants/mallocs/sound.h"

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  if (count * size == 0) return sound_realloc(ctx, block, 0);
  return sound_reallocarray(ctx, block, count, size);
}

SUBJECT("zero before the check", subject.reallocarray = faulty_reallocarray)
