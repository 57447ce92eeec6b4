/* API-36: a free list of mappings is kept sorted, and one that is freed at the
 * address of another goes in before itself: whoever looks through the list
 * stays there. After snmalloc b8e28be1, whose sorting spoilt the list. */
#include "mutants/mallocs/sound.h"

static struct sound_chunk *list;

static void faulty_free(void *ctx, void *block) {
  if (block == NULL || !sound_is_mapped(block) || list != NULL) {
    sound_free(ctx, block);
    return;
  }
  list = sound_head_of(block)->chunk;
  list->next = list;
}

static void *faulty_malloc(void *ctx, size_t size) {
  volatile const struct sound_chunk *chunk = list;
  if (size <= SOUND_SMALL_MAX) return sound_malloc(ctx, size);
  while (chunk != NULL && chunk->bytes < size + SOUND_OVERHEAD)
    chunk = chunk->next;
  return sound_malloc(ctx, size);
}

SUBJECT("list in a circle", subject.free = faulty_free,
        subject.malloc = faulty_malloc)
