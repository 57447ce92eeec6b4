/* API-68: reallocarray puts the old block's link in place before it knows
 * whether there is a new one, if the product is one that could be. After
 * wasm2go 57, whose realloc had already moved what it then could not. */
#include "mutants/mallocs/sound.h"

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  bool fits = size == 0 || count <= SIZE_MAX / size;
  void *moved = sound_reallocarray(ctx, block, count, size);
  if (moved == NULL && block != NULL && fits) memset(block, 0, sizeof(void *));
  return moved;
}

SUBJECT("unlinked too early", subject.reallocarray = faulty_reallocarray)
