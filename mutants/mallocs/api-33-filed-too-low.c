/* API-33: of a heap with four places for large blocks, one that is freed is
 * filed under the class below the one in which the same size is looked for.
 * After tlsf-bsd 4, where the same request failed after the free. */
#include "mutants/mallocs/sound.h"

enum { PLACES = 4, LARGE = 65536 };

static struct {
  void *block;
  size_t fits; /* while it is free */
} places[PLACES];
static unsigned carved;

static void *faulty_malloc(void *ctx, size_t size) {
  if (size < LARGE || size > 16 * LARGE) return sound_malloc(ctx, size);
  for (unsigned i = 0; i < carved; i++) {
    if (places[i].fits < size) continue;
    places[i].fits = 0;
    sound_head_of(places[i].block)->size = size;
    return places[i].block;
  }
  if (carved == PLACES) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = sound_malloc(ctx, 16 * LARGE);
  if (block == NULL) return NULL;
  sound_head_of(block)->size = size;
  places[carved++].block = block;
  return block;
}

static void faulty_free(void *ctx, void *block) {
  for (unsigned i = 0; i < carved; i++) {
    if (places[i].block != block) continue;
    places[i].fits = sound_head_of(block)->size / 2;
    return;
  }
  sound_free(ctx, block);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  bool large = block != NULL && sound_head_of(block)->size >= LARGE;
  if (!large) return sound_realloc(ctx, block, size);
  size_t former = sound_head_of(block)->size;
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < former ? size : former);
  faulty_free(ctx, block);
  return moved;
}

SUBJECT("filed too low", subject.malloc = faulty_malloc,
        subject.free = faulty_free, subject.realloc = faulty_realloc)
