/* API-79: free leaves behind the errno of an madvise that failed, as glibc up
 * to 2.32 could. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

static void faulty_free(void *ctx, void *block) {
  if (block != NULL && sound_is_mapped(block))
    madvise(block, 1, MADV_DONTNEED); /* no multiple of a page: EINVAL */
  sound_free(ctx, block);
}

SUBJECT("free sets errno", subject.free = faulty_free)
