/* API-62: a realloc that moves a block has its own way to a new one, which is
 * aligned to 8 bytes. After TLSF (mattconte) 36, whose realloc drops the
 * alignment that was asked for. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || size <= sound_usable_size(ctx, block))
    return sound_realloc(ctx, block, size);
  void *moved = sound_take(size, 16, 8);
  if (moved == NULL) return NULL;
  memcpy(moved, block, sound_head_of(block)->size);
  sound_free(ctx, block);
  return moved;
}

SUBJECT("moves to 8", subject.realloc = faulty_realloc)
