/* API-49: posix_memalign looks whether the alignment is a power of two, and
 * not whether it is one of a pointer or more. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  if (sound_is_power_of_two(alignment) && alignment < sizeof(void *))
    alignment = sizeof(void *);
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("alignment of 4", subject.posix_memalign = faulty_posix_memalign)
