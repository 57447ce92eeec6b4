/* Equality of what can be a key (SPEC.md, HASH): numbers by their value,
 * whatever type they have; text by its units; tuples by their items. Numbers of
 * different types are compared by way of others, which take memory. */
#include "reference/objects/bytes.h"
#include "reference/objects/float.h"
#include "reference/objects/hash.h"
#include "reference/objects/int.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"
#include "reference/objects/tuple.h"

/* A number as what it is compared by: an int, or one or two doubles. */
struct value {
  const struct pp_object *integer; /* or NULL */
  double real, imaginary;
  bool is_complex;
};

/* False: it is not a number. */
static bool value_of(const struct pp_interpreter *interpreter,
                     const struct pp_object *object, struct value *value) {
  *value = (struct value){NULL, 0, 0, false};
  switch (pp_type_of(interpreter, object)->id) {
  case PP_TYPE_BOOL:
  case PP_TYPE_INT: value->integer = object; return true;
  case PP_TYPE_FLOAT:
    value->real = pp_double_at(interpreter, object, PP_FIELD_FLOAT_VALUE);
    return true;
  case PP_TYPE_COMPLEX:
    value->real = pp_double_at(interpreter, object, PP_FIELD_COMPLEX_REAL);
    value->imaginary = pp_double_at(interpreter, object, PP_FIELD_COMPLEX_IMAG);
    value->is_complex = true;
    return true;
  default: return false;
  }
}

static bool same_double(double left, double right) {
  return left <= right && left >= right; /* not so for what is no number */
}

static bool same_int(const struct pp_interpreter *interpreter,
                     const struct pp_object *left,
                     const struct pp_object *right) {
  size_t count = pp_int_count(interpreter, left);
  if (count != pp_int_count(interpreter, right)) return false;
  if (pp_int_is_negative(interpreter, left) !=
      pp_int_is_negative(interpreter, right))
    return false;
  for (size_t i = 0; i < count; i++) {
    if (pp_int_digit(interpreter, left, i) !=
        pp_int_digit(interpreter, right, i))
      return false;
  }
  return true;
}

/* ---- an int and a double, by way of others ---- */

enum {
  EXACT_BITS = 48, /* an int of so many is compared as a double */
  DIGITS_MAX = 35  /* of a double */
};

/* The whole number that a double is, from its bit 0 on. */
static struct pp_object *int_of(struct pp_interpreter *interpreter,
                                struct pp_number number) {
  uint32_t digits[DIGITS_MAX] = {0};
  PP_REQUIRE(interpreter->witness, INT_01, number.finite);
  for (int bit = number.exponent < 0 ? -number.exponent : 0;
       number.magnitude >> bit != 0; bit++) {
    size_t at = (size_t)(bit + number.exponent);
    uint32_t one = (uint32_t)(number.magnitude >> bit & 1);
    PP_REQUIRE(interpreter->witness, INT_01, at / PP_INT_SHIFT < DIGITS_MAX);
    digits[at / PP_INT_SHIFT] |= one << at % PP_INT_SHIFT;
  }
  return pp_int_new(interpreter, false, digits, DIGITS_MAX);
}

static struct pp_object *without_sign(struct pp_interpreter *interpreter,
                                      const struct pp_object *integer) {
  const void *digits = pp_field_at(interpreter, integer, PP_FIELD_INT_DIGITS);
  size_t count = pp_int_count(interpreter, integer);
  struct pp_object *object = pp_int_new(interpreter, false, digits, count);
  if (object == NULL) return NULL;
  PP_ENSURE(interpreter->witness, INT_01,
            !pp_int_is_negative(interpreter, object));
  PP_ENSURE(interpreter->witness, INT_03,
            pp_int_count(interpreter, object) == count);
  return object;
}

/* Two large ones of the same sign and as many bits are compared as ints, made
 * for it: the one without its sign, the other of the double. */
static void make_both(struct pp_interpreter *interpreter,
                      const struct pp_object *integer, double value) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_number number = pp_number_of(interpreter, value);
  size_t bits = pp_int_bits(interpreter, integer);
  bool negative = pp_int_is_negative(interpreter, integer);
  if (bits <= EXACT_BITS) return;
  if (!number.finite) return;
  if (number.negative != negative) return;
  if (number.exponent + PP_DOUBLE_BITS != (int)bits) return;
  struct pp_object *other =
      negative ? without_sign(interpreter, integer) : NULL;
  struct pp_object *whole = int_of(interpreter, number);
  if (other != NULL)
    PP_ENSURE(witness, INT_02, pp_int_bits(interpreter, other) == bits);
  if (whole != NULL)
    PP_ENSURE(witness, INT_02, pp_int_bits(interpreter, whole) == bits);
  if (whole != NULL) pp_decref(interpreter, whole);
  if (other != NULL) pp_decref(interpreter, other);
}

