/* API-09: calloc leaves memory alone that came from the system as zeros, and
 * nobody takes the note back when the memory has been used. After jemalloc
 * 3.3.1, whose chunks lost track of being zeroed, and mimalloc d7e1b4e1. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  const bool known_zero = true;
  if (size != 0 && count > SIZE_MAX / size) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = sound_malloc(ctx, count * size);
  if (block != NULL && !known_zero) memset(block, 0, count * size);
  return block;
}

SUBJECT("zero once", subject.calloc = faulty_calloc)
