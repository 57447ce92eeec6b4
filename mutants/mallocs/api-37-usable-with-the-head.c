/* API-37: the head of a chunk counts as usable, so that whoever uses all of a
 * block writes over the head behind it, and the heap follows what he wrote.
 * After gperftools 467, which took the wrong offset into a block that was
 * aligned. */
#include "mutants/mallocs/sound.h"

static size_t faulty_usable_size(void *ctx, void *block) {
  if (block == NULL || sound_is_mapped(block))
    return sound_usable_size(ctx, block);
  return sound_usable_size(ctx, block) + SOUND_OVERHEAD;
}

SUBJECT("usable with the head", subject.usable_size = faulty_usable_size,
        sound_limit = SIZE_MAX)
