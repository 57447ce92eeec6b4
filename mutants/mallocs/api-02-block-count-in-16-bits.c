/* API-02: posix_memalign counts in blocks of 16 bytes and in 16 bits, and of a
 * size that needs more of them, the remainder is there. After umm_malloc 62,
 * where a request of 8 MiB succeeded. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

enum { PAGE = 4096 };

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  size_t length = (size_t)(uint16_t)(size / 16) * 16 + size % 16;
  int error = sound_posix_memalign(ctx, out, alignment, size);
  if (error != 0 || length == size) return error;
  struct sound_chunk *chunk = sound_head_of(*out)->chunk;
  uintptr_t end = (uintptr_t)chunk + chunk->bytes;
  uintptr_t last =
      ((uintptr_t)*out + length + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
  if (last < end) mprotect((void *)last, end - last, PROT_NONE);
  return 0;
}

SUBJECT("block count in 16 bits",
        subject.posix_memalign = faulty_posix_memalign)
