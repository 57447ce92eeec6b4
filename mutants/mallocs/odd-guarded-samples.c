/* Sound, and watchful: one block in 64 ends at a page that nobody may touch, as
 * far as its alignment lets it, while there are few of them. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

enum { PAGE = 4096, SAMPLE = 64, MOST = 256 };

static unsigned asked, guarded;

static bool is_guarded(void *block) {
  return block != NULL && sound_head_of(block)->chunk == NULL;
}

static void *odd_malloc(void *ctx, size_t size) {
  if (size > PAGE / 2 || ++asked % SAMPLE != 0 || guarded == MOST)
    return sound_malloc(ctx, size);
  uint8_t *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return sound_malloc(ctx, size);
  mprotect(pages + PAGE, PAGE, PROT_NONE);
  guarded++;
  void *block = pages + ((PAGE - size) & ~(size_t)15);
  *sound_head_of(block) = (struct sound_head){.size = size, .chunk = NULL};
  return block;
}

static void odd_free(void *ctx, void *block) {
  if (!is_guarded(block)) {
    sound_free(ctx, block);
    return;
  }
  int error = errno;
  munmap((void *)((uintptr_t)(sound_head_of(block)) & ~(uintptr_t)(PAGE - 1)),
         2 * (size_t)PAGE);
  guarded--;
  errno = error;
}

static size_t odd_usable_size(void *ctx, void *block) {
  if (is_guarded(block)) return sound_head_of(block)->size;
  return sound_usable_size(ctx, block);
}

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if (!is_guarded(block)) return sound_realloc(ctx, block, size);
  size_t former = sound_head_of(block)->size;
  void *moved = sound_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < former ? size : former);
  odd_free(ctx, block);
  return moved;
}

static void *odd_reallocarray(void *ctx, void *block, size_t count,
                              size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return sound_reallocarray(ctx, NULL, count, size);
  return odd_realloc(ctx, block, count * size);
}

static void odd_free_sized(void *ctx, void *block, size_t size) {
  (void)size;
  odd_free(ctx, block);
}

SUBJECT("guarded samples", subject.malloc = odd_malloc, subject.free = odd_free,
        subject.realloc = odd_realloc, subject.reallocarray = odd_reallocarray,
        subject.usable_size = odd_usable_size,
        subject.free_sized = odd_free_sized)
