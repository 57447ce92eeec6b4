/* API-37: a realloc that moves a block to a smaller place copies all of the old
 * one, over the heads behind the new, and free follows what is left of them.
 * After snmalloc 175, whose realloc copied a size rounded up to a power of two.
 */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || sound_is_mapped(block))
    return sound_realloc(ctx, block, size);
  size_t former = sound_head_of(block)->size;
  if (size >= former / 4 || former < 256)
    return sound_realloc(ctx, block, size);
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memmove(moved, block, former);
  sound_free(ctx, block);
  return moved;
}

SUBJECT("copies the old size", subject.realloc = faulty_realloc)
