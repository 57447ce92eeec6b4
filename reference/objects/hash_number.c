/* The hash of a number: its value modulo the Mersenne prime 2^61 - 1, with its
 * sign, whatever type it has; so numbers that are equal have equal hashes
 * (SPEC.md, HASH). Two to the 61 is one, so a multiplication by a power of two
 * is a rotation of 61 bits. */
#include "reference/objects/hash.h"
#include "reference/objects/int.h"
#include "reference/objects/object.h"

enum {
  PRIME_BITS = 61,
  INFINITE = 314159,
  WORD_BITS = 64,
  /* of a double */
  FRACTION_BITS = 52,
  EXPONENT_MASK = 0x7ff,
  EXPONENT_BIAS = 1075 /* of the whole fraction's lowest bit */
};

static const uint64_t prime = (UINT64_C(1) << PRIME_BITS) - 1;

/* x * 2^bits, for x below the prime and bits from 0 to 60. */
static uint64_t rotate(const struct pp_interpreter *interpreter, uint64_t x,
                       unsigned bits) {
  PP_REQUIRE(interpreter->witness, HASH_02, x < prime);
  PP_REQUIRE(interpreter->witness, HASH_02, bits < PRIME_BITS);
  uint64_t high = bits == 0 ? 0 : x >> (PRIME_BITS - bits);
  uint64_t low = x << bits & prime;
  PP_ENSURE(interpreter->witness, HASH_02, (low & high) == 0);
  return low | high;
}

static int64_t with_sign(const struct pp_interpreter *interpreter,
                         uint64_t residue, bool negative) {
  PP_REQUIRE(interpreter->witness, HASH_02, residue < prime);
  int64_t hash = negative ? -(int64_t)residue : (int64_t)residue;
  if (residue > 0)
    PP_ENSURE(interpreter->witness, HASH_02, (hash < 0) == negative);
  return hash == -1 ? -2 : hash;
}

/* The same from the lowest digit on. */
static uint64_t residue_anew(const struct pp_interpreter *interpreter,
                             const struct pp_object *object) {
  const uint64_t largest = UINT64_MAX >> (WORD_BITS - PRIME_BITS);
  uint64_t sum = 0;
  for (size_t i = 0; i < pp_int_count(interpreter, object); i++) {
    unsigned bits = (unsigned)(i * PP_INT_SHIFT % PRIME_BITS);
    sum += rotate(interpreter, pp_int_digit(interpreter, object, i), bits);
    if (sum >= largest) sum -= largest;
  }
  return sum;
}

int64_t pp_hash_int(const struct pp_interpreter *interpreter,
                    const struct pp_object *object) {
  uint64_t residue = 0;
  for (size_t i = pp_int_count(interpreter, object); i-- > 0;) {
    residue = rotate(interpreter, residue, PP_INT_SHIFT) +
              pp_int_digit(interpreter, object, i);
    if (residue >= prime) residue -= prime;
  }
  PP_ENSURE_SLOWLY(interpreter->witness, HASH_02,
                   residue == residue_anew(interpreter, object));
  int64_t hash =
      with_sign(interpreter, residue, pp_int_is_negative(interpreter, object));
  PP_ENSURE(interpreter->witness, HASH_01, hash != -1);
  return hash;
}

struct pp_number pp_number_of(const struct pp_interpreter *interpreter,
                              double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  struct pp_number number = {.negative = bits >> (WORD_BITS - 1) != 0};
  int exponent = (int)(bits >> FRACTION_BITS & EXPONENT_MASK);
  number.magnitude = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
  number.finite = exponent != EXPONENT_MASK;
  number.nan = !number.finite && number.magnitude != 0;
  if (exponent == 0)
    exponent = 1; /* subnormal, or zero */
  else
    number.magnitude |= UINT64_C(1) << FRACTION_BITS;
  number.exponent = exponent - EXPONENT_BIAS;
  PP_ENSURE(interpreter->witness, HASH_02,
            number.magnitude >> PP_DOUBLE_BITS == 0);
  if (value < 0) PP_ENSURE(interpreter->witness, HASH_02, number.negative);
  if (value > 0) PP_ENSURE(interpreter->witness, HASH_02, !number.negative);
  bool ordered = value <= 0 || value >= 0;
  PP_ENSURE(interpreter->witness, HASH_02, number.nan == !ordered);
  return number;
}

