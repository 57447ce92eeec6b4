/* API-84: what a thread took aligned is in an arena of its own, which is wiped
 * when the thread ends, though blocks in it are live. After caches of threads
 * that were given back with all that they had handed out. */
#include "mutants/mallocs/locked.h"

enum { MOST = 1024 };

static struct entry {
  void *block;
  const void *owner;
} entries[MOST];
static _Thread_local char self;
static pthread_key_t at_the_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void end(void *owner) {
  take_lock();
  for (size_t i = 0; i < MOST; i++) {
    void *block = entries[i].block;
    if (block == NULL || entries[i].owner != owner) continue;
    memset(block, 0, sound_head_of(block)->size);
    entries[i].block = NULL;
  }
  leave_lock();
}

static void make_key(void) {
  pthread_key_create(&at_the_end, end);
}

static void enter(void *block) {
  pthread_once(&once, make_key);
  pthread_setspecific(at_the_end, &self);
  take_lock();
  for (size_t i = 0; i < MOST; i++) {
    if (entries[i].block != NULL) continue;
    entries[i] = (struct entry){block, &self};
    break;
  }
  leave_lock();
}

static void forget(const void *block) {
  take_lock();
  for (size_t i = 0; i < MOST; i++) {
    if (entries[i].block == block) entries[i].block = NULL;
  }
  leave_lock();
}

static void *faulty_aligned_alloc(void *ctx, size_t alignment, size_t size) {
  void *block = locked_aligned_alloc(ctx, alignment, size);
  if (block != NULL) enter(block);
  return block;
}

static void faulty_free(void *ctx, void *block) {
  if (block != NULL) forget(block);
  locked_free(ctx, block);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (block != NULL) forget(block);
  return locked_realloc(ctx, block, size);
}

LOCKED_SUBJECT("ends with its thread",
               subject.aligned_alloc = faulty_aligned_alloc;
               subject.free = faulty_free; subject.realloc = faulty_realloc)
