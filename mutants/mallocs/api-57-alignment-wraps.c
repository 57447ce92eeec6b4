/* API-57: the size is known to be possible, and the alignment is added to it
 * without a look: the sum wraps when both are near 2^63. After glibc,
 * CVE-2026-0861. It does not break API-27, for the size alone could be had. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  if (size <= PTRDIFF_MAX && alignment > PTRDIFF_MAX &&
      size + alignment > PTRDIFF_MAX) {
    *out = sound_take((size + alignment) & 0xffff, 16, 0);
    return *out == NULL ? ENOMEM : 0;
  }
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("alignment wraps", subject.posix_memalign = faulty_posix_memalign)
