/* API-12: realloc notes the new size and a head, in 32 bits, before it knows
 * whether there is room, so that after a failure the next one copies as much as
 * was noted. After wasm2go 57, whose failed realloc had moved the bump pointer.
 */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  void *moved = sound_realloc(ctx, block, size);
  if (moved == NULL && block != NULL)
    sound_head_of(block)->size = (uint32_t)(size + 16);
  return moved;
}

SUBJECT("size before the block", subject.realloc = faulty_realloc)
