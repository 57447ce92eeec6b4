/* API-54: posix_memalign honours an alignment above the size by half only.
 * After seastar 1940, which aligned such blocks to their span. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  if (!sound_is_power_of_two(alignment) || alignment < 64 || alignment <= size)
    return sound_posix_memalign(ctx, out, alignment, size);
  void *block = sound_take(size, alignment, alignment / 2);
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

SUBJECT("alignment above size", subject.posix_memalign = faulty_posix_memalign)
