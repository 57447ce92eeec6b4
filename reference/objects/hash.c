/* The hash of an object, and whether two are equal (SPEC.md, HASH). What holds
 * text keeps its hash; what is nobody's equal has the hash of its address; what
 * can change has none. */
#include "reference/objects/hash.h"

#include "reference/objects/bytes.h"
#include "reference/objects/float.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"
#include "reference/objects/tuple.h"

#define IMAGINARY UINT64_C(1000003)
enum { WORD_BITS = 64, ALIGNED_BITS = 4 };

static int64_t proper(uint64_t hash) {
  return hash == UINT64_MAX ? -2 : (int64_t)hash;
}

/* Blocks are aligned to sixteen bytes: the low four bits say nothing. */
static int64_t hash_address(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  uint64_t address = (uintptr_t)object;
  if (!pp_is_static(interpreter, object))
    PP_REQUIRE(interpreter->witness, OBJ_06,
               address % PP_OBJECT_ALIGNMENT == 0);
  return proper(address >> ALIGNED_BITS | address
                                              << (WORD_BITS - ALIGNED_BITS));
}

/* ---- numbers ---- */

/* What is not a number has the hash 0, or since 3.10 that of its address. */
static int64_t hash_real(const struct pp_interpreter *interpreter,
                         const struct pp_object *object, double value) {
  int64_t hash = 0;
  if (!pp_hash_double(interpreter, value, &hash)) {
    if (interpreter->rules->nan_hash_of_address)
      hash = hash_address(interpreter, object);
  }
  PP_ENSURE(interpreter->witness, HASH_01, hash != -1);
  if (value > INT32_MIN && value < INT32_MAX) {
    int64_t whole = (int64_t)value; /* as an int has it */
    if ((double)whole == value)
      PP_ENSURE(interpreter->witness, HASH_05, hash == proper((uint64_t)whole));
  }
  return hash;
}

static int64_t hash_complex(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  double real = pp_double_at(interpreter, object, PP_FIELD_COMPLEX_REAL);
  double imaginary = pp_double_at(interpreter, object, PP_FIELD_COMPLEX_IMAG);
  uint64_t hash = (uint64_t)hash_real(interpreter, object, real);
  uint64_t other = (uint64_t)hash_real(interpreter, object, imaginary);
  int64_t whole = proper(hash + IMAGINARY * other);
  /* It may be equal to a real number. */
  if (other == 0)
    PP_ENSURE(interpreter->witness, HASH_02, whole == (int64_t)hash);
  PP_ENSURE(interpreter->witness, HASH_01, whole != -1);
  return whole;
}

static int64_t hash_none(const struct pp_interpreter *interpreter,
                         const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, OBJ_07,
             object == (const void *)&interpreter->shared.none);
  if (interpreter->rules->none_hash == 0)
    return hash_address(interpreter, object);
  return interpreter->rules->none_hash;
}

/* ---- tuples ---- */

/* Up to 3.7 a product for each item, whose factor changes by the items that
 * are left; since 3.8 the rounds of xxHash. */
struct joined {
  uint64_t hash, factor;
};

#define PRODUCT_BEGIN UINT64_C(0x345678)
#define PRODUCT_STEP UINT64_C(82520)
#define PRODUCT_END UINT64_C(97531)
#define XX_PRIME_1 UINT64_C(11400714785074694791)
#define XX_PRIME_2 UINT64_C(14029467366897019727)
#define XX_PRIME_5 UINT64_C(2870177450012600261)
#define XX_END UINT64_C(3527539)
#define XX_INSTEAD INT64_C(1546275796) /* of -1 */
enum { XX_ROTATION = 31 };

static void join(const struct pp_interpreter *interpreter,
                 struct joined *joined, int64_t hash, size_t left) {
  PP_REQUIRE(interpreter->witness, HASH_01, hash != -1);
  if (!interpreter->rules->tuple_hash_xx) {
    joined->hash = (joined->hash ^ (uint64_t)hash) * joined->factor;
    joined->factor += PRODUCT_STEP + 2 * left;
    return;
  }
  PP_ENSURE(interpreter->witness, HASH_04, joined->factor == IMAGINARY);
  joined->hash += (uint64_t)hash * XX_PRIME_2;
  joined->hash =
      joined->hash << XX_ROTATION | joined->hash >> (WORD_BITS - XX_ROTATION);
  joined->hash *= XX_PRIME_1;
}

static int64_t join_end(const struct pp_interpreter *interpreter,
                        const struct joined *joined, size_t length) {
  if (!interpreter->rules->tuple_hash_xx) {
    /* The steps of the factor, summed up. */
    PP_ENSURE(interpreter->witness, HASH_04,
              joined->factor ==
                  IMAGINARY + length * (PRODUCT_STEP + length - 1));
    return proper(joined->hash + PRODUCT_END);
  }
  uint64_t hash = joined->hash + (length ^ (XX_PRIME_5 ^ XX_END));
  return hash == UINT64_MAX ? XX_INSTEAD : (int64_t)hash;
}

static bool hash_within(const struct pp_interpreter *interpreter,
                        const struct pp_object *object, unsigned depth,
                        int64_t *hash);

