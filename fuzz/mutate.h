/* Mutation of inputs that are statements. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Changes the input by one to four edits of its records, in place; `other` is
 * another input to take records from, or NULL. Answers the size, which is at
 * most `most`; the same seed makes the same of the same inputs. */
size_t pp_mutate(uint8_t *data, size_t size, size_t most, const uint8_t *other,
                 size_t other_size, uint64_t seed);

#endif
