/* API-74: the usable size of null is that of the smallest block, as of any
 * address that is in no chunk. */
#include "mutants/mallocs/sound.h"

static size_t faulty_usable_size(void *ctx, void *block) {
  return block == NULL ? 16 : sound_usable_size(ctx, block);
}

SUBJECT("null is the least", subject.usable_size = faulty_usable_size)
