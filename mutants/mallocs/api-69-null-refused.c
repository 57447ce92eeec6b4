/* API-69: reallocarray of null is refused: there is no block to resize. */
#include "mutants/mallocs/sound.h"

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  if (block != NULL) return sound_reallocarray(ctx, block, count, size);
  errno = ENOMEM;
  return NULL;
}

SUBJECT("null refused", subject.reallocarray = faulty_reallocarray)
