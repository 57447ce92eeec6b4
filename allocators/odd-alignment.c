/* aligned_alloc with an alignment that is no power of two is to be refused.
 * glibc 2.36 and tcmalloc 2.10 serve it, with blocks that are not aligned to
 * what was asked for. Run it with the allocator in LD_PRELOAD, or as it is for
 * the C library's; it exits 0 when all such requests are served and one of the
 * blocks is not aligned, else 1. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT 4

int main(void) {
  static const size_t alignments[COUNT] = {3, 24, 100, 5000};
  int served = 0;
  int misaligned = 0;
  for (int i = 0; i < COUNT; i++) {
    volatile size_t alignment = alignments[i];
    void *volatile block = aligned_alloc(alignment, 3 * alignment);
    printf("aligned_alloc(%zu, %zu): %p\n", alignment, 3 * alignment, block);
    if (block != NULL) served++;
    if ((uintptr_t)block % alignment != 0) misaligned++;
  }
  return served == COUNT && misaligned > 0 ? 0 : 1;
}
