/* Sound, and takes the latitude of API-60: what posix_memalign answers is in
 * errno, too. */
#include "mutants/mallocs/sound.h"

static int odd_posix_memalign(void *ctx, void **out, size_t alignment,
                              size_t size) {
  int error = sound_posix_memalign(ctx, out, alignment, size);
  if (error != 0) errno = error;
  return error;
}

SUBJECT("errno and answer", subject.posix_memalign = odd_posix_memalign)
