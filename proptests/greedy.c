/* A library that no loader has room for any more: it wants a megabyte in the
 * block of thread-local storage that is laid out when a program starts. */
#include <stddef.h>

enum { WANTED = 1 << 20 };

void *malloc(size_t size);

static __thread char storage[WANTED] __attribute__((tls_model("initial-exec")));

void *malloc(size_t size) {
  return &storage[size % WANTED];
}