static bool hash_tuple(const struct pp_interpreter *interpreter,
                       const struct pp_object *tuple, unsigned depth,
                       int64_t *hash) {
  size_t length = pp_tuple_length(interpreter, tuple);
  struct joined joined = {PRODUCT_BEGIN, IMAGINARY};
  PP_REQUIRE(interpreter->witness, HASH_04, depth <= PP_NESTING_MAX);
  if (interpreter->rules->tuple_hash_xx) joined.hash = XX_PRIME_5;
  if (depth == PP_NESTING_MAX) return false;
  for (size_t i = 0; i < length; i++) {
    int64_t part;
    const struct pp_object *item = pp_tuple_get(interpreter, tuple, i);
    PP_REQUIRE(interpreter->witness, TUPLE_01, item != NULL);
    if (!hash_within(interpreter, item, depth + 1, &part)) return false;
    join(interpreter, &joined, part, length - i - 1);
  }
  *hash = join_end(interpreter, &joined, length);
  return true;
}

/* ---- any object ---- */

/* The bytes of a str or bytes. */
static const uint8_t *text_of(const struct pp_interpreter *interpreter,
                              const struct pp_object *object, size_t *length) {
  if (pp_is(interpreter, object, PP_TYPE_BYTES)) {
    *length = pp_bytes_length(interpreter, object);
    const uint8_t *data = pp_bytes_data(interpreter, object);
    PP_REQUIRE(interpreter->witness, BYTES_02, data[*length] == 0);
    return data;
  }
  PP_REQUIRE(interpreter->witness, HASH_03,
             pp_is(interpreter, object, PP_TYPE_STR));
  *length =
      pp_str_length(interpreter, object) * pp_str_kind(interpreter, object);
  return pp_str_data(interpreter, object);
}

/* Depth is that of tuples, at most PP_NESTING_MAX. */
static bool hash_within(const struct pp_interpreter *interpreter,
                        const struct pp_object *object, unsigned depth,
                        int64_t *hash) {
  size_t length;
  const uint8_t *text;
  switch (pp_type_of(interpreter, object)->id) {
  case PP_TYPE_BOOL:
  case PP_TYPE_INT: *hash = pp_hash_int(interpreter, object); return true;
  case PP_TYPE_FLOAT:
    *hash = hash_real(interpreter, object,
                      pp_double_at(interpreter, object, PP_FIELD_FLOAT_VALUE));
    return true;
  case PP_TYPE_COMPLEX: *hash = hash_complex(interpreter, object); return true;
  case PP_TYPE_STR:
  case PP_TYPE_BYTES:
    text = text_of(interpreter, object, &length);
    *hash = pp_hash_bytes(interpreter, text, length);
    return true;
  case PP_TYPE_TUPLE: return hash_tuple(interpreter, object, depth, hash);
  case PP_TYPE_NONE: *hash = hash_none(interpreter, object); return true;
  case PP_TYPE_ELLIPSIS:
  case PP_TYPE_NOT_IMPLEMENTED:
  case PP_TYPE_INSTANCE: *hash = hash_address(interpreter, object); return true;
  default: return false;
  }
}

bool pp_object_hash_anew(const struct pp_interpreter *interpreter,
                         const struct pp_object *object, int64_t *hash) {
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(object) != NULL);
  if (!hash_within(interpreter, object, 0, hash)) return false;
  PP_ENSURE(interpreter->witness, HASH_01, *hash != -1);
  return true;
}

/* Where text keeps its hash, or PP_FIELD_COUNT. */
static enum pp_field keeper(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  if (pp_is(interpreter, object, PP_TYPE_STR)) return PP_FIELD_STR_HASH;
  if (pp_is(interpreter, object, PP_TYPE_BYTES)) return PP_FIELD_BYTES_HASH;
  return PP_FIELD_COUNT;
}

/* Text inside of a tuple keeps its hash, too, but for what comes behind an
 * item that has none: false, when there is one. */
static bool keep(struct pp_interpreter *interpreter, struct pp_object *object,
                 unsigned depth) {
  enum pp_field field = keeper(interpreter, object);
  int64_t hash;
  PP_REQUIRE(interpreter->witness, HASH_04, depth <= PP_NESTING_MAX);
  if (field != PP_FIELD_COUNT &&
      pp_field_read(interpreter, object, field) != UINT64_MAX)
    return true;
  if (!pp_is(interpreter, object, PP_TYPE_TUPLE)) {
    if (!pp_object_hash_anew(interpreter, object, &hash)) return false;
    if (field != PP_FIELD_COUNT)
      pp_field_write(interpreter, object, field, (uint64_t)hash);
    return true;
  }
  if (depth == PP_NESTING_MAX) return false;
  size_t length = pp_tuple_length(interpreter, object);
  for (size_t i = 0; i < length; i++) {
    if (!keep(interpreter, pp_tuple_get(interpreter, object, i), depth + 1))
      return false;
  }
  return true;
}

bool pp_object_hash(struct pp_interpreter *interpreter,
                    struct pp_object *object, int64_t *hash) {
  enum pp_field field = keeper(interpreter, object);
  if (!keep(interpreter, object, 0)) return false;
  if (field == PP_FIELD_COUNT)
    return pp_object_hash_anew(interpreter, object, hash);
  *hash = (int64_t)pp_field_read(interpreter, object, field);
  PP_ENSURE(interpreter->witness, HASH_01, *hash != -1);
  int64_t anew = 0;
  if (PP_LEVEL_NUMBER >= PP_MARK_OBJECT)
    (void)pp_object_hash_anew(interpreter, object, &anew);
  PP_ENSURE_SLOWLY(interpreter->witness, HASH_03, *hash == anew);
  return true;
}
