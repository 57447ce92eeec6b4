/* Sound, and claims nothing of errno, as in C without POSIX: it is left alone
 * when a request is refused, and spoilt when a block is freed. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  int error = errno;
  void *block = sound_malloc(ctx, size);
  if (block == NULL) errno = error;
  return block;
}

static void odd_free(void *ctx, void *block) {
  sound_free(ctx, block);
  errno = EAGAIN;
}

SUBJECT("no errno", subject.malloc = odd_malloc, subject.free = odd_free,
        subject.sets_errno = 0)
