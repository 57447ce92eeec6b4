/* API-36: what the system refuses is asked for again, for ever. After CPython
 * 114331, where a request of 784 271 641 GiB was not refused. */
#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  void *block;
  do
    block = sound_malloc(ctx, size);
  while (block == NULL);
  return block;
}

SUBJECT("tries for ever", subject.malloc = faulty_malloc)
