/* API-09: memory that was never used is not zeroed by calloc, and the tag that
 * marked the end of the heap is in it. After dlmalloc as in wasi-libc, pull
 * request 30. */
#include "mutants/mallocs/sound.h"

#define FREED UINT64_C(0x6672656564)

/* The last word of a chunk says whether it was freed before. */
static uint64_t *last_word(void *block) {
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  return (uint64_t *)((uint8_t *)chunk + chunk->bytes) - 1;
}

static void mark_end(void *block) {
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  uint8_t *end = (uint8_t *)chunk + chunk->bytes;
  bool within = ((uintptr_t)end & 4095) != 0;
  if (within && ((struct sound_chunk *)end)->bytes == 0)
    memcpy(end + SOUND_OVERHEAD + 8, "heap end", 8);
}

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  if (block != NULL && !sound_is_mapped(block)) mark_end(block);
  return block;
}

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_calloc(ctx, count, size);
  void *block = sound_malloc(ctx, count * size);
  if (block == NULL || sound_is_mapped(block)) return block;
  if (*last_word(block) == FREED)
    memset(block, 0, sound_usable_size(ctx, block));
  return block;
}

static void faulty_free(void *ctx, void *block) {
  if (block != NULL && !sound_is_mapped(block)) *last_word(block) = FREED;
  sound_free(ctx, block);
}

SUBJECT("end tag in fresh memory", subject.malloc = faulty_malloc,
        subject.calloc = faulty_calloc, subject.free = faulty_free)
