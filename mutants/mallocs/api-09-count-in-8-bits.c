/* API-09: calloc zeroes as many parts as eight bits can count. After
 * hardened_malloc fbc85d5, where a bound was cut off to fewer bits. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_calloc(ctx, count, size);
  void *block = sound_malloc(ctx, count * size);
  if (block != NULL && !sound_is_mapped(block))
    memset(block, 0, (uint8_t)count * size);
  return block;
}

SUBJECT("count in 8 bits", subject.calloc = faulty_calloc)
