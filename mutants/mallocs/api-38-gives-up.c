/* API-38: when there is no memory, malloc ends the program, and even says that
 * all went well. */
#include <unistd.h>

#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  if (block == NULL) _exit(0);
  return block;
}

SUBJECT("gives up", subject.malloc = faulty_malloc)
