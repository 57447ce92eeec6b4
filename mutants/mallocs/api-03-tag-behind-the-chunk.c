/* API-03: free writes the size of the chunk behind it, where the head of the
 * next one should be and its block already is. After linked_list_allocator,
 * CVE-2022-36086, which wrote behind a region that was too small. */
#include "mutants/mallocs/sound.h"

static void faulty_free(void *ctx, void *block) {
  if (block != NULL && !sound_is_mapped(block)) {
    struct sound_chunk *chunk = sound_head_of(block)->chunk;
    uint8_t *tag = (uint8_t *)chunk + chunk->bytes + SOUND_OVERHEAD;
    bool within = ((uintptr_t)tag & 4095) > SOUND_OVERHEAD;
    if (within) memcpy(tag, &chunk->bytes, sizeof chunk->bytes);
  }
  sound_free(ctx, block);
}

SUBJECT("tag behind the chunk", subject.free = faulty_free)
