/* Heaps performed in the process of a fuzzer: the driver, with what it needs,
 * kept from one input to the next. */
#ifndef FUZZ_HEAPS_H
#define FUZZ_HEAPS_H

#include "check/declared.h"
#include "check/driver.h"
#include "fuzz/statements.h"

struct pp_fuzz_heaps {
  const char *subject; /* as typed */
  enum pp_level level;
  bool anew; /* each input has a heap of its own; else one lives on, and is
                empty when an input begins */
  /* Told after each statement; NULL: nobody is. */
  void (*after)(const struct pp_driver *driver, const struct pp_op *op);
};

/* Performs a program, and does not return when a clause was seen broken. */
void pp_fuzz_perform(const struct pp_fuzz_heaps *heaps,
                     const struct pp_fuzz_program *program);

/* POOLPROOF_SUBJECT, or what the build was told, or this. */
const char *pp_fuzz_subject(const char *otherwise);

#endif
