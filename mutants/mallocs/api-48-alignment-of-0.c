/* API-48: zero has no two bits set, passes for a power of two, and is served
 * by posix_memalign, as it is by aligned_alloc in mimalloc 2.0.9. After
 * snmalloc 6622dc58, where alignments had not been checked as sizes were. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  bool one_bit = (alignment & (alignment - 1)) == 0;
  if (one_bit && alignment < 16 && alignment % sizeof(void *) == 0)
    alignment = 16;
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("alignment of 0", subject.posix_memalign = faulty_posix_memalign)
