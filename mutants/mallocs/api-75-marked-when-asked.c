/* API-75: a block that is asked for its usable size twice in a row is marked as
 * one that is inspected, in what was taken for its head. */
#include "mutants/mallocs/sound.h"

static void *asked;

static size_t faulty_usable_size(void *ctx, void *block) {
  if (block == NULL) return 0;
  if (block == asked && sound_head_of(block)->size > 0)
    *(uint8_t *)block ^= 0x80;
  asked = block;
  return sound_usable_size(ctx, block);
}

SUBJECT("marked when asked", subject.usable_size = faulty_usable_size)
