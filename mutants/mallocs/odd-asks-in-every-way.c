/* Asks the system in each way that there is: for large blocks by mmap and
 * mprotect, for those of middling size by brk, and by mremap for larger ones;
 * gives back by madvise and munmap. Sound, whichever of them is refused. */
#include <sys/mman.h>
#include <unistd.h>

#include "mutants/mallocs/sound.h"

enum { MIDDLING = 32768, BREAK_ROOM = 98304, PAGE = 4096 };
#define BREAK_BYTES ((size_t)BREAK_ROOM + SOUND_OVERHEAD)
#define LARGEST ((size_t)1 << 29)

static struct sound_chunk *kept; /* from the break, and free */

static bool is_from_break(void *block) {
  return sound_head_of(block)->chunk->bytes == BREAK_BYTES;
}

static void *place(struct sound_chunk *chunk, size_t bytes, size_t size) {
  chunk->bytes = bytes;
  sound_in_use += bytes;
  void *block = (uint8_t *)chunk + SOUND_OVERHEAD;
  *sound_head_of(block) = (struct sound_head){.size = size, .chunk = chunk};
  return block;
}

static void *none(void) {
  errno = ENOMEM;
  return NULL;
}

static void *from_break(size_t size) {
  struct sound_chunk *chunk = kept;
  if (chunk != NULL) {
    kept = chunk->next;
    return place(chunk, BREAK_BYTES, size);
  }
  uint8_t *at = sbrk((intptr_t)BREAK_BYTES + 16);
  if ((intptr_t)at == -1) return none();
  at += -(uintptr_t)at & 15;
  return place((struct sound_chunk *)at, BREAK_BYTES, size);
}

static size_t pages_for(size_t size) {
  return (size + SOUND_OVERHEAD + PAGE - 1) & ~(size_t)(PAGE - 1);
}

static void *odd_malloc(void *ctx, size_t size) {
  if (size <= MIDDLING || size > LARGEST) return sound_malloc(ctx, size);
  if (size <= BREAK_ROOM) return from_break(size);
  size_t bytes = pages_for(size);
  void *pages =
      mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return none();
  if (mprotect(pages, bytes, PROT_READ | PROT_WRITE) == 0)
    return place(pages, bytes, size);
  munmap(pages, bytes);
  return none();
}

static void odd_free(void *ctx, void *block) {
  int error = errno;
  if (block == NULL) return;
  struct sound_chunk *chunk = sound_head_of(block)->chunk;
  if (is_from_break(block)) {
    sound_in_use -= chunk->bytes;
    chunk->next = kept;
    kept = chunk;
    return;
  }
  if (sound_is_mapped(block) && chunk->bytes > 2 * PAGE)
    madvise((uint8_t *)chunk + chunk->bytes - PAGE, PAGE, MADV_DONTNEED);
  sound_free(ctx, block);
  errno = error;
}

static bool is_alone(void *block) {
  return sound_is_mapped(block) && !is_from_break(block) &&
         (uint8_t *)sound_head_of(block)->chunk + SOUND_OVERHEAD ==
             (uint8_t *)block;
}

static void *odd_realloc(void *ctx, void *block, size_t size) {
  if (block == NULL) return odd_malloc(ctx, size);
  struct sound_head *head = sound_head_of(block);
  size_t before = head->chunk->bytes;
  if (is_alone(block) && size > BREAK_ROOM && size <= LARGEST) {
    size_t bytes = pages_for(size);
    void *pages = mremap(head->chunk, before, bytes, MREMAP_MAYMOVE);
    if (pages == MAP_FAILED) return none();
    sound_in_use -= before;
    return place(pages, bytes, size);
  }
  void *moved = odd_malloc(ctx, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size < head->size ? size : head->size);
  odd_free(ctx, block);
  return moved;
}

static void odd_free_sized(void *ctx, void *block, size_t size) {
  (void)size;
  odd_free(ctx, block);
}

static void *odd_reallocarray(void *ctx, void *block, size_t count,
                              size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return none();
  return odd_realloc(ctx, block, count * size);
}

SUBJECT("asks in every way", subject.malloc = odd_malloc,
        subject.realloc = odd_realloc, subject.free = odd_free,
        subject.free_sized = odd_free_sized,
        subject.reallocarray = odd_reallocarray)
