/* API-72: whoever asks for the usable size has a canary written to the end of
 * it, if there is room behind the request. After hardened_malloc 4dc3385, where
 * one path did not know of the canary. */
#include "mutants/mallocs/sound.h"

static size_t faulty_usable_size(void *ctx, void *block) {
  size_t usable = sound_usable_size(ctx, block);
  if (block == NULL) return usable;
  size_t slack = usable - sound_head_of(block)->size;
  if (slack >= 8) memset((uint8_t *)block + usable - 8, 0xca, 8);
  return usable;
}

SUBJECT("canary when asked", subject.usable_size = faulty_usable_size)
