/* API-43: a calloc that is refused by the heap sets errno, and one that is
 * refused because the product wraps does not. After wasi-libc, pull request 30.
 */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return NULL;
  return sound_calloc(ctx, count, size);
}

SUBJECT("overflow without errno", subject.calloc = faulty_calloc)
