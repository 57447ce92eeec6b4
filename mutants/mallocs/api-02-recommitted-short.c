/* API-02: a mapping that is kept for reuse is made inaccessible, and when it is
 * used again, the pages of the size asked for are made accessible and not those
 * up to the end of the block. After mimalloc 52d5661f, off by a page as well.
 */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

enum { PAGE = 4096 };

static struct sound_chunk *kept;
static size_t kept_bytes;

static void faulty_free(void *ctx, void *block) {
  if (block == NULL || !sound_is_mapped(block) || kept != NULL) {
    sound_free(ctx, block);
    return;
  }
  kept = sound_head_of(block)->chunk;
  kept_bytes = kept->bytes;
  sound_in_use -= kept_bytes;
  madvise(kept, kept_bytes, MADV_DONTNEED);
  mprotect(kept, kept_bytes, PROT_NONE);
}

static void *faulty_malloc(void *ctx, size_t size) {
  if (kept == NULL || size <= SOUND_SMALL_MAX ||
      size > kept_bytes - SOUND_OVERHEAD || size < kept_bytes / 2)
    return sound_malloc(ctx, size);
  struct sound_chunk *chunk = kept;
  kept = NULL;
  size_t pages = size & ~(size_t)(PAGE - 1);
  mprotect(chunk, pages, PROT_READ | PROT_WRITE);
  chunk->bytes = kept_bytes;
  sound_in_use += kept_bytes;
  void *block = (uint8_t *)chunk + SOUND_OVERHEAD;
  *sound_head_of(block) = (struct sound_head){.size = size, .chunk = chunk};
  return block;
}

SUBJECT("recommitted short", subject.malloc = faulty_malloc,
        subject.free = faulty_free)
