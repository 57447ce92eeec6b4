/* API-03: the pages of a large chunk that is freed are given back to the system
 * three frees later, whoever has the chunk then. After Bun 28245, where memory
 * of blocks in use was given back together with that of a thread's. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

enum { PAGE = 4096, WAITING = 3 };

static void *waiting[WAITING];
static unsigned next;

static void purge(void *block) {
  uint8_t *page = (uint8_t *)(((uintptr_t)block | (PAGE - 1)) + 1);
  madvise(page, PAGE, MADV_DONTNEED);
}

static void faulty_free(void *ctx, void *block) {
  if (block == NULL) return;
  bool mapped = sound_is_mapped(block);
  bool large = sound_head_of(block)->chunk->bytes >= 4 * (size_t)PAGE;
  int error = errno;
  sound_free(ctx, block);
  if (mapped || !large) return;
  if (waiting[next] != NULL) purge(waiting[next]);
  waiting[next] = block;
  next = (next + 1) % WAITING;
  errno = error;
}

SUBJECT("purged too late", subject.free = faulty_free)
