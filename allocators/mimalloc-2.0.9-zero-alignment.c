/* mimalloc 2.0.9 takes zero for an alignment, which is no power of two. Run it
 * with the allocator in LD_PRELOAD; it exits 0 when the request is served,
 * else 1. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  volatile size_t alignment = 0;
  void *volatile block = aligned_alloc(alignment, 16);
  printf("aligned_alloc(0, 16): %s\n", block != NULL ? "a block" : "null");
  return block != NULL ? 0 : 1;
}
