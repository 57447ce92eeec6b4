/* API-08: free clears errno to see whether giving memory back fails. After
 * glibc, bugzilla 17924, which asked that free keep errno. */
#include "mutants/mallocs/sound.h"

static void faulty_free(void *ctx, void *block) {
  errno = 0;
  sound_free(ctx, block);
}

SUBJECT("errno cleared", subject.free = faulty_free)
