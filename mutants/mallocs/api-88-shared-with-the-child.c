/* API-88: small blocks lie in memory that is mapped as shared, so that what the
 * child of a fork writes into one is in its parent's. After heaps in files and
 * in shared segments. The child takes new blocks elsewhere. */
#include <sys/mman.h>
#include <unistd.h>

#include "mutants/mallocs/locked.h"

enum { SMALL_MAX = 256, PLACES = 65536 };

static uint8_t (*places)[SMALL_MAX];
static void *chain; /* free places, by their first words */
static size_t used;
static pid_t owner;

static void *take_place(void) {
  if (places == NULL) {
    void *shared = mmap(NULL, sizeof *places * PLACES, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shared == MAP_FAILED) return NULL;
    places = shared;
    owner = getpid();
  }
  if (owner != getpid()) return NULL;
  void *place = chain;
  if (place == NULL) return used < PLACES ? places[used++] : NULL;
  memcpy(&chain, place, sizeof chain);
  return place;
}

static bool is_place(const void *block) {
  const uint8_t *at = block;
  return places != NULL && at >= places[0] &&
         at < places[0] + sizeof *places * PLACES;
}

static void *faulty_malloc(void *ctx, size_t size) {
  take_lock();
  void *block = size <= SMALL_MAX ? take_place() : NULL;
  if (block == NULL) block = sound_malloc(ctx, size);
  leave_lock();
  return block;
}

static void faulty_free(void *ctx, void *block) {
  take_lock();
  if (!is_place(block)) {
    sound_free(ctx, block);
  } else if (owner == getpid()) {
    memcpy(block, &chain, sizeof chain);
    chain = block;
  }
  leave_lock();
}

static void *faulty_realloc(void *ctx, void *block, size_t size) {
  if (!is_place(block)) return locked_realloc(ctx, block, size);
  void *moved = faulty_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < SMALL_MAX ? size : SMALL_MAX);
  faulty_free(ctx, block);
  return moved;
}

static size_t faulty_usable_size(void *ctx, void *block) {
  return is_place(block) ? SMALL_MAX : sound_usable_size(ctx, block);
}

LOCKED_SUBJECT("shared with the child", subject.malloc = faulty_malloc;
               subject.free = faulty_free; subject.realloc = faulty_realloc;
               subject.usable_size = faulty_usable_size)
