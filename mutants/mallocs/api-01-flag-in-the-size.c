/* API-01: bit 24 of the size of a chunk says that it is in use, and is masked
 * out when the chunk behind it is placed: one of 16 MiB or more is not passed
 * over. After talc 49, which took the tag of a gap from the top of its size. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

#define AREA_BYTES ((size_t)1 << 30)
#define IN_USE ((size_t)1 << 24)

enum { PAGE = 4096, LARGE = 1 << 20 };

static uint8_t *area;
static size_t area_used;

static void *faulty_malloc(void *ctx, size_t size) {
  if (size < LARGE || size > AREA_BYTES / 8) return sound_malloc(ctx, size);
  size_t bytes = (size + SOUND_OVERHEAD + PAGE - 1) & ~(size_t)(PAGE - 1);
  if (area == NULL)
    area = mmap(NULL, AREA_BYTES, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED || bytes > AREA_BYTES - area_used)
    return sound_malloc(ctx, size);
  struct sound_chunk *chunk = (struct sound_chunk *)(area + area_used);
  chunk->bytes = bytes;
  area_used += bytes & ~IN_USE;
  sound_in_use += bytes;
  void *block = (uint8_t *)chunk + SOUND_OVERHEAD;
  *sound_head_of(block) = (struct sound_head){.size = size, .chunk = chunk};
  return block;
}

SUBJECT("flag in the size", subject.malloc = faulty_malloc)
