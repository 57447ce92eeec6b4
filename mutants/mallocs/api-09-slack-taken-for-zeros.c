/* API-09: of a block that is freed, the bytes up to its size are known to be
 * dirty and those behind it to be zeros, which they are not when it was larger
 * once. After mimalloc 763, where a block that shrank and grew again was zero
 * only in part. */
#include "mutants/mallocs/sound.h"

/* Beside the sizes of the last blocks freed, by address: what is dirty. */
enum { KNOWN = 4096 };

static struct {
  void *block;
  size_t dirty;
} known[KNOWN];

static size_t slot_of(const void *block) {
  return ((uintptr_t)block >> 6) % KNOWN;
}

static void faulty_free(void *ctx, void *block) {
  if (block != NULL && !sound_is_mapped(block)) {
    size_t slot = slot_of(block);
    bool again = known[slot].block == block;
    size_t dirty = again ? known[slot].dirty : 0;
    size_t size = sound_head_of(block)->size;
    known[slot].block = block;
    known[slot].dirty = size > dirty ? size : dirty;
  }
  sound_free(ctx, block);
}

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_calloc(ctx, count, size);
  void *block = sound_malloc(ctx, count * size);
  if (block == NULL || sound_is_mapped(block)) return block;
  size_t slot = slot_of(block);
  size_t dirty = known[slot].block == block ? known[slot].dirty : count * size;
  memset(block, 0, dirty < count * size ? dirty : count * size);
  return block;
}

SUBJECT("slack taken for zeros", subject.free = faulty_free,
        subject.calloc = faulty_calloc)
