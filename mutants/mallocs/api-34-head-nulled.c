/* API-34: when the first block of a free list fits exactly, the list ends with
 * it, and whatever was behind it is lost. After wee_alloc 106. */
#include "mutants/mallocs/sound.h"

static void *list; /* of small blocks, through their first words */

static void faulty_free(void *ctx, void *block) {
  if (block == NULL || sound_is_mapped(block)) {
    sound_free(ctx, block);
    return;
  }
  memcpy(block, &list, sizeof list);
  list = block;
}

static void *faulty_malloc(void *ctx, size_t size) {
  if (list == NULL || size > sound_usable_size(ctx, list) ||
      size < sound_usable_size(ctx, list) / 4)
    return sound_malloc(ctx, size);
  void *block = list;
  list = NULL;
  sound_head_of(block)->size = size;
  return block;
}

SUBJECT("head nulled", subject.free = faulty_free,
        subject.malloc = faulty_malloc, sound_limit = SIZE_MAX)
