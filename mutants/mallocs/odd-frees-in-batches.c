/* Sound, and lazy: blocks that are freed are collected, and given back by the
 * malloc that finds 128 of them, the newest first. */
#include "mutants/mallocs/sound.h"

enum { BATCH = 128 };

static void *batch[BATCH];
static unsigned collected;

static void give_back(void *ctx) {
  while (collected > 0)
    sound_free(ctx, batch[--collected]);
}

static void odd_free(void *ctx, void *block) {
  if (block == NULL) return;
  if (collected == BATCH) give_back(ctx);
  batch[collected++] = block;
}

static void *odd_malloc(void *ctx, size_t size) {
  if (collected == BATCH) give_back(ctx);
  return sound_malloc(ctx, size);
}

SUBJECT("frees in batches", subject.malloc = odd_malloc,
        subject.free = odd_free)
