/* API-40: posix_memalign stores two words where it was given room for one, the
 * block and the end of it. */
#include "mutants/mallocs/sound.h"

struct extent {
  void *begin;
  void *end;
};

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  struct extent extent;
  int error = sound_posix_memalign(ctx, &extent.begin, alignment, size);
  if (error != 0) return error;
  extent.end = (uint8_t *)extent.begin + size;
  memcpy((void *)out, &extent, sizeof extent);
  return 0;
}

SUBJECT("behind the answer", subject.posix_memalign = faulty_posix_memalign)
