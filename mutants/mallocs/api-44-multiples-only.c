/* API-44: aligned_alloc refuses a size that is no multiple of the alignment, as
 * C11 would have had it, and C17 no more. */
#include "mutants/mallocs/sound.h"

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  if (sound_is_power_of_two(alignment) && size % alignment != 0) {
    errno = EINVAL;
    return NULL;
  }
  return sound_aligned_alloc(ctx, alignment, size);
}

SUBJECT("multiples only", subject.aligned_alloc = faulty_aligned_alloc)
