/* API-76: the last eight bytes of a chunk are a canary, and no longer usable;
 * the request never made room for it. After hardened_malloc 4dc3385, where
 * calloc did not know of the canary. */
#include "mutants/mallocs/sound.h"

static size_t faulty_usable_size(void *ctx, void *block) {
  size_t usable = sound_usable_size(ctx, block);
  return usable < 8 ? 0 : usable - 8;
}

SUBJECT("canary not asked for", subject.usable_size = faulty_usable_size)
