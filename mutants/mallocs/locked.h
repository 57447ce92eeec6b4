/* `sound` for several threads: each call takes one lock, and a fork takes it,
 * too, so that the child finds it free. What the faulty ones that include this
 * have to add is their fault; where a real one would show once in a million
 * calls, they give way to other threads in the middle of it (sched_yield,
 * usleep), and say so. */
#ifndef MUTANTS_MALLOCS_LOCKED_H
#define MUTANTS_MALLOCS_LOCKED_H

#include <pthread.h>

#include "mutants/mallocs/sound.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static inline void take_lock(void) {
  pthread_mutex_lock(&lock);
}

static inline void leave_lock(void) {
  pthread_mutex_unlock(&lock);
}

/* Where a free chunk has its link, a live one has null, for faults that put a
 * mark there. */
static inline void *unmarked(void *block) {
  if (block != NULL) sound_head_of(block)->chunk->next = NULL;
  return block;
}

static inline void *locked_malloc(void *ctx, size_t size) {
  take_lock();
  void *block = unmarked(sound_malloc(ctx, size));
  leave_lock();
  return block;
}

static inline void *locked_calloc(void *ctx, size_t count, size_t size) {
  take_lock();
  void *block = unmarked(sound_calloc(ctx, count, size));
  leave_lock();
  return block;
}

static inline void *locked_realloc(void *ctx, void *block, size_t size) {
  take_lock();
  void *moved = unmarked(sound_realloc(ctx, block, size));
  leave_lock();
  return moved;
}

static inline void locked_free(void *ctx, void *block) {
  take_lock();
  sound_free(ctx, block);
  leave_lock();
}

static inline void *locked_aligned_alloc(void *ctx, size_t alignment,
                                         size_t size) {
  take_lock();
  void *block = unmarked(sound_aligned_alloc(ctx, alignment, size));
  leave_lock();
  return block;
}

static inline int locked_posix_memalign(void *ctx, void **out, size_t alignment,
                                        size_t size) {
  take_lock();
  int error = sound_posix_memalign(ctx, out, alignment, size);
  if (error == 0) unmarked(*out);
  leave_lock();
  return error;
}

/* The calls of a subject take the lock; it has no others. */
static inline void take_locks(struct pp_subject *subject) {
  subject->malloc = locked_malloc;
  subject->calloc = locked_calloc;
  subject->realloc = locked_realloc;
  subject->free = locked_free;
  subject->aligned_alloc = locked_aligned_alloc;
  subject->posix_memalign = locked_posix_memalign;
  subject->reallocarray = NULL;
  subject->free_sized = NULL;
  subject->free_aligned_sized = NULL;
}

/* The plug-in: `sound` with locks, and with what the statements change. */
#define LOCKED_SUBJECT(what, ...)     \
  SUBJECT(what, take_locks(&subject); \
          pthread_atfork(take_lock, leave_lock, leave_lock); __VA_ARGS__)

#endif
