/* Sound, and takes the latitude of API-05: a block of fewer than 16 bytes is
 * aligned to 8, which is enough for whatever fits into it. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  return size < 16 ? sound_take(size, 16, 8) : sound_malloc(ctx, size);
}

SUBJECT("small alignment", subject.malloc = odd_malloc)
