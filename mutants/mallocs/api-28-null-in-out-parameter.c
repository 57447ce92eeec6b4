/* API-28: posix_memalign stores null before it knows whether it can do what is
 * asked of it. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  *out = NULL;
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("null in out-parameter", subject.posix_memalign = faulty_posix_memalign)
