/* API-34: nothing that is freed is used again. After CPython gh-145615, where
 * memory grew without bound although the number of blocks did not, and
 * wee_alloc 106. Found as API-89, because the loops are done before a history
 * takes and gives back as much. */
#include "mutants/mallocs/sound.h"

static void faulty_free(void *ctx, void *block) {
  (void)ctx;
  (void)block;
  sound_limit = SIZE_MAX / 2; /* nor is there an end of it */
}

SUBJECT("never reuses", subject.free = faulty_free)
