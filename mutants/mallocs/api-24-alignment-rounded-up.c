/* API-24: aligned_alloc rounds an alignment that is no power of two up to the
 * next, and serves it, as glibc up to 2.37 does. */
#include "mutants/mallocs/sound.h"

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  size_t rounded = 16;
  while (rounded < alignment && rounded <= SIZE_MAX / 4)
    rounded *= 2;
  return sound_aligned_alloc(ctx, rounded, size);
}

SUBJECT("alignment rounded up", subject.aligned_alloc = faulty_aligned_alloc)
