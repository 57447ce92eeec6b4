/* The way of a hash through the index table of a dict: first its low bits, then
 * slots into which ever more of the others are mixed. It meets every slot. */
#ifndef REFERENCE_OBJECTS_PROBE_H
#define REFERENCE_OBJECTS_PROBE_H

#include <assert.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "reference/assertions.h"

enum {
  PP_PERTURB_SHIFT = 5,
  PP_PROBE_STEP = 5,
  PP_PROBE_MODULUS = 4, /* whose multiples and one reach every slot */
  PP_PROBE_MIXED = 13   /* steps until no bit of the hash is left */
};

struct pp_probe {
  struct pp_witness *witness;
  size_t mask, slot;
  uint64_t perturb;
};

static_assert(PP_PROBE_STEP % PP_PROBE_MODULUS == 1,
              "a slot comes once in every round");
static_assert(PP_PROBE_MIXED * PP_PERTURB_SHIFT >= sizeof(uint64_t) * CHAR_BIT,
              "none is left");

static inline struct pp_probe pp_probe_begin(struct pp_witness *witness,
                                             size_t size, int64_t hash) {
  size_t mask = size - 1;
  PP_REQUIRE(witness, DICT_05, size > 0);
  PP_REQUIRE(witness, DICT_05, (size & mask) == 0);
  return (struct pp_probe){witness, mask, (size_t)hash & mask, (uint64_t)hash};
}

static inline void pp_probe_next(struct pp_probe *probe) {
  PP_REQUIRE(probe->witness, DICT_05, probe->slot <= probe->mask);
  probe->perturb >>= PP_PERTURB_SHIFT;
  probe->slot =
      (probe->slot * PP_PROBE_STEP + probe->perturb + 1) & probe->mask;
}

#endif
