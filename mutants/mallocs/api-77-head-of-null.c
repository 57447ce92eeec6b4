/* API-77: free_sized trusts the size that it is told, and looks at the head of
 * a block before it looks whether there is one. */
#include "mutants/mallocs/sound.h"

static size_t size_of(uintptr_t block) {
  const volatile size_t *size =
      (const volatile size_t *)(block - sizeof(struct sound_head));
  return *size;
}

static void faulty_free_sized(void *ctx, void *block, size_t size) {
  if (size_of((uintptr_t)block) == size || block != NULL)
    sound_free(ctx, block);
}

SUBJECT("head of null", subject.free_sized = faulty_free_sized)
