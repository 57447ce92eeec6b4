/* jemalloc 5.3.0 refuses to make a live block impossibly large without saying
 * why: errno stays what it was, where POSIX asks for ENOMEM. Its malloc does
 * say so, and the program shows both. Run it with the allocator in LD_PRELOAD;
 * it exits 0 when realloc is silent, else 1. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Called through pointers that the compiler cannot see through: it may assume
 * of the functions that they do not fail and do not set errno. */
static void *(*volatile call_malloc)(size_t) = malloc;
static void *(*volatile call_realloc)(void *, size_t) = realloc;

int main(void) {
  volatile size_t half = (size_t)PTRDIFF_MAX + 1;
  void *volatile block = call_malloc(100);

  errno = 0;
  void *volatile first = call_malloc(half);
  printf("malloc(PTRDIFF_MAX + 1): %s, errno %d\n",
         first == NULL ? "null" : "a block", errno);

  errno = 0;
  void *volatile second = call_realloc(block, half);
  int error = errno;
  printf("realloc(block, PTRDIFF_MAX + 1): %s, errno %d\n",
         second == NULL ? "null" : "a block", error);
  return second == NULL && error == 0 ? 0 : 1;
}
