/* API-01: a chunk that is freed is merged with the one behind it, if that has
 * no link: which is so for the last of a free list, and for those in use. After
 * jemalloc 599, where neighbours in different states were merged. */
#include "mutants/mallocs/sound.h"

static void faulty_free(void *ctx, void *block) {
  if (block != NULL && !sound_is_mapped(block)) {
    struct sound_chunk *chunk = sound_head_of(block)->chunk;
    struct sound_chunk *behind =
        (struct sound_chunk *)((uint8_t *)chunk + chunk->bytes);
    bool within = ((uintptr_t)behind & 4095) != 0; /* a page that is there */
    if (within && behind->bytes == chunk->bytes && chunk->bytes >= 512 &&
        behind->next == NULL) {
      sound_in_use += chunk->bytes;
      chunk->bytes *= 2;
    }
  }
  sound_free(ctx, block);
}

SUBJECT("merged with a live one", subject.free = faulty_free)
