/* API-50: aligned_alloc gives a block of the wrong alignment when size and
 * alignment are the same, and 256 or more. After mimalloc 700, where a constant
 * was in bytes and was taken for words. */
#include "mutants/mallocs/sound.h"

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  if (alignment == size && alignment >= 256 && sound_is_power_of_two(alignment))
    return sound_take(size, alignment, alignment / 8);
  return sound_aligned_alloc(ctx, alignment, size);
}

SUBJECT("size is alignment", subject.aligned_alloc = faulty_aligned_alloc)
