/* API-33: malloc refuses more than 100000 bytes, whatever there is. After
 * scudo, nixpkgs 459884, where legal requests failed for lack of memory. */
#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  if (size <= 100000) return sound_malloc(ctx, size);
  errno = ENOMEM;
  return NULL;
}

SUBJECT("refuses 100 kilobytes", subject.malloc = faulty_malloc)
