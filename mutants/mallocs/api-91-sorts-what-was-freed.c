/* API-91: every so often the addresses of what was freed are sorted, by the
 * slowest of ways. */
#include "mutants/mallocs/sound.h"

enum { FREED = 16384 };

static uintptr_t freed[FREED];
static size_t count;

static void sort(void) {
  for (size_t i = 1; i < FREED; i++) {
    uintptr_t one = freed[i];
    size_t at = i;
    for (; at > 0 && freed[at - 1] > one; at--)
      freed[at] = freed[at - 1];
    freed[at] = one;
  }
}

/* The lowest bits tell the addresses of one block apart. */
static void faulty_free(void *ctx, void *block) {
  uintptr_t address = (uintptr_t)block * UINT64_C(0x9e3779b97f4a7c15);
  sound_free(ctx, block);
  freed[count] = address + count;
  if (++count < FREED) return;
  sort();
  count = 0;
}

SUBJECT("sorts what was freed", subject.free = faulty_free)
