/* API-85: whoever calls first begins the heap, and two who call at the same
 * time both begin it, the second over what the first has taken. After
 * initializations that looked at a flag without a lock. It takes some
 * milliseconds, as one that reads its configuration does. */
#include <unistd.h>

#include "mutants/mallocs/locked.h"

enum { BEGINNING = 64, BLOCK = 128, MICROSECONDS = 5000 };

static _Alignas(16) uint8_t beginning[BEGINNING][BLOCK];
static unsigned next;
static _Atomic bool begun;

static bool is_of_beginning(const void *block) {
  const uint8_t *at = block;
  return at >= beginning[0] && at < beginning[0] + sizeof beginning;
}

/* A few blocks come from the beginning, and are not used again. */
static void *faulty_malloc(void *ctx, size_t size) {
  void *block = NULL;
  bool begins = !begun;
  if (begins) usleep(MICROSECONDS);
  take_lock();
  if (begins) next = 0;
  begun = true;
  if (size <= BLOCK && next < BEGINNING) block = beginning[next++];
  leave_lock();
  return block != NULL ? block : locked_malloc(ctx, size);
}

static void faulty_free(void *ctx, void *block) {
  if (!is_of_beginning(block)) locked_free(ctx, block);
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (!is_of_beginning(block)) return locked_realloc(ctx, block, size);
  void *moved = locked_malloc(ctx, size);
  if (moved != NULL) memcpy(moved, block, size < BLOCK ? size : BLOCK);
  return moved;
}

static size_t faulty_usable_size(void *ctx, void *block) {
  if (is_of_beginning(block)) return BLOCK;
  return sound_usable_size(ctx, block);
}

LOCKED_SUBJECT("begun twice", subject.malloc = faulty_malloc;
               subject.free = faulty_free; subject.realloc = faulty_realloc;
               subject.usable_size = faulty_usable_size)
