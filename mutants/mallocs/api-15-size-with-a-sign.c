/* API-15: malloc compares the size as a number with a sign, and beyond the
 * largest one finds a negative number, which is small. After Zephyr 30988 and
 * FreeRTOS 224, where a size could set the bit that says that a block is in
 * use. */
#include "mutants/mallocs/sound.h"

static void *faulty_malloc(void *ctx, size_t size) {
  ptrdiff_t length;
  memcpy(&length, &size, sizeof length);
  if (length < 16) length = 16; /* the least that is handed out */
  return sound_malloc(ctx, (size_t)length);
}

SUBJECT("size with a sign", subject.malloc = faulty_malloc)
