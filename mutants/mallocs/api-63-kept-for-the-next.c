/* API-63: of large mappings that are freed, one is kept for the next calloc,
 * which takes all mappings to be zeros. After mimalloc 750, where the note went
 * from fresh memory on to memory that was used again. */
#include "mutants/mallocs/sound.h"

enum { LARGE = 1 << 17 };

static void *kept;

static void faulty_free(void *ctx, void *block) {
  bool large = block != NULL && sound_head_of(block)->size >= LARGE;
  if (!large) {
    sound_free(ctx, block);
    return;
  }
  if (kept != NULL) sound_free(ctx, kept);
  kept = block;
}

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  bool fits = size == 0 || count <= SIZE_MAX / size;
  if (kept == NULL || !fits || count * size < LARGE ||
      count * size > sound_usable_size(ctx, kept))
    return sound_calloc(ctx, count, size);
  void *block = kept;
  kept = NULL;
  sound_head_of(block)->size = count * size;
  return block;
}

SUBJECT("kept for the next", subject.free = faulty_free,
        subject.calloc = faulty_calloc)
