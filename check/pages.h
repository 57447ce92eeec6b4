/* Memory for the engine, straight from the kernel. The allocator under test
 * may be the process's own malloc, so nothing that runs beside it asks malloc
 * for anything. */
#ifndef CHECK_PAGES_H
#define CHECK_PAGES_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Zeroed pages, taken up as they are touched. Ends the program with exit
 * code 5, our own fault, when the kernel refuses. */
static inline void *pp_pages(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) {
    perror("poolproof: memory for the engine");
    _Exit(5);
  }
  return pages;
}

/* The same, seen by child processes as by us. */
static inline void *pp_pages_shared(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) {
    perror("poolproof: shared memory for the engine");
    _Exit(5);
  }
  return pages;
}

static inline void pp_pages_free(void *pages, size_t size) {
  if (pages != NULL) munmap(pages, size);
}

#endif
