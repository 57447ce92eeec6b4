/* API-03: free flips a flag that it takes to be in a header, and that is the
 * first byte of another block. After emmalloc, emscripten 10377, where resizing
 * a used region changed the wrong bits. */
#include "mutants/mallocs/sound.h"

static uint8_t *latest; /* of the small blocks */

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  if (block != NULL && !sound_is_mapped(block)) latest = block;
  return block;
}

static void faulty_free(void *ctx, void *block) {
  if (latest != NULL && block != NULL && block != latest) *latest ^= 1;
  sound_free(ctx, block);
}

SUBJECT("flag in another block", subject.malloc = faulty_malloc,
        subject.free = faulty_free)
