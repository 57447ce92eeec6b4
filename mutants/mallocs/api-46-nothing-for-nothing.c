/* API-46: posix_memalign of no bytes is done at once, and the caller frees
 * what was in the out-parameter before. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  bool power = sound_is_power_of_two(alignment);
  if (size == 0 && power && alignment >= sizeof(void *)) return 0;
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("nothing for nothing", subject.posix_memalign = faulty_posix_memalign)
