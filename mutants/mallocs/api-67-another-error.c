/* API-67: reallocarray says EOVERFLOW of a product that wraps. After mimalloc
 * 0adf2516, where it answered another error than it should. */
#include "mutants/mallocs/sound.h"

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  void *moved = sound_reallocarray(ctx, block, count, size);
  if (size != 0 && count > SIZE_MAX / size) errno = EOVERFLOW;
  return moved;
}

SUBJECT("another error", subject.reallocarray = faulty_reallocarray)
