/* API-09: pages that madvise was told to forget are zeros, it is thought, also
 * when it has refused. */
#include "mutants/mallocs/refused.h"

static void *kept; /* a free block of its own pages */

static void faulty_free(void *ctx, void *block) {
  const size_t page = 4096;
  if (block == NULL || !sound_is_mapped(block) || kept != NULL) {
    sound_free(ctx, block);
    return;
  }
  int error = errno;
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  size_t bytes = chunk->bytes;
  memset(block, 0, page - SOUND_OVERHEAD);
  madvise((uint8_t *)chunk + page, bytes - page, MADV_DONTNEED);
  kept = block;
  errno = error;
}

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (kept == NULL || size == 0 || count > REFUSED_LARGEST / size)
    return sound_calloc(ctx, count, size);
  if (!refused_is_large(count * size) ||
      count * size > sound_usable_size(ctx, kept))
    return sound_calloc(ctx, count, size);
  void *block = kept;
  kept = NULL;
  sound_head_of(block)->size = count * size;
  return block;
}

SUBJECT("purge not looked at", subject.free = faulty_free,
        subject.calloc = faulty_calloc)
