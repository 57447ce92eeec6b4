/* Programs of objects performed in the process of a fuzzer. */
#ifndef FUZZ_OBJECTS_H
#define FUZZ_OBJECTS_H

#include "check/objects/driver.h"
#include "fuzz/statements.h"

struct pp_fuzz_objects {
  /* A build of them, or NULL: that of this program, at level object. */
  const struct pp_objects *objects;
  /* Told before each statement, which it may change; NULL: nobody is. */
  void (*before)(void *ctx, const struct pp_objects_driver *driver,
                 struct pp_op *op);
  void *ctx;
};

/* What a program did, seen from below. */
struct pp_fuzz_did {
  uint64_t requests;
  uint64_t bytes_peak;
  uint64_t blocks_peak;
};

/* Performs a program from nothing, and does not return when a clause was seen
 * broken. */
struct pp_fuzz_did pp_fuzz_perform_objects(const struct pp_fuzz_objects *how,
                                           const struct pp_fuzz_program *what);

#endif
