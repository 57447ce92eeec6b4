/* A malloc of mutants/ as that of a process: what it is linked with answers the
 * calls of the C library's names, so that it can be preloaded. */
#include <stdlib.h>

#include "poolproof/subject.h"

#define EXPORTED __attribute__((visibility("default")))

pp_subject_entry poolproof_subject;
size_t malloc_usable_size(void *block);

static const struct pp_subject *subject(void) {
  static const struct pp_subject *found;
  if (found == NULL) found = poolproof_subject();
  return found;
}

EXPORTED void *malloc(size_t size) {
  return subject()->malloc(subject()->ctx, size);
}

EXPORTED void *calloc(size_t count, size_t size) {
  return subject()->calloc(subject()->ctx, count, size);
}

EXPORTED void *realloc(void *block, size_t size) {
  return subject()->realloc(subject()->ctx, block, size);
}

EXPORTED void free(void *block) {
  subject()->free(subject()->ctx, block);
}

EXPORTED void *reallocarray(void *block, size_t count, size_t size) {
  return subject()->reallocarray(subject()->ctx, block, count, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size) {
  return subject()->aligned_alloc(subject()->ctx, alignment, size);
}

EXPORTED int posix_memalign(void **out, size_t alignment, size_t size) {
  return subject()->posix_memalign(subject()->ctx, out, alignment, size);
}

EXPORTED size_t malloc_usable_size(void *block) {
  return subject()->usable_size(subject()->ctx, block);
}
