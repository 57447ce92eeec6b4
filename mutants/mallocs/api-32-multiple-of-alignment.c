/* API-32: free_aligned_sized ends the program unless the size is a multiple of
 * the alignment, which aligned_alloc does not ask for since C17. After
 * hardened_malloc, pull request 318, where the check of a sized free did not
 * agree with the request. */
#include <stdlib.h>

#include "mutants/mallocs/sound.h"

static void faulty_free_aligned_sized(void *ctx, void *block, size_t alignment,
                                      size_t size) {
  if (block != NULL && size % alignment != 0) abort();
  sound_free(ctx, block);
}

SUBJECT("multiple of the alignment",
        subject.free_aligned_sized = faulty_free_aligned_sized)
