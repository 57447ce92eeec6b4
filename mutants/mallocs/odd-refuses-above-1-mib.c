/* Sound, and modest: no request of more than 1 MiB is granted. */
#include "mutants/mallocs/sound.h"

enum { MOST = 1 << 20 };

static void *refuse(void) {
  errno = ENOMEM;
  return NULL;
}

static void *odd_malloc(void *ctx, size_t size) {
  return size > MOST ? refuse() : sound_malloc(ctx, size);
}

static void *odd_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > MOST / size) return refuse();
  return sound_calloc(ctx, count, size);
}

static void *odd_realloc(void *ctx, void *block, size_t size) {
  return size > MOST ? refuse() : sound_realloc(ctx, block, size);
}

static void *odd_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  return size > MOST ? refuse() : sound_aligned_alloc(ctx, alignment, size);
}

SUBJECT("refuses above 1 MiB", subject.malloc = odd_malloc,
        subject.calloc = odd_calloc, subject.realloc = odd_realloc,
        subject.aligned_alloc = odd_aligned_alloc)
