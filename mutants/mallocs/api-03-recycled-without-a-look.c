/* API-03: the chunk that was freed last serves the next request of up to twice
 * its size, nobody looks how large it is, and the next chunk's head is in it.
 * After jemalloc 241, where a request for any address skipped the test of the
 * size. */
#include "mutants/mallocs/sound.h"

static void *recycled;

static void faulty_free(void *ctx, void *block) {
  if (block == NULL || sound_is_mapped(block)) {
    sound_free(ctx, block);
    return;
  }
  sound_free(ctx, recycled);
  recycled = block;
}

static void *faulty_malloc(void *ctx, size_t size) {
  if (recycled == NULL) return sound_malloc(ctx, size);
  size_t usable = sound_usable_size(ctx, recycled);
  if (size > 2 * usable || size < usable / 2) return sound_malloc(ctx, size);
  void *block = recycled;
  recycled = NULL;
  sound_head_of(block)->size = size;
  return block;
}

SUBJECT("recycled without a look", subject.free = faulty_free,
        subject.malloc = faulty_malloc)
