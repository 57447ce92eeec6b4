/* The allocator that is to be judged, as a plug-in.
 *
 * Fill in a struct pp_subject, export poolproof_subject() from a shared
 * object, and run `poolproof check ./yours.so`. Only the first four functions
 * are required; leave what you do not have NULL, and statements that need it
 * are skipped and counted as skipped. Every function gets `ctx` first.
 *
 * Sizes and alignments are in bytes. Errors are C's: NULL, or posix_memalign's
 * error number. The worker that loads a plug-in is a process of its own. */
#ifndef POOLPROOF_SUBJECT_H
#define POOLPROOF_SUBJECT_H

#include <stddef.h>

#include "poolproof/reference.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PP_SUBJECT_VERSION 1

struct pp_subject {
  unsigned version; /* PP_SUBJECT_VERSION */
  const char *name; /* shown in the verdict table */
  void *ctx;        /* handed to every function */

  void *(*malloc)(void *ctx, size_t size);
  void *(*calloc)(void *ctx, size_t count, size_t size);
  void *(*realloc)(void *ctx, void *block, size_t size);
  void (*free)(void *ctx, void *block);

  /* Optional. */
  void *(*reallocarray)(void *ctx, void *block, size_t count, size_t size);
  void *(*aligned_alloc)(void *ctx, size_t alignment, size_t size);
  int (*posix_memalign)(void *ctx, void **out, size_t alignment, size_t size);
  void (*free_sized)(void *ctx, void *block, size_t size);
  void (*free_aligned_sized)(void *ctx, void *block, size_t alignment,
                             size_t size);
  size_t (*usable_size)(void *ctx, void *block);

  /* Nonzero: failed requests set errno to ENOMEM, as POSIX asks. */
  int sets_errno;

  /* Only for an allocator of CPython's family that is to be judged in exact
   * lock-step with the reference: the profile it claims to embody, and how it
   * takes the sources it must draw from. use_sources is called once, before
   * any request, and answers 0 when the subject is ready. */
  const char *profile;
  int (*use_sources)(void *ctx, const struct pp_arena_source *arenas,
                     const struct pp_system_source *system);
};

/* The one symbol that a plug-in exports. NULL: it could not be started. */
typedef const struct pp_subject *pp_subject_entry(void);
#define PP_SUBJECT_ENTRY "poolproof_subject"

#ifdef __cplusplus
}
#endif

#endif
