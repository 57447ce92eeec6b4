/* API-02: memory is reserved first, and what mprotect says of it is not looked
 * at: of a block, only the page with its head can be written. */
#include "mutants/mallocs/refused.h"

static void *faulty_malloc(void *ctx, size_t size) {
  const size_t page = 4096;
  if (!refused_is_large(size)) return sound_malloc(ctx, size);
  uint8_t *pages = refused_map(size, PROT_READ | PROT_WRITE);
  if (pages == MAP_FAILED) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = refused_block(pages, size);
  size_t rest = refused_bytes(size) - page;
  munmap(pages + page, rest);
  void *again = mmap(pages + page, rest, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  mprotect(again, rest, PROT_READ | PROT_WRITE);
  return block;
}

SUBJECT("protection not looked at", subject.malloc = faulty_malloc)
