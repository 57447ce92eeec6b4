/* API-12: a realloc that shrinks a mapping in place gives back the pages from
 * the last one of the block on instead of those behind it. After mimalloc
 * 52d5661f, where the decommit of a single page was off by one. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

enum { PAGE = 4096 };

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  bool mapped = block != NULL && sound_is_mapped(block);
  void *moved = sound_realloc(ctx, block, size);
  if (!mapped || moved != block || size < 4 * PAGE) return moved;
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  uintptr_t last = ((uintptr_t)block + size) & ~(uintptr_t)(PAGE - 1);
  uintptr_t end = (uintptr_t)chunk + chunk->bytes;
  if (last < end) madvise((void *)last, end - last, MADV_DONTNEED);
  return moved;
}

SUBJECT("last page decommitted", subject.realloc = faulty_realloc)