bool pp_hash_double(const struct pp_interpreter *interpreter, double value,
                    int64_t *hash) {
  struct pp_number number = pp_number_of(interpreter, value);
  if (number.nan) return false;
  if (!number.finite) {
    *hash = number.negative ? -INFINITE : INFINITE;
    return true;
  }
  int shift = number.exponent % PRIME_BITS;
  if (shift < 0) shift += PRIME_BITS;
  PP_ENSURE(interpreter->witness, HASH_02,
            (number.exponent - shift) % PRIME_BITS == 0);
  uint64_t residue = rotate(interpreter, number.magnitude, (unsigned)shift);
  *hash = with_sign(interpreter, residue, number.negative);
  PP_ENSURE(interpreter->witness, HASH_01, *hash != -1);
  return true;
}

/* ---- an int and a double ---- */

/* Bit number `bit` of the magnitude of an int. */
static bool int_bit(const struct pp_interpreter *interpreter,
                    const struct pp_object *object, size_t bit) {
  size_t digit = bit / PP_INT_SHIFT;
  if (digit >= pp_int_count(interpreter, object)) return false;
  return (pp_int_digit(interpreter, object, digit) >> bit % PP_INT_SHIFT & 1) !=
         0;
}

size_t pp_int_bits(const struct pp_interpreter *interpreter,
                   const struct pp_object *object) {
  size_t bits = pp_int_count(interpreter, object) * PP_INT_SHIFT;
  size_t least = bits == 0 ? 0 : bits - PP_INT_SHIFT + 1;
  while (bits > 0 && !int_bit(interpreter, object, bits - 1))
    bits--;
  PP_ENSURE(interpreter->witness, INT_03, bits >= least);
  return bits;
}

bool pp_int_equals_double(const struct pp_interpreter *interpreter,
                          const struct pp_object *object, double value) {
  struct pp_number number = pp_number_of(interpreter, value);
  size_t bits = pp_int_count(interpreter, object) * PP_INT_SHIFT;
  if (!number.finite) return false;
  if (number.magnitude == 0) return bits == 0;
  if (pp_int_is_negative(interpreter, object) != number.negative) return false;
  while (number.exponent < 0) {
    if ((number.magnitude & 1) != 0) return false; /* a fraction */
    number.magnitude >>= 1;
    number.exponent++;
  }
  size_t shift = (size_t)number.exponent;
  PP_ENSURE(interpreter->witness, HASH_05, number.magnitude > 0);
  for (size_t bit = 0; bit < bits; bit++) {
    bool expected = bit >= shift && bit - shift < WORD_BITS &&
                    (number.magnitude >> (bit - shift) & 1) != 0;
    if (int_bit(interpreter, object, bit) != expected) return false;
  }
  /* Nor has the double bits above those of the int. */
  if (bits <= shift) return false;
  return bits - shift >= WORD_BITS || number.magnitude >> (bits - shift) == 0;
}

/* ---- an int as a double ---- */

enum { LARGEST_BITS = 1024 /* of a double */ };

bool pp_int_as_double(const struct pp_interpreter *interpreter,
                      const struct pp_object *object, double *value) {
  enum pp_type_id type = pp_type_of(interpreter, object)->id;
  if (type != PP_TYPE_INT) {
    if (type != PP_TYPE_BOOL) return false;
  }
  size_t bits = pp_int_bits(interpreter, object);
  if (bits > LARGEST_BITS) return false;
  size_t dropped = bits > PP_DOUBLE_BITS ? bits - PP_DOUBLE_BITS : 0;
  uint64_t kept = 0;
  for (size_t bit = bits; bit-- > dropped;)
    kept = kept << 1 | int_bit(interpreter, object, bit);
  /* To the nearest; half way, to the even one. */
  if (dropped > 0 && int_bit(interpreter, object, dropped - 1)) {
    bool more = (kept & 1) != 0;
    for (size_t bit = 0; bit + 1 < dropped; bit++)
      more = more || int_bit(interpreter, object, bit);
    if (more) kept++;
  }
  *value = (double)kept;
  if (bits > 0)
    PP_ENSURE(interpreter->witness, INT_03, kept >> (bits - dropped - 1) != 0);
  PP_ENSURE(interpreter->witness, HASH_02,
            kept <= UINT64_C(1) << PP_DOUBLE_BITS);
  if (bits == LARGEST_BITS && kept >> PP_DOUBLE_BITS != 0) return false;
  for (; dropped > 0; dropped--)
    *value *= 2;
  if (pp_int_is_negative(interpreter, object)) *value = -*value;
  if (bits <= PP_DOUBLE_BITS)
    PP_ENSURE_SLOWLY(interpreter->witness, HASH_05,
                     pp_int_equals_double(interpreter, object, *value));
  return true;
}
