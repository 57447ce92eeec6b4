/* API-31: the first question for the usable size is answered with the whole
 * block, and later ones with the size requested. */
#include "mutants/mallocs/sound.h"

static void *asked; /* the block that was asked for last */

static size_t faulty_usable_size(void *ctx, void *block) {
  if (block == asked) return sound_head_of(block)->size;
  asked = block;
  return sound_usable_size(ctx, block);
}

SUBJECT("slack given once", subject.usable_size = faulty_usable_size)
