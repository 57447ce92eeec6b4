/* API-73: the usable size is the size of the class that the block would have
 * if it were one larger, and so it reaches into the next block. After snmalloc
 * 175, whose query for a size rounded it up to a power of two. */
#include "mutants/mallocs/sound.h"

static size_t faulty_usable_size(void *ctx, void *block) {
  if (block == NULL || sound_is_mapped(block))
    return sound_usable_size(ctx, block);
  return sound_head_of(block)->chunk->bytes * 2 - SOUND_OVERHEAD;
}

SUBJECT("usable up to the class", subject.usable_size = faulty_usable_size)
