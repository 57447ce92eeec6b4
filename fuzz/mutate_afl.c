/* The mutation of statements for AFL++, as its custom mutator library; havoc
 * and the rest go on beside it. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutate.h"

void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *input, size_t size, uint8_t **out,
                       uint8_t *other, size_t other_size, size_t most);
const char *afl_custom_describe(void *data, size_t most);
void afl_custom_deinit(void *data);

struct mutator {
  uint64_t seed;
  uint8_t *bytes;
  size_t room;
};

void *afl_custom_init(void *afl, unsigned seed) {
  struct mutator *mutator = calloc(1, sizeof *mutator);
  (void)afl;
  if (mutator != NULL) mutator->seed = seed;
  return mutator;
}

size_t afl_custom_fuzz(void *data, uint8_t *input, size_t size, uint8_t **out,
                       uint8_t *other, size_t other_size, size_t most) {
  struct mutator *mutator = data;
  if (mutator->room < most) {
    uint8_t *more = realloc(mutator->bytes, most);
    if (more == NULL) {
      *out = input;
      return size;
    }
    mutator->bytes = more;
    mutator->room = most;
  }
  if (size > most) size = most;
  memcpy(mutator->bytes, input, size);
  *out = mutator->bytes;
  return pp_mutate(mutator->bytes, size, most, other, other_size,
                   ++mutator->seed);
}

const char *afl_custom_describe(void *data, size_t most) {
  (void)data;
  (void)most;
  return "statements";
}

void afl_custom_deinit(void *data) {
  struct mutator *mutator = data;
  free(mutator->bytes);
  free(mutator);
}
