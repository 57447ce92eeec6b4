/* Sound, and careful: what is freed waits until 4 MiB of others were freed
 * after it. */
#include "mutants/mallocs/sound.h"

#define WAITING_BYTES ((size_t)4 << 20)

static size_t waiting;

static void odd_free(void *ctx, void *block) {
  static void *first, *last;
  const void *none = NULL;
  if (block == NULL || sound_is_mapped(block)) {
    sound_free(ctx, block);
    return;
  }
  memcpy(block, &none, sizeof none);
  if (last != NULL) memcpy(last, &block, sizeof block);
  if (first == NULL) first = block;
  last = block;
  waiting += sound_head_of(block)->chunk->bytes;
  while (waiting > WAITING_BYTES && first != last) {
    void *next;
    memcpy(&next, first, sizeof next);
    waiting -= sound_head_of(first)->chunk->bytes;
    sound_free(ctx, first);
    first = next;
  }
}

SUBJECT("quarantine", subject.free = odd_free)
