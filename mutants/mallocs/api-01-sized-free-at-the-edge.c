/* API-01: free_sized finds the class from the size, and a size that just fills
 * its class is taken for one of the next. After glibc b2b4b46a52, where a cache
 * answered with a chunk of at least the size instead of just the size. */
#include "mutants/mallocs/sound.h"

static void faulty_free_sized(void *ctx, void *block, size_t size) {
  if (block != NULL && !sound_is_mapped(block)) {
    struct sound_chunk *chunk = sound_head_of(block)->chunk;
    bool full = size + SOUND_OVERHEAD == chunk->bytes;
    if (full && chunk->bytes < SOUND_SMALL_MAX) {
      sound_in_use += chunk->bytes;
      chunk->bytes *= 2;
    }
  }
  sound_free(ctx, block);
}

SUBJECT("sized free at the edge", subject.free_sized = faulty_free_sized)
