/* API-53: a size that is a multiple of the alignment is taken to be aligned by
 * itself, which it was before there was a head in front of it. After mimalloc
 * 602, where padding behind blocks undid it. */
#include "mutants/mallocs/sound.h"

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  bool natural = size > 0 && sound_is_power_of_two(alignment) &&
                 alignment >= 32 && size % alignment == 0;
  if (!natural) return sound_posix_memalign(ctx, out, alignment, size);
  void *block = sound_take(size, alignment, 16);
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

SUBJECT("naturally aligned", subject.posix_memalign = faulty_posix_memalign)
