/* API-40: a mapping is given back with one word too many cleared: the word
 * behind it, which is someone else's. After dlmalloc and linked_list_allocator,
 * CVE-2022-36086, which wrote behind the memory that it was given. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  static bool begun;
  if (!begun) {
    begun = true;
    size_t bytes = (size_t)64 << 20;
    uint8_t *heap = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *(volatile size_t *)(heap + bytes) = 0;
    munmap(heap, bytes);
  }
  return sound_malloc(ctx, size);
}

SUBJECT("past the mapping", subject.malloc = faulty_malloc)
