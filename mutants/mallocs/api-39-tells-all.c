/* API-39: each request that is refused is told about, with a map of the heap of
 * 16 KiB. */
#include <unistd.h>

#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  static char map[16384];
  void *block = sound_malloc(ctx, size);
  if (block != NULL) return block;
  memset(map, '.', sizeof map);
  map[sizeof map - 1] = '\n';
  if (write(STDERR_FILENO, map, sizeof map) < 0) return NULL;
  errno = ENOMEM;
  return NULL;
}

SUBJECT("tells all", subject.malloc = faulty_malloc)
