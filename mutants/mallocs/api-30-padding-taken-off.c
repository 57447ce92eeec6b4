/* API-30: of the block that was aligned last, the padding is taken off a usable
 * size that never had it. After snmalloc 175, where the query for a size and
 * the allocation rounded in different directions. */
#include "mutants/mallocs/sound.h"

static void *aligned;

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  aligned = sound_aligned_alloc(ctx, alignment, size);
  return aligned;
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  aligned = NULL;
  return sound_realloc(ctx, block, size);
}

static size_t faulty_usable_size(void *ctx, void *block) {
  if (block == NULL || block != aligned) return sound_usable_size(ctx, block);
  return sound_head_of(block)->size / 2;
}

SUBJECT("padding taken off", subject.aligned_alloc = faulty_aligned_alloc,
        subject.realloc = faulty_realloc,
        subject.usable_size = faulty_usable_size)
