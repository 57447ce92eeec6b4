/* Sound, and unpredictable: which of the last 64 blocks freed is used again is
 * left to chance, as in allocators that make attacks harder. */
#include "mutants/mallocs/sound.h"

enum { WAITING = 64 };

static void *waiting[WAITING];
static uint32_t state = 1;

static void odd_free(void *ctx, void *block) {
  state = state * 1664525 + 1013904223;
  unsigned slot = (state >> 16) % WAITING;
  if (block == NULL) return;
  sound_free(ctx, waiting[slot]);
  waiting[slot] = block;
}

SUBJECT("random reuse", subject.free = odd_free)
