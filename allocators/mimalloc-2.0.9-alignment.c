/* mimalloc 2.0.9 gives blocks of 256, 512 and 1024 bytes that were asked for
 * at multiples of their own size at other addresses, and blocks of 512 bytes
 * that were asked for at multiples of 256. Run it with the allocator in
 * LD_PRELOAD; it exits 0 when aligned_alloc and posix_memalign both do that for
 * each of the four, else 1. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCKS 64

/* The first block that is not at a multiple of `alignment`, or NULL. */
static void *first_misaligned(size_t alignment, size_t size, int posix) {
  for (int i = 0; i < BLOCKS; i++) {
    void *block = NULL; /* kept, so that the next one is another */
    if (!posix)
      block = aligned_alloc(alignment, size);
    else if (posix_memalign(&block, alignment, size) != 0)
      block = NULL;
    if ((uintptr_t)block % alignment != 0) return block;
  }
  return NULL;
}

int main(void) {
  static const char *const names[] = {"aligned_alloc", "posix_memalign"};
  int failures = 0;
  static const volatile size_t pairs[][2] = {
      {256, 256}, {512, 512}, {1024, 1024}, {256, 512}};
  for (int i = 0; i < 4; i++)
    for (int posix = 0; posix < 2; posix++) {
      size_t alignment = pairs[i][0], size = pairs[i][1];
      void *block = first_misaligned(alignment, size, posix);
      printf("%s, alignment %zu, size %zu: %p\n", names[posix], alignment, size,
             block);
      if (block == NULL) failures++;
    }
  return failures == 0 ? 0 : 1;
}
