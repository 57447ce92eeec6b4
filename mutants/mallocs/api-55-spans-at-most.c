/* API-55: posix_memalign honours no alignment beyond that of its spans, which
 * is 32 KiB. After seastar 3471, where an alignment above the size was that of
 * the span. */
#include "mutants/mallocs/sound.h"

enum { SPAN = 32768 };

static int faulty_posix_memalign(void *ctx, void **out, size_t alignment,
                                 size_t size) {
  if (alignment <= SPAN || !sound_is_power_of_two(alignment))
    return sound_posix_memalign(ctx, out, alignment, size);
  void *block = sound_take(size, alignment, SPAN);
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

SUBJECT("spans at most", subject.posix_memalign = faulty_posix_memalign)
