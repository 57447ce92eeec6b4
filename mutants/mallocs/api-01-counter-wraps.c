/* API-01: the blocks handed out are counted in 6 bits, and a count of zero
 * means that the chunk used last is the first one ever used. After rpmalloc,
 * pull request 282, where a count that ran ahead let a span be used twice. */
#include "mutants/mallocs/sound.h"

static void *latest;
static unsigned handed_out;

static void *faulty_malloc(void *ctx, size_t size) {
  handed_out = (handed_out + 1) % 64;
  if (handed_out == 0 && latest != NULL && size <= sound_head_of(latest)->size)
    return latest;
  latest = sound_malloc(ctx, size);
  return latest;
}

static void faulty_free(void *ctx, void *block) {
  if (block == latest) latest = NULL;
  sound_free(ctx, block);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == latest) latest = NULL;
  return sound_realloc(ctx, block, size);
}

SUBJECT("counter wraps", subject.malloc = faulty_malloc,
        subject.free = faulty_free, subject.realloc = faulty_realloc)
