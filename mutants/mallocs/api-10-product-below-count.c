/* API-10: calloc takes a product for wrapped when it is less than the count,
 * and some that wrapped are not. After the callocs of RUS-CERT advisory
 * 2002-08:02. */
#include "mutants/mallocs/sound.h"

static void *faulty_calloc(void *ctx, size_t count, size_t size) {
  size_t product = count * size;
  if (size != 0 && product < count) {
    errno = ENOMEM;
    return NULL;
  }
  return sound_calloc(ctx, 1, product);
}

SUBJECT("product below count", subject.calloc = faulty_calloc)
