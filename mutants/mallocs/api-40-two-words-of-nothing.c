/* API-40: posix_memalign begins by clearing what it takes for a pair. After
 * mimalloc 4a26a456, which wrote past the end of an array of its own. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  int error = sound_posix_memalign(ctx, out, alignment, size);
  if (error == EINVAL) memset((uint8_t *)out - sizeof *out, 0, sizeof *out);
  return error;
}

SUBJECT("two words of nothing", subject.posix_memalign = faulty_posix_memalign)
