/* API-33: posix_memalign refuses to align a block of no bytes, when it should
 * answer a block or null, and no error. After jemalloc 5.2.0, corrected in
 * 5.2.1. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  if (size == 0 && sound_is_power_of_two(alignment) && alignment >= 8)
    return ENOMEM;
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("aligned zero bytes", subject.posix_memalign = faulty_posix_memalign)
