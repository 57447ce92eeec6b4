/* Sound, and patient: a block that is freed waits behind 255 others before it
 * can be used again, as in allocators that keep a quarantine. */
#include "mutants/mallocs/sound.h"

enum { WAITING = 256 };

static void *waiting[WAITING];
static unsigned next;

static void odd_free(void *ctx, void *block) {
  if (block == NULL) return;
  sound_free(ctx, waiting[next]);
  waiting[next] = block;
  next = (next + 1) % WAITING;
}

SUBJECT("oldest first", subject.free = odd_free)
