/* Memory for the engine, straight from the kernel. The allocator under test
 * may be the process's own malloc, so nothing that runs beside it asks malloc
 * for anything.
 *
 *     | guard | pages ...      | guard |
 *
 * A subject that hands out less than it says lets us, or its own, write past
 * the end; what lies there could be ours, and what is shared would even reach
 * the process that judges. It meets a guard, which nobody can touch. */
#ifndef CHECK_PAGES_H
#define CHECK_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static inline size_t pp_pages_guard(void) {
  return (size_t)sysconf(_SC_PAGESIZE);
}

/* The bytes between the guards: whole pages. */
static inline size_t pp_pages_inside(size_t size) {
  size_t guard = pp_pages_guard();
  return (size + guard - 1) / guard * guard;
}

static inline void *pp_pages_map(size_t size, int sharing, const char *what) {
  size_t guard = pp_pages_guard();
  size_t inside = pp_pages_inside(size);
  uint8_t *outer = mmap(NULL, inside + 2 * guard, PROT_NONE,
                        sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (outer != MAP_FAILED &&
      mprotect(outer + guard, inside, PROT_READ | PROT_WRITE) == 0) {
    return outer + guard;
  }
  perror(what);
  _Exit(5);
}

/* Zeroed pages, taken up as they are touched. Ends the program with exit
 * code 5, our own fault, when the kernel refuses. */
static inline void *pp_pages(size_t size) {
  return pp_pages_map(size, MAP_PRIVATE, "poolproof: memory for the engine");
}

/* The same, seen by child processes as by us. */
static inline void *pp_pages_shared(size_t size) {
  return pp_pages_map(size, MAP_SHARED,
                      "poolproof: shared memory for the engine");
}

/* The same, from the begin of a file that is at least as long. */
static inline void *pp_pages_of(int file, size_t size) {
  const char *what = "poolproof: memory that is shared with a program";
  uint8_t *pages = pp_pages_map(size, MAP_PRIVATE, what);
  void *inside = mmap(pages, pp_pages_inside(size), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_FIXED, file, 0);
  if (inside != MAP_FAILED) return inside;
  perror(what);
  _Exit(5);
}

static inline void pp_pages_free(void *pages, size_t size) {
  size_t guard = pp_pages_guard();
  if (pages == NULL) return;
  munmap((uint8_t *)pages - guard, pp_pages_inside(size) + 2 * guard);
}

#endif
