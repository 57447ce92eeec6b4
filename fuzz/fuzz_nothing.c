/* The empty target: what an engine costs without any harness, for `./dev fuzz
 * --rates` to be read beside. */
/* Watches: nothing at all */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)data;
  (void)size;
  return 0;
}
