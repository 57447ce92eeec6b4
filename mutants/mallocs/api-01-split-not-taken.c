/* API-01: an aligned block of a page or more is split off in front of the one
 * before it, and that one is not taken off the list: the next request gets the
 * same address. After musllibc (seL4) 17, where two memalign(64, 4096) were
 * one block. */
#include "mutants/mallocs/sound.h"

static void *split; /* still on the list */

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  if (size < 4096 || alignment != 64)
    return sound_aligned_alloc(ctx, alignment, size);
  if (split == NULL || size > sound_usable_size(ctx, split))
    split = sound_aligned_alloc(ctx, alignment, size);
  return split;
}

static void faulty_free(void *ctx, void *block) {
  if (block == split) split = NULL;
  sound_free(ctx, block);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == split) split = NULL;
  return sound_realloc(ctx, block, size);
}

SUBJECT("split not taken", subject.aligned_alloc = faulty_aligned_alloc,
        subject.free = faulty_free, subject.realloc = faulty_realloc)
