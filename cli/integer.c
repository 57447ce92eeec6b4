/* Arithmetic with integers of any length, by the methods taught at school:
 * literals are short, and the work is counted. */
#include "cli/integer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char too_large[] = "takes more than 1 MiB";
static const char too_much[] = "takes too long to compute";
static const char no_memory[] = "takes more memory than there is";

/* ---- the pool ---- */

struct pool_chunk {
  struct pool_chunk *next;
  size_t left; /* bytes at the end */
  uint64_t bytes[];
};

enum { CHUNK = 1 << 16, ALIGNMENT = sizeof(uint64_t) };

void *pool_take(struct pool *pool, size_t size) {
  if (size > POOL_LIMIT - pool->used) return NULL;
  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  struct pool_chunk *chunk = pool->chunks;
  if (chunk == NULL || chunk->left < size) {
    size_t room = size > CHUNK ? size : CHUNK;
    chunk = calloc(1, sizeof *chunk + room);
    if (chunk == NULL) return NULL;
    *chunk = (struct pool_chunk){pool->chunks, room};
    pool->chunks = chunk;
  }
  chunk->left -= size;
  pool->used += size;
  return (char *)chunk->bytes + chunk->left;
}

void pool_free(struct pool *pool) {
  while (pool->chunks != NULL) {
    struct pool_chunk *next = pool->chunks->next;
    free(pool->chunks);
    pool->chunks = next;
  }
  *pool = (struct pool){0};
}

/* Room for a result of so many digits, each of so many steps. */
static const char *begin(struct pool *pool, size_t count, size_t steps,
                         struct integer *result) {
  if (count * sizeof(uint32_t) > INTEGER_LIMIT + 2 * sizeof(uint32_t))
    return too_large;
  pool->steps += (uint64_t)count * (steps + 1);
  if (pool->steps > STEP_LIMIT) return too_much;
  result->negative = false;
  result->count = count;
  result->digits = pool_take(pool, (count + 1) * sizeof(uint32_t));
  return result->digits == NULL ? no_memory : NULL;
}

static const char *finish(struct integer *result, bool negative) {
  while (result->count > 0 && result->digits[result->count - 1] == 0)
    result->count--;
  result->negative = negative && result->count > 0;
  bool fits = result->count * sizeof(uint32_t) <= INTEGER_LIMIT;
  return fits ? NULL : too_large;
}

/* ---- magnitudes ---- */

static int compare(const struct integer *left, const struct integer *right) {
  if (left->count != right->count) return left->count < right->count ? -1 : 1;
  for (size_t i = left->count; i-- > 0;)
    if (left->digits[i] != right->digits[i])
      return left->digits[i] < right->digits[i] ? -1 : 1;
  return 0;
}

static uint32_t digit_at(const struct integer *value, size_t index) {
  return index < value->count ? value->digits[index] : 0;
}

static const char *add(struct pool *pool, const struct integer *left,
                       const struct integer *right, bool negative,
                       struct integer *result) {
  struct integer sum;
  size_t count = left->count > right->count ? left->count : right->count;
  const char *why = begin(pool, count + 1, 1, &sum);
  if (why != NULL) return why;
  uint32_t carry = 0;
  for (size_t i = 0; i <= count; i++) {
    carry += digit_at(left, i) + digit_at(right, i);
    sum.digits[i] = carry & INTEGER_MASK;
    carry >>= INTEGER_SHIFT;
  }
  *result = sum;
  return finish(result, negative);
}

/* The left one is not less than the right one. */
static const char *subtract(struct pool *pool, const struct integer *left,
                            const struct integer *right, bool negative,
                            struct integer *result) {
  struct integer difference;
  const char *why = begin(pool, left->count, 1, &difference);
  if (why != NULL) return why;
  uint32_t borrow = 0;
  for (size_t i = 0; i < left->count; i++) {
    uint32_t digit = left->digits[i] - digit_at(right, i) - borrow;
    difference.digits[i] = digit & INTEGER_MASK;
    borrow = digit >> INTEGER_SHIFT & 1;
  }
  *result = difference;
  return finish(result, negative);
}

static const char *combine(struct pool *pool, const struct integer *left,
                           const struct integer *right, bool right_negative,
                           struct integer *result) {
  if (left->negative == right_negative)
    return add(pool, left, right, left->negative, result);
  if (compare(left, right) >= 0)
    return subtract(pool, left, right, left->negative, result);
  return subtract(pool, right, left, right_negative, result);
}

/* ---- the operations ---- */

