/* API-71: realloc takes a small size for a sign that the block is in a slab,
 * and copies nothing of one that has a mapping of its own because of its
 * alignment. After hardened_malloc 3bee8d3. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || !sound_is_mapped(block))
    return sound_realloc(ctx, block, size);
  if (sound_head_of(block)->size > SOUND_SMALL_MAX / 4)
    return sound_realloc(ctx, block, size);
  void *moved = sound_malloc(ctx, size);
  if (moved != NULL) sound_free(ctx, block);
  return moved;
}

SUBJECT("small means slab", subject.realloc = faulty_realloc)
