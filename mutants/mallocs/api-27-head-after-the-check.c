/* API-27: whether size and alignment fit together is looked at, and then a head
 * is added. After glibc, bugzilla 22343, which had two places that wrapped. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  bool fits = size <= SIZE_MAX - alignment;
  size_t all = size + alignment + SOUND_OVERHEAD;
  if (fits && all < size) return sound_posix_memalign(ctx, out, alignment, all);
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("head after the check", subject.posix_memalign = faulty_posix_memalign)
