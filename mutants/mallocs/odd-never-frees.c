/* Sound, but for what it declares: blocks are cut from one end of memory to the
 * other, and none is used twice. It breaks API-34, and says so in
 * bump-1.declared beside it. */
#include "mutants/mallocs/sound.h"

static void odd_free(void *ctx, void *block) {
  (void)ctx;
  (void)block;
}

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL) return sound_malloc(ctx, size);
  size_t former = sound_head_of(block)->size;
  void *moved = sound_malloc(ctx, size);
  if (moved != NULL) memcpy(moved, block, size < former ? size : former);
  return moved;
}

static void odd_free_sized(void *ctx, void *block, size_t size) {
  (void)size;
  odd_free(ctx, block);
}

SUBJECT("bump 1", subject.free = odd_free, subject.realloc = odd_realloc,
        subject.free_sized = odd_free_sized, subject.reallocarray = NULL,
        subject.free_aligned_sized = NULL, sound_limit = SIZE_MAX)
