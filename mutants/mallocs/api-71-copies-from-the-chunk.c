/* API-71: realloc copies from where a block of its chunk begins, unless it is
 * aligned. After gperftools 467, whose realloc of an aligned block copied from
 * the wrong offset. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || size <= sound_usable_size(ctx, block))
    return sound_realloc(ctx, block, size);
  struct sound_head *head = sound_head_of(block);
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, (uint8_t *)head->chunk + SOUND_OVERHEAD, head->size);
  sound_free(ctx, block);
  return moved;
}

SUBJECT("copies from the chunk", subject.realloc = faulty_realloc)
