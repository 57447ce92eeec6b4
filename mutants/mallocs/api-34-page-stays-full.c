/* API-34: a page that was full stays in the list of the full ones when its
 * blocks are freed, and is never used again. After CPython gh-145615. */
#include "mutants/mallocs/sound.h"

enum { PLACES = 16, PLACE = 65536 };

static uint8_t *page; /* of 16 places; the one that is not full */
static unsigned used;

static void *faulty_malloc(void *ctx, size_t size) {
  if (size <= 16384 || size > PLACE - sizeof(struct sound_head))
    return sound_malloc(ctx, size);
  if (page == NULL || used == PLACES) {
    page = sound_take(PLACES * PLACE, 4096, 0);
    used = 0;
  }
  if (page == NULL) return NULL;
  void *block = page + used * PLACE + sizeof(struct sound_head);
  *sound_head_of(block) = (struct sound_head){.size = size, .chunk = NULL};
  used++;
  return block;
}

static bool in_a_page(void *block) {
  return block != NULL && sound_head_of(block)->chunk == NULL;
}

static void faulty_free(void *ctx, void *block) {
  if (!in_a_page(block)) {
    sound_free(ctx, block);
    return;
  }
  bool latest = (uint8_t *)block + PLACE - sizeof(struct sound_head) ==
                page + used * PLACE;
  if (latest && used < PLACES) used--;
}

static size_t faulty_usable_size(void *ctx, void *block) {
  if (in_a_page(block)) return PLACE - sizeof(struct sound_head);
  return sound_usable_size(ctx, block);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (!in_a_page(block)) return sound_realloc(ctx, block, size);
  size_t former = sound_head_of(block)->size;
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < former ? size : former);
  faulty_free(ctx, block);
  return moved;
}

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_reallocarray(ctx, NULL, count, size);
  return faulty_realloc(ctx, block, count * size);
}

SUBJECT("page stays full", subject.malloc = faulty_malloc,
        subject.free = faulty_free, subject.reallocarray = faulty_reallocarray,
        subject.free_sized = NULL, subject.realloc = faulty_realloc,
        subject.usable_size = faulty_usable_size, sound_limit = SIZE_MAX)
