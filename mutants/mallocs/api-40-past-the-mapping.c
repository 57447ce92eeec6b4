/* API-40: the heap ends with a mark, and the mark is written behind the memory
 * that the heap was given, where something else lies. After
 * linked_list_allocator, CVE-2022-36086, which wrote out of bounds when a
 * region was too small for what it keeps there. */
#include <sys/mman.h>

#include "mutants/mallocs/sound.h"

enum { HEAP_BYTES = 65536 };

static void begin(void) {
  void *heap = mmap(NULL, HEAP_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (heap != MAP_FAILED)
    *(volatile size_t *)((uintptr_t)heap + HEAP_BYTES) = HEAP_BYTES;
}

static void *faulty_malloc(void *ctx, size_t size) {
  static bool begun;
  if (!begun) begin();
  begun = true;
  return sound_malloc(ctx, size);
}

SUBJECT("past the mapping", subject.malloc = faulty_malloc)
