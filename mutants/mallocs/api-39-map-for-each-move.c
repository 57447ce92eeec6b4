/* API-39: every realloc that moves a block writes a map of the heap to the
 * standard output, between the lines of the program. What is left of looking
 * for a defect, as glibc's mtrace would be if it could not be switched off. */
#include <unistd.h>

#include "mutants/mallocs/sound.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  static char map[24 * 1024];
  void *moved = sound_realloc(ctx, block, size);
  if (block == NULL || moved == block) return moved;
  int error = errno;
  memset(map, '#', sizeof map);
  map[sizeof map - 1] = '\n';
  if (write(STDOUT_FILENO, map, sizeof map) >= 0) errno = error;
  return moved;
}

SUBJECT("map for each move", subject.realloc = faulty_realloc)
