/* API-76: the usable size is the size requested, rounded down to a power of
 * two. After snmalloc 175, where the query for the size of large blocks rounded
 * in another direction than their allocation. */
#include "mutants/mallocs/sound.h"

static size_t faulty_usable_size(void *ctx, void *block) {
  size_t size = sound_head_of(block)->size;
  size_t rounded = 1;
  (void)ctx;
  while (rounded <= size / 2)
    rounded *= 2;
  return rounded;
}

SUBJECT("size rounded down", subject.usable_size = faulty_usable_size)
