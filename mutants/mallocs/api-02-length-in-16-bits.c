/* API-02: the length of a mapping is kept in 16 bits, and what does not fit
 * into them is not there. After umm_malloc 62, where a request of 8 MiB
 * succeeded because its block count was truncated. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

enum { PAGE = 4096 };

static void *faulty_malloc(void *ctx, size_t size) {
  void *block = sound_malloc(ctx, size);
  if (block == NULL || !sound_is_mapped(block)) return block;
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  size_t length = (uint16_t)chunk->bytes;
  if (length < PAGE) length = PAGE;
  mprotect((uint8_t *)chunk + length, chunk->bytes - length, PROT_NONE);
  return block;
}

SUBJECT("length in 16 bits", subject.malloc = faulty_malloc)
