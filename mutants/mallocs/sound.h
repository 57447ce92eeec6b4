/* A small malloc without faults, and what the faulty ones beside it need to
 * have one fault each: its calls, its way to place a block, and its account of
 * the memory in use. A fault replaces one call of `sound` and leaves the
 * others as they are; they do not go through the faulty one. */
#ifndef MUTANTS_MALLOCS_SOUND_H
#define MUTANTS_MALLOCS_SOUND_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "poolproof/subject.h"

/* In front of the memory of a block; a power of two in all, or a mapping of its
 * own. */
struct sound_chunk {
  size_t bytes;             /* with this header */
  struct sound_chunk *next; /* when free */
};

/* Directly in front of a block. */
struct sound_head {
  size_t size; /* as requested */
  struct sound_chunk *chunk;
};

enum {
  SOUND_OVERHEAD = sizeof(struct sound_chunk) + sizeof(struct sound_head),
  SOUND_SMALL_MAX = 65536 /* bytes of a chunk that is no mapping of its own */
};

extern const struct pp_subject sound;

void *sound_malloc(void *ctx, size_t size);
void *sound_calloc(void *ctx, size_t count, size_t size);
void *sound_realloc(void *ctx, void *block, size_t size);
void sound_free(void *ctx, void *block);
void *sound_reallocarray(void *ctx, void *block, size_t count, size_t size);
void *sound_aligned_alloc(void *ctx, size_t alignment, size_t size);
int sound_posix_memalign(void *ctx, void **out, size_t alignment, size_t size);
size_t sound_usable_size(void *ctx, void *block);

/* A block `beyond` bytes past a multiple of the alignment, a power of two; or
 * NULL, with errno set to ENOMEM. */
void *sound_take(size_t size, size_t alignment, size_t beyond);

/* Chunks that are out are less than so many bytes. */
extern size_t sound_limit;
extern size_t sound_in_use;

static inline struct sound_head *sound_head_of(void *block) {
  return (struct sound_head *)block - 1;
}

static inline bool sound_is_mapped(void *block) {
  return sound_head_of(block)->chunk->bytes > SOUND_SMALL_MAX;
}

static inline bool sound_is_power_of_two(size_t number) {
  return number != 0 && (number & (number - 1)) == 0;
}

/* The plug-in: `sound`, with what the statements change in `subject`. */
pp_subject_entry poolproof_subject;
#define SUBJECT(what, ...)                           \
  const struct pp_subject *poolproof_subject(void) { \
    static struct pp_subject subject;                \
    subject = sound;                                 \
    subject.name = what;                             \
    __VA_ARGS__;                                     \
    return &subject;                                 \
  }

#endif
