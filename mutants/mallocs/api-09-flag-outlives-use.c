/* API-09: a mapping is known to be zeros, and still is when it was used, freed
 * and kept for the next request. After mimalloc 750, where the note went from
 * fresh memory on to memory that was used again. */
#include "mutants/mallocs/sound.h"

static void *kept;

static void faulty_free(void *ctx, void *block) {
  if (block == NULL || !sound_is_mapped(block) || kept != NULL) {
    sound_free(ctx, block);
    return;
  }
  kept = block;
}

static void *again(void *ctx, size_t size) {
  if (kept == NULL || size > sound_usable_size(ctx, kept) ||
      size < sound_usable_size(ctx, kept) / 2)
    return NULL;
  void *block = kept;
  kept = NULL;
  sound_head_of(block)->size = size;
  return block;
}

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_calloc(ctx, count, size);
  void *block = again(ctx, count * size);
  return block != NULL ? block : sound_calloc(ctx, count, size);
}

SUBJECT("flag outlives use", subject.free = faulty_free,
        subject.calloc = faulty_calloc)
