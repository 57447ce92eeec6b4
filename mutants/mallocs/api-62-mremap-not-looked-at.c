/* API-62: what mremap answers is the block's new place, MAP_FAILED, too. */
#include "mutants/mallocs/refused.h"

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL || !refused_is_large(size) || !sound_is_mapped(block))
    return sound_realloc(ctx, block, size);
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  size_t bytes = chunk->bytes;
  size_t before = (size_t)((uint8_t *)block - (uint8_t *)chunk);
  if (before != SOUND_OVERHEAD) return sound_realloc(ctx, block, size);
  void *pages = mremap(chunk, bytes, refused_bytes(size), MREMAP_MAYMOVE);
  if (pages == MAP_FAILED) return (uint8_t *)pages + before;
  sound_in_use -= bytes;
  return refused_block(pages, size);
}

SUBJECT("mremap not looked at", subject.realloc = faulty_realloc)