const char *integer_of(struct pool *pool, uint32_t value,
                       struct integer *result) {
  const char *why = begin(pool, 2, 1, result);
  if (why != NULL) return why;
  result->digits[0] = value & INTEGER_MASK;
  result->digits[1] = value >> INTEGER_SHIFT;
  return finish(result, false);
}

/* The room doubles, so that a numeral of any length takes twice its size. */
static const char *widen(struct pool *pool, struct integer *value) {
  struct integer wide;
  bool full = (value->count & (value->count - 1)) == 0;
  if (!full) return NULL;
  const char *why = begin(pool, 2 * value->count + 2, 0, &wide);
  if (why != NULL) return why;
  if (value->count > 0)
    memcpy(wide.digits, value->digits, value->count * sizeof *wide.digits);
  value->digits = wide.digits;
  return NULL;
}

const char *integer_extend(struct pool *pool, struct integer *value,
                           uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  pool->steps += value->count + 1;
  if (pool->steps > STEP_LIMIT) return too_much;
  for (size_t i = 0; i < value->count; i++) {
    carry += (uint64_t)value->digits[i] * factor;
    value->digits[i] = (uint32_t)(carry & INTEGER_MASK);
    carry >>= INTEGER_SHIFT;
  }
  while (carry > 0) {
    const char *why = widen(pool, value);
    if (why != NULL) return why;
    value->digits[value->count++] = (uint32_t)(carry & INTEGER_MASK);
    carry >>= INTEGER_SHIFT;
  }
  return value->count * sizeof(uint32_t) <= INTEGER_LIMIT ? NULL : too_large;
}

const char *integer_add(struct pool *pool, const struct integer *left,
                        const struct integer *right, struct integer *result) {
  return combine(pool, left, right, right->negative, result);
}

const char *integer_subtract(struct pool *pool, const struct integer *left,
                             const struct integer *right,
                             struct integer *result) {
  return combine(pool, left, right, !right->negative, result);
}

const char *integer_multiply(struct pool *pool, const struct integer *left,
                             const struct integer *right,
                             struct integer *result) {
  struct integer product;
  bool negative = left->negative != right->negative;
  size_t count = left->count + right->count;
  size_t steps = left->count < right->count ? left->count : right->count;
  const char *why = begin(pool, count, steps, &product);
  if (why != NULL) return why;
  for (size_t i = 0; i < left->count; i++) {
    uint64_t carry = 0;
    for (size_t k = 0; k < right->count; k++) {
      carry += product.digits[i + k];
      carry += (uint64_t)left->digits[i] * right->digits[k];
      product.digits[i + k] = (uint32_t)(carry & INTEGER_MASK);
      carry >>= INTEGER_SHIFT;
    }
    product.digits[i + right->count] = (uint32_t)carry;
  }
  *result = product;
  return finish(result, negative);
}

/* ---- shifts ---- */

static const char *shift_up(struct pool *pool, const struct integer *value,
                            uint64_t bits, struct integer *result) {
  struct integer shifted;
  if (value->count == 0) return integer_of(pool, 0, result);
  if (bits > INTEGER_LIMIT * 8) return too_large;
  size_t whole = (size_t)bits / INTEGER_SHIFT;
  unsigned part = (unsigned)(bits % INTEGER_SHIFT);
  const char *why = begin(pool, value->count + whole + 1, 1, &shifted);
  if (why != NULL) return why;
  uint64_t carry = 0;
  for (size_t i = 0; i <= value->count; i++) {
    carry |= (uint64_t)digit_at(value, i) << part;
    shifted.digits[i + whole] = (uint32_t)(carry & INTEGER_MASK);
    carry >>= INTEGER_SHIFT;
  }
  bool negative = value->negative;
  *result = shifted;
  return finish(result, negative);
}

/* Towards zero; what falls out is told. */
static const char *shift_down(struct pool *pool, const struct integer *value,
                              uint64_t bits, bool *lost,
                              struct integer *result) {
  struct integer shifted;
  size_t whole = value->count;
  unsigned part = (unsigned)(bits % INTEGER_SHIFT);
  if (bits / INTEGER_SHIFT < whole) whole = (size_t)(bits / INTEGER_SHIFT);
  const char *why = begin(pool, value->count - whole, 1, &shifted);
  if (why != NULL) return why;
  *lost = (digit_at(value, whole) & ((UINT32_C(1) << part) - 1)) != 0;
  for (size_t i = 0; i < whole; i++)
    *lost = *lost || value->digits[i] != 0;
  for (size_t i = 0; i < shifted.count; i++) {
    uint64_t both = (uint64_t)digit_at(value, i + whole + 1) << INTEGER_SHIFT |
                    digit_at(value, i + whole);
    shifted.digits[i] = (uint32_t)(both >> part & INTEGER_MASK);
  }
  bool negative = value->negative;
  *result = shifted;
  return finish(result, negative);
}

