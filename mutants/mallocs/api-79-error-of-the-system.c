/* API-79: free leaves behind the errno of a munmap that failed, of a block that
 * is large enough to be given back. After glibc, bugzilla 17924, which asked
 * that free keep errno. */
#include "mutants/mallocs/sound.h"

static void faulty_free(void *ctx, void *block) {
  bool large = block != NULL && sound_head_of(block)->size >= 1 << 17;
  sound_free(ctx, block);
  if (large) errno = ENOMEM;
}

SUBJECT("error of the system", subject.free = faulty_free)
