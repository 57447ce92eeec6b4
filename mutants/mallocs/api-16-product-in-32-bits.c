/* API-16: calloc looks whether the product fits into 64 bits, and computes it
 * in 32. After gperftools 497, where an int overflowed. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_calloc(ctx, count, size);
  uint32_t product = (uint32_t)count * (uint32_t)size;
  return sound_calloc(ctx, 1, product);
}

SUBJECT("product in 32 bits", subject.calloc = faulty_calloc)
