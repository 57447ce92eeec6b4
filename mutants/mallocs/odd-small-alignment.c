/* Sound, and takes the latitude of API-05: a block of fewer than 16 bytes is
 * aligned to 8, which is enough for whatever fits into it, and moves when it is
 * to hold more. */
#include "mutants/mallocs/sound.h"

static void *odd_malloc(void *ctx, size_t size) {
  return size < 16 ? sound_take(size, 16, 8) : sound_malloc(ctx, size);
}

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if ((uintptr_t)block % 16 == 0 || size < 16)
    return sound_realloc(ctx, block, size);
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, sound_head_of(block)->size);
  sound_free(ctx, block);
  return moved;
}

static void *odd_reallocarray(void *ctx, void *block, size_t count,
                              size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_reallocarray(ctx, block, count, size);
  return odd_realloc(ctx, block, count * size);
}

SUBJECT("small alignment", subject.malloc = odd_malloc,
        subject.realloc = odd_realloc, subject.reallocarray = odd_reallocarray)
