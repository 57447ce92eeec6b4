/* API-18: a malloc that was refused memory puts things right again before it
 * answers null, and errno is that of the putting right. */
#include <unistd.h>

#include "mutants/mallocs/refused.h"

static void *faulty_malloc(void *ctx, size_t size) {
  if (!refused_is_large(size)) return sound_malloc(ctx, size);
  void *pages = refused_map(size, PROT_READ | PROT_WRITE);
  if (pages != MAP_FAILED) return refused_block(pages, size);
  close(-1);
  return NULL;
}

SUBJECT("errno of the cleaning up", subject.malloc = faulty_malloc)
