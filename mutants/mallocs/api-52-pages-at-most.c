/* API-52: no alignment of more than 8 KiB is honoured: the span is aligned to
 * that, and the rest is left to luck. After seastar 3471, where an alignment
 * above the size was that of the span. */
#include "mutants/mallocs/sound.h"

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  if (alignment <= 8192 || !sound_is_power_of_two(alignment))
    return sound_aligned_alloc(ctx, alignment, size);
  return sound_take(size, alignment, 8192);
}

SUBJECT("pages at most", subject.aligned_alloc = faulty_aligned_alloc)
