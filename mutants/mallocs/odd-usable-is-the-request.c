/* Sound, and exact: the usable size is the size of the request, as in
 * allocators that watch the bytes behind it. */
#include "mutants/mallocs/sound.h"

static size_t odd_usable_size(void *ctx, void *block) {
  (void)ctx;
  return block == NULL ? 0 : sound_head_of(block)->size;
}

SUBJECT("usable is the request", subject.usable_size = odd_usable_size)
