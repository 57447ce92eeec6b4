/* Sound, and small: malloc, calloc, realloc and free, and nothing else. */
#include "mutants/mallocs/sound.h"

SUBJECT("four calls", subject.reallocarray = NULL, subject.aligned_alloc = NULL,
        subject.posix_memalign = NULL, subject.free_sized = NULL,
        subject.free_aligned_sized = NULL, subject.usable_size = NULL)
