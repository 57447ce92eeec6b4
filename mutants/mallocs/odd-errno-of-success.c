/* Sound, and takes the latitude of API-59: a request that succeeds leaves
 * behind the errno of something that was tried on the way. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  errno = block == NULL ? ENOMEM : ENOSYS;
  return block;
}

SUBJECT("errno of success", subject.malloc = odd_malloc)
