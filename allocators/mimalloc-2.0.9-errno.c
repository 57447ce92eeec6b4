/* mimalloc 2.0.9 refuses sizes that are impossible without saying why: errno
 * stays what it was, where POSIX asks for ENOMEM. Run it with the allocator in
 * LD_PRELOAD; it exits 0 when all five calls do that, else 1. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Called through pointers that the compiler cannot see through: it may assume
 * of the functions that they do not fail and do not set errno. */
static void *(*volatile call_malloc)(size_t) = malloc;
static void *(*volatile call_calloc)(size_t, size_t) = calloc;
static void *(*volatile call_realloc)(void *, size_t) = realloc;
static void *(*volatile call_aligned_alloc)(size_t, size_t) = aligned_alloc;

static int failures;

static void report(const char *call, const void *block) {
  int error = errno;
  int shown = block == NULL && error == 0;
  printf("%s: %s, errno %d\n", call, block == NULL ? "null" : "a block", error);
  if (!shown) failures++;
}

int main(void) {
  volatile size_t half = (size_t)PTRDIFF_MAX + 1;
  void *volatile block = call_malloc(100);

  errno = 0;
  report("malloc(PTRDIFF_MAX + 1)", call_malloc(half));
  errno = 0;
  report("calloc(PTRDIFF_MAX + 1, 4)", call_calloc(half, 4));
  errno = 0;
  report("calloc(PTRDIFF_MAX + 1, 1)", call_calloc(half, 1));
  errno = 0;
  report("realloc(block, PTRDIFF_MAX + 1)", call_realloc(block, half));
  errno = 0;
  report("aligned_alloc(16, PTRDIFF_MAX + 1)", call_aligned_alloc(16, half));
  return failures == 0 ? 0 : 1;
}
