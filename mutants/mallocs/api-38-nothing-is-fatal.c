/* API-38: a request of no bytes is a mistake, says calloc, and ends the
 * program. After mimalloc 622, where a null for no bytes made programs end
 * themselves. */
#include <stdlib.h>

#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (count == 0 || size == 0) exit(1);
  return sound_calloc(ctx, count, size);
}

SUBJECT("nothing is fatal", subject.calloc = faulty_calloc)
