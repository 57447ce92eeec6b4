/* API-26: posix_memalign rounds an alignment that is no power of two up to the
 * next, and serves it, as aligned_alloc does in glibc up to 2.37. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  size_t power = sizeof(void *);
  while (alignment > power && power <= SIZE_MAX / 4)
    power *= 2;
  bool misfit = alignment > power / 2 && !sound_is_power_of_two(alignment);
  return sound_posix_memalign(ctx, out, misfit ? power : alignment, size);
}

SUBJECT("misfit rounded up", subject.posix_memalign = faulty_posix_memalign)
