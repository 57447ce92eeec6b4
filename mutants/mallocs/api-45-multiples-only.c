/* API-45: posix_memalign is aligned_alloc as it was in C11, and refuses a size
 * that is no multiple of the alignment. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  bool power = sound_is_power_of_two(alignment);
  if (power && alignment >= sizeof(void *) && size <= PTRDIFF_MAX &&
      size % alignment != 0)
    return EINVAL;
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("multiples only", subject.posix_memalign = faulty_posix_memalign)