const char *integer_shift(struct pool *pool, const struct integer *value,
                          const struct integer *bits, bool up,
                          struct integer *result) {
  int64_t count;
  bool lost, negative = value->negative;
  if (bits->negative) return "is shifted by less than nothing";
  bool huge = !integer_small(bits, INT64_MAX, &count);
  if (huge && up && value->count > 0) return too_large;
  if (huge) count = INT64_MAX;
  if (up) return shift_up(pool, value, (uint64_t)count, result);
  const char *why = shift_down(pool, value, (uint64_t)count, &lost, result);
  if (why != NULL || !negative || !lost) return why;
  struct integer one;
  why = integer_of(pool, 1, &one);
  if (why != NULL) return why;
  return add(pool, result, &one, true, result);
}

/* ---- powers ---- */

static bool is_power_of_two(const struct integer *value) {
  if (value->count == 0) return false;
  uint32_t high = value->digits[value->count - 1];
  if ((high & (high - 1)) != 0) return false;
  for (size_t i = 0; i + 1 < value->count; i++)
    if (value->digits[i] != 0) return false;
  return true;
}

/* By squaring, from the highest bit of the exponent down. */
static const char *raise(struct pool *pool, const struct integer *base,
                         uint64_t exponent, struct integer *result) {
  const char *why = integer_of(pool, 1, result);
  for (unsigned bit = 64; why == NULL && bit-- > 0;) {
    if (exponent >> bit == 0) continue;
    if (result->count > 1 || digit_at(result, 0) > 1)
      why = integer_multiply(pool, result, result, result);
    if (why == NULL && (exponent >> bit & 1) != 0)
      why = integer_multiply(pool, result, base, result);
  }
  return why;
}

const char *integer_power(struct pool *pool, const struct integer *base,
                          const struct integer *exponent,
                          struct integer *result) {
  int64_t times;
  const struct integer copy = *base; /* the result may be the base */
  base = &copy;
  if (exponent->negative) return "has an exponent below zero, and is no int";
  bool huge = !integer_small(exponent, INT64_MAX, &times);
  bool trivial = base->count == 0 || (base->count == 1 && base->digits[0] == 1);
  if (huge && !trivial) return too_large;
  if (trivial) {
    bool odd = (digit_at(exponent, 0) & 1) != 0;
    bool zero = base->count == 0 && exponent->count > 0;
    bool negative = base->negative && odd;
    const char *why = integer_of(pool, zero ? 0 : 1, result);
    result->negative = negative;
    return why;
  }
  size_t bits = integer_bits(base) - 1;
  if ((uint64_t)times > INTEGER_LIMIT * 8 / (bits > 0 ? bits : 1))
    return too_large;
  if (!is_power_of_two(base)) return raise(pool, base, (uint64_t)times, result);
  struct integer one;
  bool negative = base->negative && (times & 1) != 0;
  const char *why = integer_of(pool, 1, &one);
  if (why == NULL) why = shift_up(pool, &one, bits * (uint64_t)times, result);
  if (why == NULL) result->negative = negative;
  return why;
}

/* ---- looking ---- */

size_t integer_bits(const struct integer *value) {
  if (value->count == 0) return 0;
  size_t bits = (value->count - 1) * INTEGER_SHIFT;
  for (uint32_t high = value->digits[value->count - 1]; high != 0; high >>= 1)
    bits++;
  return bits;
}

bool integer_small(const struct integer *value, uint64_t limit,
                   int64_t *result) {
  uint64_t magnitude = 0;
  if (integer_bits(value) > 63) return false;
  for (size_t i = value->count; i-- > 0;)
    magnitude = magnitude << INTEGER_SHIFT | value->digits[i];
  if (magnitude > limit) return false;
  *result = value->negative ? -(int64_t)magnitude : (int64_t)magnitude;
  return true;
}

/* The highest 64 bits, the last of which stands for all that follow, and so
 * decides where they are just between two doubles. */
double integer_double(const struct integer *value) {
  size_t bits = integer_bits(value);
  uint64_t high = 0;
  bool more = false;
  size_t low = bits > 64 ? bits - 64 : 0;
  for (size_t i = bits; i-- > 0;) {
    bool one = (value->digits[i / INTEGER_SHIFT] >> i % INTEGER_SHIFT & 1) != 0;
    if (i >= low)
      high = high << 1 | one;
    else
      more = more || one;
  }
  double result =
      ldexp((double)(high | more), (int)(low > 100000 ? 100000 : low));
  return value->negative ? -result : result;
}
