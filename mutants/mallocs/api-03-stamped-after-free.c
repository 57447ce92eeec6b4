/* API-03: a block that was freed gets a stamp when the next is freed, and may
 * be in use again by then. After mimalloc d824b9db, which touched a segment
 * once more after it had let it go. */
#include "mutants/mallocs/sound.h"

static void *former;

static void faulty_free(void *ctx, void *block) {
  static uint64_t stamp;
  if (block == NULL || sound_is_mapped(block)) {
    sound_free(ctx, block);
    return;
  }
  if (former != NULL) {
    stamp++;
    memcpy(former, &stamp, sizeof stamp);
  }
  former = block;
  sound_free(ctx, block);
}

SUBJECT("stamped after free", subject.free = faulty_free)
