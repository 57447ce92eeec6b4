/* API-58: all requests of zero bytes are answered by one address, as by the
 * malloc of FreeBSD up to 6, where a realloc or a comparison could not tell
 * two such blocks apart. */
#include "mutants/mallocs/sound.h"

static void *zero;

static void *faulty_malloc(void *ctx, size_t size) {
  if (size > 0) return sound_malloc(ctx, size);
  if (zero == NULL) zero = sound_malloc(ctx, 1);
  return zero;
}

static void faulty_free(void *ctx, void *block) {
  if (block != zero) sound_free(ctx, block);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL) return faulty_malloc(ctx, size);
  if (block == zero) return faulty_malloc(ctx, size);
  return sound_realloc(ctx, block, size);
}

SUBJECT("zero is one address", subject.malloc = faulty_malloc,
        subject.free = faulty_free, subject.realloc = faulty_realloc)
