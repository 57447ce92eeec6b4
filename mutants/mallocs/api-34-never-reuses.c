/* API-34: nothing that is freed is used again. After CPython gh-145615, where
 * memory grew without bound although the number of blocks did not, and
 * wee_alloc 106. */
#include "mutants/mallocs/sound.h"

static void faulty_free(void *ctx, void *block) {
  (void)ctx;
  (void)block;
}

SUBJECT("never reuses", subject.free = faulty_free)
