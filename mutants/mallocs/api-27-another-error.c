/* API-27: posix_memalign calls a size that cannot be had invalid. After
 * jemalloc 38056fea and mimalloc 0adf2516, where a call that failed for lack of
 * memory did not say so. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  return sound_posix_memalign(ctx, out, alignment, size) == 0 ? 0 : EINVAL;
}

SUBJECT("another error", subject.posix_memalign = faulty_posix_memalign)
