/* API-37: a mapping is given back and remembered as if it was kept, and the
 * next request for it reads its header. After CPython gh-151065, where a record
 * of what is mapped did not agree with what was. */
#include "mutants/mallocs/sound.h"

static struct sound_chunk *remembered;
static size_t remembered_bytes;

static void faulty_free(void *ctx, void *block) {
  if (block != NULL && sound_is_mapped(block)) {
    remembered = sound_head_of(block)->chunk;
    remembered_bytes = remembered->bytes;
  }
  sound_free(ctx, block);
}

static void *faulty_malloc(void *ctx, size_t size) {
  bool suits = size > SOUND_SMALL_MAX && remembered != NULL &&
               size + SOUND_OVERHEAD <= remembered_bytes;
  if (!suits) return sound_malloc(ctx, size);
  volatile const struct sound_chunk *chunk = remembered;
  remembered = NULL;
  if (chunk->bytes == remembered_bytes) errno = ENOMEM;
  return sound_malloc(ctx, size);
}

SUBJECT("recycled after unmap", subject.free = faulty_free,
        subject.malloc = faulty_malloc)
