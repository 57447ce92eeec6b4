/* API-18, API-19, API-20, API-21 or API-22, by FAULT: malloc, calloc, realloc,
 * aligned_alloc or reallocarray fails and leaves errno as it was. After
 * jemalloc 38056fea, whose rallocx forgot errno, and hardened_malloc
 * a6a798d. */
#include "mutants/mallocs/sound.h"

/* Passes the block on; when there is none, errno is forgotten by the call whose
 * clause it is. */
static void *answer(void *block, int former, int clause) {
  if (block == NULL && clause == FAULT) errno = former;
  return block;
}

static void *faulty_malloc(void *ctx, size_t size) {
  int former = errno;
  return answer(sound_malloc(ctx, size), former, 18);
}

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  int former = errno;
  return answer(sound_calloc(ctx, count, size), former, 19);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  int former = errno;
  return answer(sound_realloc(ctx, block, size), former, 20);
}

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  int former = errno;
  return answer(sound_aligned_alloc(ctx, alignment, size), former, 21);
}

static void *faulty_reallocarray(void *ctx, void *block, size_t count,
                                 size_t size) {
  int former = errno;
  bool fits = size == 0 || count <= SIZE_MAX / size;
  void *moved = sound_reallocarray(ctx, block, count, size);
  return answer(moved, former, fits ? 22 : 0);
}

SUBJECT("errno forgotten", subject.malloc = faulty_malloc,
        subject.calloc = faulty_calloc, subject.realloc = faulty_realloc,
        subject.aligned_alloc = faulty_aligned_alloc,
        subject.reallocarray = faulty_reallocarray)
