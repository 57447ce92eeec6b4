/* The mutation of statements for libFuzzer, by its hooks. Half of the inputs
 * are left to its own mutations, which know what the program compares with.
 *
 * POOLPROOF_MUTATOR=off leaves all of them to it. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutate.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size,
                                 const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t most, unsigned seed);

enum { OURS_IN = 2 };

static int is_off(void) {
  static int off = -1;
  const char *word = getenv("POOLPROOF_MUTATOR");
  if (off < 0) off = word != NULL && strcmp(word, "off") == 0;
  return off;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed) {
  if (is_off() || seed % OURS_IN != 0)
    return LLVMFuzzerMutate(data, size, most);
  return pp_mutate(data, size, most, NULL, 0, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size,
                                 const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t most, unsigned seed) {
  size_t size = one_size < most ? one_size : most;
  if (is_off()) return 0; /* no input */
  memcpy(out, one, size);
  return pp_mutate(out, size, most, other, other_size, seed);
}
