/* Division of integers, digit by digit: the divisor is shifted until its
 * highest bit is set, so that the two highest digits of what is left guess the
 * next digit of the quotient, too large by two at the most. */
#include "cli/integer.h"

#include <stdlib.h>
#include <string.h>

/* One digit of the quotient; `left` loses as many times the divisor, from its
 * digit `at` on. */
static uint32_t next_digit(uint32_t *left, size_t at, const uint32_t *divisor,
                           size_t count) {
  uint64_t two =
      (uint64_t)left[at + count] << INTEGER_SHIFT | left[at + count - 1];
  uint64_t guess = two / divisor[count - 1];
  if (guess > INTEGER_MASK) guess = INTEGER_MASK;
  int64_t borrow = 0;
  for (size_t i = 0; i < count; i++) {
    int64_t digit =
        (int64_t)left[at + i] - (int64_t)(guess * divisor[i]) + borrow;
    left[at + i] = (uint32_t)(digit & INTEGER_MASK);
    borrow = digit >> INTEGER_SHIFT;
  }
  borrow += left[at + count];
  while (borrow < 0) { /* the guess was too large */
    uint32_t carry = 0;
    for (size_t i = 0; i < count; i++) {
      carry += left[at + i] + divisor[i];
      left[at + i] = carry & INTEGER_MASK;
      carry >>= INTEGER_SHIFT;
    }
    borrow += carry;
    guess--;
  }
  left[at + count] = (uint32_t)borrow;
  return (uint32_t)guess;
}

/* Magnitudes, towards zero. The divisor has two digits or more, and is not
 * longer than what is divided. */
static const char *divide_long(struct pool *pool, const struct integer *left,
                               const struct integer *right,
                               struct integer *quotient,
                               struct integer *remainder) {
  struct integer bits, divisor, rest, difference;
  unsigned up = (unsigned)(right->count * INTEGER_SHIFT - integer_bits(right));
  const char *why = integer_of(pool, up, &bits);
  if (why == NULL) why = integer_shift(pool, right, &bits, true, &divisor);
  if (why == NULL) why = integer_shift(pool, left, &bits, true, &rest);
  if (why != NULL) return why;
  size_t count = right->count;
  size_t places = left->count - count + 1;
  uint32_t *digits = pool_take(pool, (left->count + 2) * sizeof *digits);
  quotient->digits = pool_take(pool, places * sizeof *digits);
  if (digits == NULL || quotient->digits == NULL)
    return "takes more memory than there is";
  pool->steps += (uint64_t)places * count;
  if (pool->steps > STEP_LIMIT) return "takes too long to compute";
  memcpy(digits, rest.digits, rest.count * sizeof *digits);
  for (size_t i = places; i-- > 0;)
    quotient->digits[i] = next_digit(digits, i, divisor.digits, count);
  quotient->count = places;
  while (quotient->count > 0 && quotient->digits[quotient->count - 1] == 0)
    quotient->count--;
  difference = (struct integer){false, digits, count};
  while (difference.count > 0 && digits[difference.count - 1] == 0)
    difference.count--;
  return integer_shift(pool, &difference, &bits, false, remainder);
}

static const char *divide_short(struct pool *pool, const struct integer *left,
                                uint32_t divisor, struct integer *quotient,
                                struct integer *remainder) {
  uint64_t rest = 0;
  quotient->digits = pool_take(pool, (left->count + 1) * sizeof(uint32_t));
  if (quotient->digits == NULL) return "takes more memory than there is";
  for (size_t i = left->count; i-- > 0;) {
    rest = rest << INTEGER_SHIFT | left->digits[i];
    quotient->digits[i] = (uint32_t)(rest / divisor);
    rest %= divisor;
  }
  quotient->count = left->count;
  while (quotient->count > 0 && quotient->digits[quotient->count - 1] == 0)
    quotient->count--;
  return integer_of(pool, (uint32_t)rest, remainder);
}

const char *integer_divide(struct pool *pool, const struct integer *left,
                           const struct integer *right,
                           struct integer *quotient,
                           struct integer *remainder) {
  struct integer towards_zero = {0}, rest = {0}, one;
  struct integer dividend = {false, left->digits, left->count};
  struct integer divisor = {false, right->digits, right->count};
  const char *why = integer_of(pool, 1, &one);
  if (divisor.count == 0) return "is divided by zero";
  if (why == NULL && dividend.count < divisor.count)
    rest = dividend;
  else if (why == NULL && divisor.count == 1)
    why =
        divide_short(pool, &dividend, divisor.digits[0], &towards_zero, &rest);
  else if (why == NULL)
    why = divide_long(pool, &dividend, &divisor, &towards_zero, &rest);
  bool opposite = left->negative != right->negative;
  if (why == NULL && opposite && rest.count > 0) {
    why = integer_add(pool, &towards_zero, &one, &towards_zero);
    if (why == NULL) why = integer_subtract(pool, &divisor, &rest, &rest);
  }
  towards_zero.negative = opposite && towards_zero.count > 0;
  rest.negative = right->negative && rest.count > 0;
  if (quotient != NULL) *quotient = towards_zero;
  if (remainder != NULL) *remainder = rest;
  return why;
}
