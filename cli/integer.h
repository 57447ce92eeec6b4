/* Integers of any length, for the arithmetic in a literal: a sign and digits
 * of 30 bits, lowest first, as an int of CPython has them. What they need
 * comes from a pool that is given back at once and ends at a limit; so does
 * the work, which is counted in steps of one digit. */
#ifndef CLI_INTEGER_H
#define CLI_INTEGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INTEGER_SHIFT = 30 };
#define INTEGER_MASK ((UINT32_C(1) << INTEGER_SHIFT) - 1)

struct pool_chunk;

struct pool {
  struct pool_chunk *chunks; /* zeroed: an empty pool */
  size_t used;               /* bytes given out */
  uint64_t steps;            /* of arithmetic */
};

/* What one value may take. */
#define POOL_LIMIT ((size_t)1 << 26)
#define INTEGER_LIMIT ((size_t)1 << 20) /* bytes of digits */
#define STEP_LIMIT (UINT64_C(1) << 31)

/* Zeroed memory, or NULL over the limit. */
void *pool_take(struct pool *pool, size_t size);
void pool_free(struct pool *pool);

struct integer {
  bool negative; /* never for zero */
  uint32_t *digits;
  size_t count; /* the highest is not zero */
};

/* Each answers NULL, or in a few words why there is no such int. The result
 * may be one of the operands. */
const char *integer_of(struct pool *pool, uint32_t value,
                       struct integer *result);
/* value * factor + addend: what reading a numeral is made of. */
const char *integer_extend(struct pool *pool, struct integer *value,
                           uint32_t factor, uint32_t addend);
const char *integer_add(struct pool *pool, const struct integer *left,
                        const struct integer *right, struct integer *result);
const char *integer_subtract(struct pool *pool, const struct integer *left,
                             const struct integer *right,
                             struct integer *result);
const char *integer_multiply(struct pool *pool, const struct integer *left,
                             const struct integer *right,
                             struct integer *result);
/* Rounded down, and the remainder, which has the sign of the divisor; either
 * may be NULL. */
const char *integer_divide(struct pool *pool, const struct integer *left,
                           const struct integer *right,
                           struct integer *quotient, struct integer *remainder);
const char *integer_power(struct pool *pool, const struct integer *base,
                          const struct integer *exponent,
                          struct integer *result);
/* Up, or rounded down. */
const char *integer_shift(struct pool *pool, const struct integer *value,
                          const struct integer *bits, bool up,
                          struct integer *result);

/* Bits of the magnitude. */
size_t integer_bits(const struct integer *value);
/* The value, when it is from -limit to limit; false otherwise. */
bool integer_small(const struct integer *value, uint64_t limit,
                   int64_t *result);
double integer_double(const struct integer *value);

#endif
