/* API-56: aligned_alloc keeps the alignment in 32 bits, and what does not fit
 * into them is no alignment at all. */
#include "mutants/mallocs/sound.h"

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  uint32_t kept = (uint32_t)alignment;
  if (kept == 0 && sound_is_power_of_two(alignment)) kept = 16;
  return sound_aligned_alloc(ctx, kept, size);
}

SUBJECT("alignment in 32 bits", subject.aligned_alloc = faulty_aligned_alloc)
