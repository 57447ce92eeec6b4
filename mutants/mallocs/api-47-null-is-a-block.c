/* API-47: posix_memalign passes on what aligned_alloc answers, which is null
 * where there is no memory, and says that all went well. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  int error = sound_posix_memalign(ctx, out, alignment, size);
  if (error != ENOMEM || size > PTRDIFF_MAX || alignment > 65536) return error;
  *out = NULL;
  return 0;
}

SUBJECT("null is a block", subject.posix_memalign = faulty_posix_memalign)
