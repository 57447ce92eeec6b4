/* API-11: realloc(NULL, 0) is null although malloc(0) is a block. After
 * mimalloc 622, which made grep say that memory was exhausted. */
#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL && size == 0) return NULL;
  return sound_realloc(ctx, block, size);
}

SUBJECT("realloc of null to zero", subject.realloc = faulty_realloc)
