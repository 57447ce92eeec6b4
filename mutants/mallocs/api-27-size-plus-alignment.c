/* API-27: posix_memalign adds the alignment to the size, and a size near
 * SIZE_MAX wraps. After glibc, bugzilla 22343. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  if (size + alignment < size) size += alignment;
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("size plus alignment", subject.posix_memalign = faulty_posix_memalign)
