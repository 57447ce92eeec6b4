/* API-37: malloc writes the head of a block that it did not get. After jemalloc
 * 232, which crashed for sizes near SIZE_MAX. */
#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  if (block == NULL) {
    volatile uintptr_t chunk = 64;
    *(volatile size_t *)chunk = size;
  }
  return block;
}

SUBJECT("head of null", subject.malloc = faulty_malloc)
