/* API-13: realloc puts the old block's link in place before it knows whether
 * there is a new one. After wasm2go 57, whose realloc had already moved what it
 * then could not. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  void *moved = sound_realloc(ctx, block, size);
  if (moved == NULL && block != NULL) memset(block, 0, sizeof(void *));
  return moved;
}

SUBJECT("unlinked too early", subject.realloc = faulty_realloc)
