/* The meaning of statements (SPEC.md, OPS), told a second time and by itself:
 * what calls, settings and references a statement stands for, held against
 * what the drivers make of it. */
#ifndef FUZZ_MEANINGS_H
#define FUZZ_MEANINGS_H

#include "fuzz/statements.h"

/* OPS-03, OPS-09 to OPS-12 and OPS-18: of a subject with four calls. */
void pp_meaning_of_calls(const struct pp_fuzz_program *program);
/* OPS-13: of the sources of a heap. */
void pp_meaning_of_settings(const struct pp_fuzz_program *program);
/* OPS-19 to OPS-21: of an interpreter. */
void pp_meaning_of_operands(const struct pp_fuzz_program *program);
/* OPS-14 and OPS-17: of the generator, and of the shrinker. */
void pp_meaning_of_a_seed(const struct pp_fuzz_program *program);
void pp_meaning_of_shrinking(const struct pp_fuzz_program *program);

#endif
