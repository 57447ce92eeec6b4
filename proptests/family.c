/* Malloc families that allocate nothing: each call notes its name and what it
 * was given, and answers what the test tells it to. One has every function,
 * under the prefix all_; others lack some, or say which allocator they are. The
 * test looks at family_noted. Built with FAMILY_BARE, there is one family,
 * without a prefix; with FAMILY_LIBC, it belongs to a C library. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "proptests/family.h"

struct family_noted family_noted;

static void note(const char *name, const void *block, size_t first,
                 size_t second) {
  family_noted.name = name;
  family_noted.block = block;
  family_noted.first = first;
  family_noted.second = second;
}

#define FOUR(prefix)                                \
  void *prefix##malloc(size_t size);                \
  void *prefix##calloc(size_t count, size_t size);  \
  void *prefix##realloc(void *block, size_t size);  \
  void prefix##free(void *block);                   \
  void *prefix##malloc(size_t size) {               \
    note(#prefix "malloc", NULL, size, 0);          \
    return family_noted.answer;                     \
  }                                                 \
  void *prefix##calloc(size_t count, size_t size) { \
    note(#prefix "calloc", NULL, count, size);      \
    return family_noted.answer;                     \
  }                                                 \
  void *prefix##realloc(void *block, size_t size) { \
    note(#prefix "realloc", block, size, 0);        \
    return family_noted.answer;                     \
  }                                                 \
  void prefix##free(void *block) {                  \
    note(#prefix "free", block, 0, 0);              \
  }

#define USABLE(name)          \
  size_t name(void *block);   \
  size_t name(void *block) {  \
    note(#name, block, 0, 0); \
    return 77;                \
  }

#define HAS(prefix, name)  \
  void prefix##name(void); \
  void prefix##name(void) {}

#ifdef FAMILY_LIBC
int __libc_start_main(void);
int __libc_start_main(void) {
  return 1;
}
#endif

#ifdef FAMILY_BARE

FOUR()
FOUR(pre_)
HAS(, scalable_allocation_mode)
USABLE(usable_size)
USABLE(malloc_size)

#else

FOUR(all_)

void *all_reallocarray(void *block, size_t count, size_t size);
void *all_aligned_alloc(size_t alignment, size_t size);
int all_posix_memalign(void **out, size_t alignment, size_t size);
void all_free_sized(void *block, size_t size);
void all_free_aligned_sized(void *block, size_t alignment, size_t size);

void *all_reallocarray(void *block, size_t count, size_t size) {
  note("all_reallocarray", block, count, size);
  return family_noted.answer;
}

void *all_aligned_alloc(size_t alignment, size_t size) {
  note("all_aligned_alloc", NULL, alignment, size);
  return family_noted.answer;
}

int all_posix_memalign(void **out, size_t alignment, size_t size) {
  note("all_posix_memalign", NULL, alignment, size);
  *out = family_noted.answer;
  return EINVAL;
}

void all_free_sized(void *block, size_t size) {
  note("all_free_sized", block, size, 0);
}

void all_free_aligned_sized(void *block, size_t alignment, size_t size) {
  note("all_free_aligned_sized", block, alignment, size);
}

USABLE(all_malloc_usable_size)
USABLE(all_usable_size)
USABLE(all_malloc_size)

/* Four, and one of the other names for the usable size. */
FOUR(four_)
FOUR(short_)
USABLE(short_usable_size)
USABLE(short_malloc_size)
FOUR(old_)
USABLE(old_malloc_size)

/* Each lacks one of the four. */
HAS(lacks_malloc_, calloc)
HAS(lacks_malloc_, realloc)
HAS(lacks_malloc_, free)
HAS(lacks_calloc_, malloc)
HAS(lacks_calloc_, realloc)
HAS(lacks_calloc_, free)
HAS(lacks_realloc_, malloc)
HAS(lacks_realloc_, calloc)
HAS(lacks_realloc_, free)
HAS(lacks_free_, malloc)
HAS(lacks_free_, calloc)
HAS(lacks_free_, realloc)

/* Each says what it is. */
FOUR(gl_)
FOUR(mi_)
FOUR(je_)
FOUR(jf_)
FOUR(tc_)
FOUR(tb_)
FOUR(dm_)

const char *gl_gnu_get_libc_version(void);
int mi_mi_version(void);
int je_mallctl(const char *name, void *old, size_t *old_size, void *new,
               size_t new_size);
int jf_mallctl(const char *name, void *old, size_t *old_size, void *new,
               size_t new_size);
const char *tc_tc_version(int *major, int *minor, const char **patch);
HAS(tb_, scalable_allocation_mode)
HAS(dm_, dmalloc_debug)

const char *gl_gnu_get_libc_version(void) {
  return "2.99";
}

int mi_mi_version(void) {
  return family_noted.version;
}

/* The release and the commit that it was made from. */
int je_mallctl(const char *name, void *old, size_t *old_size, void *new,
               size_t new_size) {
  static const char version[] = "5.3.0-0-g54eaed1d";
  const char *text = version;
  if (strcmp(name, "version") != 0 || *old_size != sizeof text || new != NULL ||
      new_size != 0)
    return EINVAL;
  memcpy(old, &text, sizeof text);
  return 0;
}

int jf_mallctl(const char *name, void *old, size_t *old_size, void *new,
               size_t new_size) {
  return je_mallctl(name, old, old_size, new, new_size) == 0 ? EAGAIN : 0;
}

const char *tc_tc_version(int *major, int *minor, const char **patch) {
  *major = 2;
  *minor = 10;
  *patch = ".1";
  return "gperftools";
}

#endif
