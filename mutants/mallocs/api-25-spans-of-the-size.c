/* API-25: a block that is larger than its alignment begins half an alignment
 * into a span, behind what is kept there about it. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  bool small = alignment >= 32 && alignment <= 8192;
  if (!small || !sound_is_power_of_two(alignment) || size <= alignment)
    return sound_posix_memalign(ctx, out, alignment, size);
  void *block = sound_take(size, alignment, alignment / 2);
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

SUBJECT("spans of the size", subject.posix_memalign = faulty_posix_memalign)
