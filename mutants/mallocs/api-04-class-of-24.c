/* API-04: blocks of 17 to 24 bytes come from a class whose blocks are multiples
 * of 8 only. After mimalloc 206, where a class of 8 served requests that were
 * to be aligned to 16. */
#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  if (size > 16 && size <= 24) return sound_take(size, 16, 8);
  return sound_malloc(ctx, size);
}

SUBJECT("class of 24", subject.malloc = faulty_malloc)
