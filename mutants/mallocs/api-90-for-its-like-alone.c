/* API-90: what is freed of more than a page is kept for requests of its very
 * size, rounded a little, and for no others. */
#include "mutants/mallocs/sound.h"

enum { UNIT = 512, UNITS_LEAST = 8, UNITS_MOST = 1024 };

/* In a block that is kept. */
struct kept {
  struct kept *next;
};

static struct kept *kept[UNITS_MOST + 1]; /* by their units */

static size_t units_of(size_t size) {
  return size / UNIT + (size % UNIT != 0);
}

static struct kept **list_for(size_t size) {
  size_t units = units_of(size);
  return units > UNITS_LEAST && units <= UNITS_MOST ? &kept[units] : NULL;
}

/* Some were aligned or resized, and have less room than whole units. */
static bool has_room(void *block, size_t bytes) {
  const struct sound_chunk *chunk = sound_head_of(block)->chunk;
  const char *end = (const char *)chunk + chunk->bytes;
  return (size_t)(end - (const char *)block) >= bytes;
}

static void faulty_free(void *ctx, void *block) {
  size_t size = block == NULL ? 0 : sound_head_of(block)->size;
  struct kept **list = list_for(size);
  if (list == NULL || !has_room(block, units_of(size) * UNIT)) {
    sound_free(ctx, block);
    return;
  }
  struct kept *one = block;
  one->next = *list;
  *list = one;
}

static void *faulty_malloc(void *ctx, size_t size) {
  struct kept **list = list_for(size);
  if (list == NULL) return sound_malloc(ctx, size);
  void *block = *list;
  if (block != NULL)
    *list = (*list)->next;
  else
    block = sound_malloc(ctx, units_of(size) * UNIT);
  if (block != NULL) sound_head_of(block)->size = size;
  return block;
}

SUBJECT("for its like alone", subject.malloc = faulty_malloc,
        subject.free = faulty_free, subject.free_sized = NULL,
        subject.free_aligned_sized = NULL, sound_limit = SIZE_MAX)
