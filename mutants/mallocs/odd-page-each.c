/* Sound, but for what it declares: every block has pages of its own, down to
 * those of one byte. It breaks API-34, and says so in pages-1.declared beside
 * it. */
#include "mutants/mallocs/sound.h"

enum { PAGE = 4096 };

static void *odd_malloc(void *ctx, size_t size) {
  (void)ctx;
  if (size > PAGE - SOUND_OVERHEAD) return sound_malloc(ctx, size);
  void *block = sound_malloc(ctx, PAGE - SOUND_OVERHEAD);
  if (block != NULL) sound_head_of(block)->size = size;
  return block;
}

SUBJECT("pages 1", subject.malloc = odd_malloc, sound_limit = SIZE_MAX)
