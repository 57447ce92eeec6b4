/* What a fuzzer sees of a heap that is not instrumented: where a block came to
 * lie beside the one before, by size class; counted into the extra counters of
 * libFuzzer. */
#include "fuzz/feedback.h"

#include <stddef.h>

enum { COUNTERS = 4096, CLASSES = 16, STEP = 16, NEAR = 1 << 14 };

__attribute__((used,
               section("__libfuzzer_extra_counters"))) static volatile uint8_t
    counters[COUNTERS];

static unsigned bits_of(uint64_t number) {
  unsigned bits = 0;
  for (; number > 0; number >>= 1)
    bits++;
  return bits;
}

/* Small sizes by their class, others by magnitude. */
static unsigned class_of(uint64_t size) {
  return size < STEP * CLASSES / 2
             ? (unsigned)(size / STEP)
             : bits_of(size) % (CLASSES / 2) + CLASSES / 2;
}

/* Near by the step, far by magnitude; either with a sign. */
static unsigned distance_of(uintptr_t from, uintptr_t to) {
  uint64_t distance = from < to ? to - from : from - to;
  unsigned kind = distance < NEAR / 256 ? (unsigned)(distance / STEP)
                                        : 8 + bits_of(distance);
  return 2 * kind + (from < to);
}

void pp_feedback_of_block(const void *address, uint64_t size) {
  static uintptr_t last;
  uintptr_t here = (uintptr_t)address;
  unsigned place = address == NULL ? 0 : 1 + distance_of(last, here);
  unsigned at = (place * CLASSES + class_of(size)) % COUNTERS;
  if (counters[at] < UINT8_MAX) counters[at]++;
  if (address != NULL) last = here;
}
