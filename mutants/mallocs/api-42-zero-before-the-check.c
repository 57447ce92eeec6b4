/* API-42: calloc multiplies, and a product of zero is a request for nothing,
 * whatever the factors are. After snmalloc 863, where a product that was cut
 * off to zero was a success. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (count * size == 0) return sound_malloc(ctx, 0);
  return sound_calloc(ctx, count, size);
}

SUBJECT("zero before the check", subject.calloc = faulty_calloc)
