/* API-01: posix_memalign counts in blocks of 16 bytes and in 16 bits, and a
 * size that needs more of them is a small one: the block reaches over what lies
 * behind. After umm_malloc 62, where a request of 8 MiB succeeded. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  size_t blocks = size / 16;
  if (size <= PTRDIFF_MAX) size = (size_t)(uint16_t)blocks * 16 + size % 16;
  return sound_posix_memalign(ctx, out, alignment, size);
}

SUBJECT("block count in 16 bits",
        subject.posix_memalign = faulty_posix_memalign,
        subject.usable_size = NULL)
