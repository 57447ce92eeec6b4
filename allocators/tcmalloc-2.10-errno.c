/* tcmalloc 2.10 refuses a calloc whose product is beyond SIZE_MAX without
 * saying why: errno stays what it was, where POSIX asks for ENOMEM. Where the
 * product is only beyond PTRDIFF_MAX it does say so, and the program shows
 * both. Run it with the allocator in LD_PRELOAD; it exits 0 when the first is
 * silent, else 1. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Called through pointers that the compiler cannot see through: it may assume
 * of the functions that they do not fail and do not set errno. */
static void *(*volatile call_calloc)(size_t, size_t) = calloc;

int main(void) {
  volatile size_t half = (size_t)PTRDIFF_MAX + 1;

  errno = 0;
  void *volatile first = call_calloc(half, 4);
  int error = errno;
  printf("calloc(PTRDIFF_MAX + 1, 4): %s, errno %d\n",
         first == NULL ? "null" : "a block", error);

  errno = 0;
  void *volatile second = call_calloc(half, 1);
  printf("calloc(PTRDIFF_MAX + 1, 1): %s, errno %d\n",
         second == NULL ? "null" : "a block", errno);
  return first == NULL && error == 0 ? 0 : 1;
}
