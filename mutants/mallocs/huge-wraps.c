/* API-15, API-16, API-17, API-41 or API-65, by FAULT: malloc, calloc, realloc,
 * aligned_alloc or reallocarray adds its overhead to the size before it looks
 * at it, and a size near SIZE_MAX becomes a small one. After Mesh 62, isoalloc
 * 7, FreeGuard 1 and tlsf 22, all of which served malloc(-8). */
#include "mutants/mallocs/sound.h"

static size_t rounded(size_t size, int clause) {
  if (clause != FAULT || size < SIZE_MAX - SOUND_OVERHEAD) return size;
  return size + SOUND_OVERHEAD;
}

static void *faulty_malloc(void *ctx, size_t size) {
  return sound_malloc(ctx, rounded(size, 15));
}

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_calloc(ctx, count, size);
  return sound_calloc(ctx, 1, rounded(count * size, 16));
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  return sound_realloc(ctx, block, rounded(size, 17));
}

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  return sound_aligned_alloc(ctx, alignment, rounded(size, 41));
}

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_reallocarray(ctx, block, count, size);
  return sound_realloc(ctx, block, rounded(count * size, 65));
}

SUBJECT("huge wraps", subject.malloc = faulty_malloc,
        subject.calloc = faulty_calloc, subject.realloc = faulty_realloc,
        subject.aligned_alloc = faulty_aligned_alloc,
        subject.reallocarray = faulty_reallocarray)
