/* API-51: an aligned request of up to 8 bytes goes to the class of 8, whose
 * blocks are not aligned to 16. After mimalloc 206. */
#include "mutants/mallocs/sound.h"

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  if (alignment == 16 && size <= 8) return sound_take(size, 16, 8);
  return sound_aligned_alloc(ctx, alignment, size);
}

SUBJECT("class of 8", subject.aligned_alloc = faulty_aligned_alloc)
