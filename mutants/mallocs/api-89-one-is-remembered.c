/* API-89: the block that was freed last is kept for a request of its class;
 * when the next free comes first, it is forgotten. */
#include "mutants/mallocs/sound.h"

enum { LARGEST = 8192 };

static void *last;

static void faulty_free(void *ctx, void *block) {
  if (block == NULL || sound_head_of(block)->size > LARGEST) {
    sound_free(ctx, block);
    return;
  }
  last = block;
}

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = last;
  size_t former = block == NULL ? 0 : sound_head_of(block)->size;
  bool serves = block != NULL && size <= former && size > former / 2;
  if (!serves) return sound_malloc(ctx, size);
  last = NULL;
  sound_free(ctx, block);
  return sound_malloc(ctx, size);
}

SUBJECT("one is remembered", subject.malloc = faulty_malloc,
        subject.free = faulty_free, subject.free_sized = NULL,
        subject.free_aligned_sized = NULL, sound_limit = SIZE_MAX)
