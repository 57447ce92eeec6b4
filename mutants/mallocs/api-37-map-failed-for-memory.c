/* API-37: a mapping that was refused is taken for memory, since MAP_FAILED is
 * not NULL: the head of the block is written there. */
#include "mutants/mallocs/refused.h"

static void *faulty_malloc(void *ctx, size_t size) {
  if (!refused_is_large(size)) return sound_malloc(ctx, size);
  void *pages = refused_map(size, PROT_READ | PROT_WRITE);
  return pages == NULL ? NULL : refused_block(pages, size);
}

SUBJECT("MAP_FAILED for memory", subject.malloc = faulty_malloc)
