/* Sound, and backwards: small blocks are handed out from the highest address
 * of a batch to the lowest. */
#include "mutants/mallocs/sound.h"

enum { BATCH = 64, SMALL = 224 };

static void *batch[BATCH];
static unsigned left;

static void *odd_malloc(void *ctx, size_t size) {
  if (size > SMALL) return sound_malloc(ctx, size);
  if (left == 0) {
    while (left < BATCH && (batch[left] = sound_malloc(ctx, SMALL)) != NULL)
      left++;
  }
  if (left == 0) return NULL;
  void *block = batch[--left];
  sound_head_of(block)->size = size;
  return block;
}

SUBJECT("descending", subject.malloc = odd_malloc)
