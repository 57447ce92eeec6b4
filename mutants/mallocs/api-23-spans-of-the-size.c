/* API-23: a block that is larger than its alignment begins half an alignment
 * into a span, behind what is kept there about it. */
#include "mutants/mallocs/sound.h"

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  bool small = alignment >= 32 && alignment <= 8192;
  if (small && sound_is_power_of_two(alignment) && size > alignment)
    return sound_take(size, alignment, alignment / 2);
  return sound_aligned_alloc(ctx, alignment, size);
}

SUBJECT("spans of the size", subject.aligned_alloc = faulty_aligned_alloc)
