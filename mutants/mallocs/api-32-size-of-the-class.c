/* API-32: free_sized ends the program unless it is told the size of the class
 * rather than that of the request. After hardened_malloc, pull request 318, and
 * jemalloc 2991, where the sized free and the request disagreed about a class.
 */
#include <stdlib.h>

#include "mutants/mallocs/sound.h"

static void faulty_free_sized(void *ctx, void *block, size_t size) {
  if (block != NULL && size != sound_usable_size(ctx, block)) abort();
  sound_free(ctx, block);
}

SUBJECT("size of the class", subject.free_sized = faulty_free_sized)
