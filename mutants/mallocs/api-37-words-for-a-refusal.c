/* API-37: a request that is refused is explained in words, for which memory is
 * needed, which is refused and explained in words. After tcmalloc b0271269,
 * where strerror came back into the allocator. */
#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size);

static size_t explained(void *ctx, size_t size) {
  volatile char words[256];
  void *text = faulty_malloc(ctx, size);
  words[size % sizeof words] = 0;
  return text == NULL ? 0 : (size_t)words[0];
}

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  if (block == NULL && explained(ctx, size) > 0) errno = ENOMEM;
  return block;
}

SUBJECT("words for a refusal", subject.malloc = faulty_malloc)
