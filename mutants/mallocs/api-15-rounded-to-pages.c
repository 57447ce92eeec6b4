/* API-15: malloc rounds the size up to pages before it looks at it, and the
 * last 4095 sizes become zero. After bdwgc, CVE-2016-9427, which added a page
 * less one and wrapped. */
#include "mutants/mallocs/sound.h"

enum { PAGE = 4096 };

static void *faulty_malloc(void *ctx, size_t size) {
  size_t pages = (size + PAGE - 1) & ~(size_t)(PAGE - 1);
  return sound_malloc(ctx, pages < size ? pages : size);
}

SUBJECT("rounded to pages", subject.malloc = faulty_malloc)
