/* API-01: free_aligned_sized finds the class from alignment and size, and for
 * no bytes it is not the class that aligned_alloc had found. After jemalloc
 * 2991, where an over-aligned request of zero bytes and its sized deletion went
 * to different bins. */
#include "mutants/mallocs/sound.h"

static void faulty_free_aligned_sized(void *ctx, void *block, size_t alignment,
                                      size_t size) {
  if (block != NULL && size == 0 && !sound_is_mapped(block)) {
    struct sound_chunk *chunk = sound_head_of(block)->chunk;
    size_t bytes = 64;
    while (bytes < 4 * alignment)
      bytes *= 2;
    if (bytes > chunk->bytes && bytes <= SOUND_SMALL_MAX) {
      sound_in_use += bytes - chunk->bytes;
      chunk->bytes = bytes;
    }
  }
  sound_free(ctx, block);
}

SUBJECT("sized free of zero",
        subject.free_aligned_sized = faulty_free_aligned_sized)
