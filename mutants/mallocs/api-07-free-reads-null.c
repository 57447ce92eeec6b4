/* API-07: free looks for the head of the block before it looks whether there is
 * a block. Older than C: callers still guard free with an if because of it. */
#include "mutants/mallocs/sound.h"

static size_t size_of(uintptr_t block) {
  const volatile size_t *size =
      (const volatile size_t *)(block - sizeof(struct sound_head));
  return *size;
}

static void faulty_free(void *ctx, void *block) {
  if (size_of((uintptr_t)block) > 0 || block != NULL) sound_free(ctx, block);
}

SUBJECT("free reads null", subject.free = faulty_free)
