/* API-11: realloc of null is refused, as it was by C libraries before C89. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block != NULL) return sound_realloc(ctx, block, size);
  errno = ENOMEM;
  return NULL;
}

SUBJECT("realloc of null is refused", subject.realloc = faulty_realloc)
