/* For the mallocs whose fault shows when the system refuses them memory, and
 * never otherwise: large blocks are mapped here, and not by `sound`, which
 * takes them back. */
#ifndef MUTANTS_MALLOCS_REFUSED_H
#define MUTANTS_MALLOCS_REFUSED_H

#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

/* Sizes that are mapped here; the system grants them when it is let. */
#define REFUSED_SMALLEST ((size_t)SOUND_SMALL_MAX)
#define REFUSED_LARGEST ((size_t)1 << 26)

static inline bool refused_is_large(size_t size) {
  return size >= REFUSED_SMALLEST && size <= REFUSED_LARGEST;
}

static inline size_t refused_bytes(size_t size) {
  const size_t page = 4096;
  return (size + SOUND_OVERHEAD + page - 1) & ~(page - 1);
}

/* A block at the start of these pages, which are mapped for `size` bytes. */
static inline void *refused_block(void *pages, size_t size) {
  struct sound_chunk *chunk = pages;
  chunk->bytes = refused_bytes(size);
  sound_in_use += chunk->bytes;
  void *block = (uint8_t *)pages + SOUND_OVERHEAD;
  *sound_head_of(block) = (struct sound_head){.size = size, .chunk = chunk};
  return block;
}

/* MAP_FAILED where there is nothing to be had. */
static inline void *refused_map(size_t size, int protection) {
  return mmap(NULL, refused_bytes(size), protection,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

#endif
