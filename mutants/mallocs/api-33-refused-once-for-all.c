/* API-33: whoever was refused memory once does not ask again. */
#include "mutants/mallocs/refused.h"

static bool refused;

static void *faulty_malloc(void *ctx, size_t size) {
  if (!refused_is_large(size)) return sound_malloc(ctx, size);
  void *pages = MAP_FAILED;
  if (!refused) pages = refused_map(size, PROT_READ | PROT_WRITE);
  if (pages != MAP_FAILED) return refused_block(pages, size);
  refused = true;
  errno = ENOMEM;
  return NULL;
}

SUBJECT("refused once for all", subject.malloc = faulty_malloc)
