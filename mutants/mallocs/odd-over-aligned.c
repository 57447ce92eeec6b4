/* Sound, and generous: every block from malloc is aligned to 128 bytes. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  (void)ctx;
  return sound_take(size, 128, 0);
}

SUBJECT("over-aligned", subject.malloc = odd_malloc)
