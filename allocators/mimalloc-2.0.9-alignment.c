/* mimalloc 2.0.9 gives blocks of 256, 512 and 1024 bytes that were asked for
 * at multiples of their own size at other addresses. Run it with the allocator
 * in LD_PRELOAD; it exits 0 when aligned_alloc and posix_memalign both do that
 * for each of the three sizes, else 1. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCKS 64

/* The first block that is not at a multiple of `size`, or NULL. */
static void *first_misaligned(size_t size, int posix) {
  for (int i = 0; i < BLOCKS; i++) {
    void *block = NULL; /* kept, so that the next one is another */
    if (!posix)
      block = aligned_alloc(size, size);
    else if (posix_memalign(&block, size, size) != 0)
      block = NULL;
    if ((uintptr_t)block % size != 0) return block;
  }
  return NULL;
}

int main(void) {
  static const char *const names[] = {"aligned_alloc", "posix_memalign"};
  int failures = 0;
  for (volatile size_t size = 256; size <= 1024; size *= 2)
    for (int posix = 0; posix < 2; posix++) {
      void *block = first_misaligned(size, posix);
      printf("%s, alignment %zu, size %zu: %p\n", names[posix], size, size,
             block);
      if (block == NULL) failures++;
    }
  return failures == 0 ? 0 : 1;
}
