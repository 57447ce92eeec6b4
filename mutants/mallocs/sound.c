/* A small malloc without faults: chunks of powers of two with a free list for
 * each size, cut from regions, and a mapping of its own for whatever is larger.
 *
 *     | chunk header | ... | head | block ...          |
 *     chunk          ^ for the alignment               chunk + bytes */
#include "mutants/mallocs/sound.h"

#include <sys/mman.h>

#define REGION_BYTES ((size_t)1 << 20)

enum { BITS_MIN = 6, BITS_MAX = 16, ALIGNMENT = 16, PAGE = 4096 };

static struct sound_chunk *free_lists[BITS_MAX + 1];
static uint8_t *region; /* what is left of the current one */
static size_t region_left;

size_t sound_limit = (size_t)1 << 30;
size_t sound_in_use;

static void *map(size_t bytes) {
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

static unsigned bits_for(size_t bytes) {
  unsigned bits = BITS_MIN;
  while ((size_t)1 << bits < bytes)
    bits++;
  return bits;
}

/* Regions are multiples of each chunk: nothing of one is left over unless a
 * larger chunk is wanted. */
static struct sound_chunk *cut(size_t bytes) {
  if (region_left < bytes) {
    uint8_t *fresh = map(REGION_BYTES);
    if (fresh == NULL) return NULL;
    region = fresh;
    region_left = REGION_BYTES;
  }
  struct sound_chunk *chunk = (struct sound_chunk *)region;
  region += bytes;
  region_left -= bytes;
  chunk->bytes = bytes;
  return chunk;
}

static struct sound_chunk *take_chunk(size_t bytes) {
  if (bytes > SOUND_SMALL_MAX) {
    bytes = (bytes + PAGE - 1) & ~(size_t)(PAGE - 1);
    struct sound_chunk *chunk = map(bytes);
    if (chunk != NULL) chunk->bytes = bytes;
    return chunk;
  }
  unsigned bits = bits_for(bytes);
  struct sound_chunk *chunk = free_lists[bits];
  if (chunk == NULL) return cut((size_t)1 << bits);
  free_lists[bits] = chunk->next;
  return chunk;
}

void *sound_take(size_t size, size_t alignment, size_t beyond) {
  const size_t most = PTRDIFF_MAX - SOUND_OVERHEAD - PAGE;
  size_t room = alignment > ALIGNMENT ? alignment : 0;
  struct sound_chunk *chunk = NULL;
  if (room + beyond <= most && size <= most - room - beyond &&
      sound_in_use + size < sound_limit)
    chunk = take_chunk(SOUND_OVERHEAD + room + beyond + size);
  if (chunk == NULL) {
    errno = ENOMEM;
    return NULL;
  }
  sound_in_use += chunk->bytes;
  uintptr_t at = (uintptr_t)chunk + SOUND_OVERHEAD;
  size_t mask = (alignment > ALIGNMENT ? alignment : ALIGNMENT) - 1;
  void *block = (void *)(((at + mask) & ~mask) + beyond);
  *sound_head_of(block) = (struct sound_head){.size = size, .chunk = chunk};
  return block;
}

void *sound_malloc(void *ctx, size_t size) {
  (void)ctx;
  return sound_take(size, ALIGNMENT, 0);
}

void *sound_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = sound_malloc(ctx, count * size);
  if (block != NULL && !sound_is_mapped(block)) /* a mapping is zeros */
    memset(block, 0, count * size);
  return block;
}

void sound_free(void *ctx, void *block) {
  (void)ctx;
  if (block == NULL) return;
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  sound_in_use -= chunk->bytes;
  if (chunk->bytes > SOUND_SMALL_MAX) {
    int error = errno;
    munmap(chunk, chunk->bytes);
    errno = error;
    return;
  }
  unsigned bits = bits_for(chunk->bytes);
  chunk->next = free_lists[bits];
  free_lists[bits] = chunk;
}

size_t sound_usable_size(void *ctx, void *block) {
  (void)ctx;
  if (block == NULL) return 0;
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  return (size_t)((uint8_t *)chunk + chunk->bytes - (uint8_t *)block);
}

void *sound_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL) return sound_malloc(ctx, size);
  struct sound_head *head = sound_head_of(block);
  size_t usable = sound_usable_size(ctx, block);
  if (size <= usable && size >= usable / 4) {
    head->size = size;
    return block;
  }
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < head->size ? size : head->size);
  sound_free(ctx, block);
  return moved;
}

void *sound_reallocarray(void *ctx, void *block, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) {
    errno = ENOMEM;
    return NULL;
  }
  return sound_realloc(ctx, block, count * size);
}

void *sound_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  (void)ctx;
  if (sound_is_power_of_two(alignment)) return sound_take(size, alignment, 0);
  errno = EINVAL;
  return NULL;
}

int sound_posix_memalign(void *ctx, void **out, size_t alignment, size_t size) {
  (void)ctx;
  if (!sound_is_power_of_two(alignment) || alignment % sizeof(void *) != 0)
    return EINVAL;
  int error = errno;
  void *block = sound_take(size, alignment, 0);
  errno = error;
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

static void free_sized(void *ctx, void *block, size_t size) {
  (void)size;
  sound_free(ctx, block);
}

static void free_aligned_sized(void *ctx, void *block, size_t alignment,
                               size_t size) {
  (void)alignment;
  (void)size;
  sound_free(ctx, block);
}

const struct pp_subject sound = {
    .version = PP_SUBJECT_VERSION,
    .name = "sound",
    .malloc = sound_malloc,
    .calloc = sound_calloc,
    .realloc = sound_realloc,
    .free = sound_free,
    .reallocarray = sound_reallocarray,
    .aligned_alloc = sound_aligned_alloc,
    .posix_memalign = sound_posix_memalign,
    .free_sized = free_sized,
    .free_aligned_sized = free_aligned_sized,
    .usable_size = sound_usable_size,
    .sets_errno = 1,
};