static bool same_mixed(struct pp_interpreter *interpreter,
                       const struct value *integer, const struct value *other) {
  struct pp_object *real = NULL;
  PP_REQUIRE(interpreter->witness, INT_01, integer->integer != NULL);
  PP_REQUIRE(interpreter->witness, INT_01, other->integer == NULL);
  /* A complex number is compared to an int by its real part, as a float. */
  if (other->is_complex) real = pp_float_new(interpreter, other->real);
  make_both(interpreter, integer->integer, other->real);
  if (real != NULL) {
    PP_ENSURE(interpreter->witness, REF_01, pp_word_read(real->bytes) == 1);
    pp_decref(interpreter, real);
  }
  return pp_int_equals_double(interpreter, integer->integer, other->real);
}

static bool same_number(struct pp_interpreter *interpreter,
                        const struct value *left, const struct value *right) {
  if (left->is_complex)
    PP_REQUIRE(interpreter->witness, INT_01, left->integer == NULL);
  if (right->is_complex)
    PP_REQUIRE(interpreter->witness, INT_01, right->integer == NULL);
  if (!same_double(left->imaginary, right->imaginary)) return false;
  if (left->integer == NULL) {
    if (right->integer == NULL) return same_double(left->real, right->real);
    return same_mixed(interpreter, right, left);
  }
  if (right->integer == NULL) return same_mixed(interpreter, left, right);
  return same_int(interpreter, left->integer, right->integer);
}

/* Depth is that of tuples, at most PP_NESTING_MAX. */
static bool equal_within(struct pp_interpreter *interpreter,
                         const struct pp_object *left,
                         const struct pp_object *right, unsigned depth);

static bool same_tuple(struct pp_interpreter *interpreter,
                       const struct pp_object *left,
                       const struct pp_object *right, unsigned depth) {
  size_t length = pp_tuple_length(interpreter, left);
  PP_REQUIRE(interpreter->witness, HASH_04, depth <= PP_NESTING_MAX);
  if (depth == PP_NESTING_MAX) return false;
  if (length != pp_tuple_length(interpreter, right)) return false;
  for (size_t i = 0; i < length; i++) {
    const struct pp_object *item = pp_tuple_get(interpreter, left, i);
    const struct pp_object *other = pp_tuple_get(interpreter, right, i);
    PP_REQUIRE(interpreter->witness, TUPLE_01, item != NULL);
    PP_REQUIRE(interpreter->witness, TUPLE_01, other != NULL);
    if (!equal_within(interpreter, item, other, depth + 1)) return false;
  }
  return true;
}

static bool same_bytes(const struct pp_interpreter *interpreter,
                       const struct pp_object *left,
                       const struct pp_object *right) {
  size_t length = pp_bytes_length(interpreter, left);
  if (length != pp_bytes_length(interpreter, right)) return false;
  return memcmp(pp_bytes_data(interpreter, left),
                pp_bytes_data(interpreter, right), length) == 0;
}

static bool equal_within(struct pp_interpreter *interpreter,
                         const struct pp_object *left,
                         const struct pp_object *right, unsigned depth) {
  struct value number, other;
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(left) != NULL);
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(right) != NULL);
  if (left == right) return true;
  if (value_of(interpreter, left, &number)) {
    if (!value_of(interpreter, right, &other)) return false;
    return same_number(interpreter, &number, &other);
  }
  enum pp_type_id type = pp_type_of(interpreter, left)->id;
  if (!pp_is(interpreter, right, type)) return false;
  switch (type) {
  case PP_TYPE_STR: return pp_str_equal(interpreter, left, right);
  case PP_TYPE_BYTES: return same_bytes(interpreter, left, right);
  case PP_TYPE_TUPLE: return same_tuple(interpreter, left, right, depth);
  default: return false;
  }
}

bool pp_object_equal(struct pp_interpreter *interpreter,
                     const struct pp_object *left,
                     const struct pp_object *right) {
  PP_CHECK(PP_MARK_HEAP, interpreter->witness,
           pp_object_check(interpreter, left));
  PP_CHECK(PP_MARK_HEAP, interpreter->witness,
           pp_object_check(interpreter, right));
  bool equal = equal_within(interpreter, left, right, 0);
  if (left == right) PP_ENSURE(interpreter->witness, HASH_05, equal);
  if (equal && PP_LEVEL_NUMBER >= PP_MARK_OBJECT) {
    int64_t hash = 0, other = 0;
    bool hashed = pp_object_hash_anew(interpreter, left, &hash);
    bool other_hashed = pp_object_hash_anew(interpreter, right, &other);
    PP_ENSURE_SLOWLY(interpreter->witness, HASH_05, hashed == other_hashed);
    if (hashed) PP_ENSURE_SLOWLY(interpreter->witness, HASH_05, hash == other);
  }
  return equal;
}
