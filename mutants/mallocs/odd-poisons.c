/* Sound, and wary: blocks are filled with one pattern when they are handed out
 * and with another one when they are freed. */
#include "mutants/mallocs/sound.h"

enum { FRESH = 0xcd, DEAD = 0xdd };

static void *odd_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  if (block != NULL && !sound_is_mapped(block))
    memset(block, FRESH, sound_usable_size(ctx, block));
  return block;
}

static void odd_free(void *ctx, void *block) {
  if (block != NULL && !sound_is_mapped(block))
    memset(block, DEAD, sound_usable_size(ctx, block));
  sound_free(ctx, block);
}

SUBJECT("poisons", subject.malloc = odd_malloc, subject.free = odd_free)
