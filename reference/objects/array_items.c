/* The items of an array.array by their code: what they take, and what an object
 * is when it is one of them (SPEC.md, ARRAY-04 and ARRAY-06). */
#include <limits.h>

#include "reference/objects/array.h"
#include "reference/objects/float.h"
#include "reference/objects/hash.h"
#include "reference/objects/int.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"

enum {
  CODE_POINT_MAX = 0x10ffff,
  WORD_BITS = 64,
  DIGITS = 3 /* of an int of so many */
};

static_assert(DIGITS * PP_INT_SHIFT >= WORD_BITS, "an item of eight bytes");
static_assert((DIGITS - 1) * PP_INT_SHIFT < WORD_BITS, "and no digit more");
static_assert(sizeof(float) == sizeof(uint32_t), "f");
static_assert(sizeof(double) == sizeof(uint64_t), "d");

static const struct pp_array_code codes[] = {
    {'b', sizeof(int8_t), PP_ARRAY_SIGNED},
    {'B', sizeof(uint8_t), PP_ARRAY_UNSIGNED},
    {'u', sizeof(uint32_t), PP_ARRAY_TEXT},
    {'w', sizeof(uint32_t), PP_ARRAY_TEXT},
    {'h', sizeof(int16_t), PP_ARRAY_SIGNED},
    {'H', sizeof(uint16_t), PP_ARRAY_UNSIGNED},
    {'i', sizeof(int32_t), PP_ARRAY_SIGNED},
    {'I', sizeof(uint32_t), PP_ARRAY_UNSIGNED},
    {'l', sizeof(int64_t), PP_ARRAY_SIGNED},
    {'L', sizeof(uint64_t), PP_ARRAY_UNSIGNED},
    {'q', sizeof(int64_t), PP_ARRAY_SIGNED},
    {'Q', sizeof(uint64_t), PP_ARRAY_UNSIGNED},
    {'f', sizeof(float), PP_ARRAY_REAL},
    {'d', sizeof(double), PP_ARRAY_REAL},
};

const struct pp_array_code *
pp_array_code_of(const struct pp_interpreter *interpreter, char code) {
  if (code == '\0') return NULL;
  if (strchr(interpreter->rules->array_codes, code) == NULL) return NULL;
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    if (codes[i].code != code) continue;
    PP_ENSURE(interpreter->witness, ARRAY_06, codes[i].size <= PP_WORD_SIZE);
    return &codes[i];
  }
  return NULL;
}

/* ---- whole numbers ---- */

/* The magnitude of an int; false: it takes more than 64 bits. */
static bool magnitude_of(const struct pp_interpreter *interpreter,
                         const struct pp_object *item, uint64_t *magnitude) {
  struct pp_witness *witness = interpreter->witness;
  size_t count = pp_int_count(interpreter, item);
  *magnitude = 0;
  if (count > 0)
    PP_REQUIRE(witness, INT_03, pp_int_digit(interpreter, item, count - 1) > 0);
  for (size_t i = count; i-- > 0;) {
    uint32_t digit = pp_int_digit(interpreter, item, i);
    PP_REQUIRE(witness, INT_02, digit >> PP_INT_SHIFT == 0);
    if (*magnitude >> (WORD_BITS - PP_INT_SHIFT) != 0) return false;
    *magnitude = *magnitude << PP_INT_SHIFT | digit;
  }
  return true;
}

static bool encode_int(const struct pp_interpreter *interpreter,
                       const struct pp_array_code *code,
                       const struct pp_object *item, uint8_t *bytes) {
  uint64_t magnitude;
  PP_REQUIRE(interpreter->witness, ARRAY_06, code->kind != PP_ARRAY_REAL);
  PP_REQUIRE(interpreter->witness, ARRAY_06, code->size <= PP_WORD_SIZE);
  unsigned bits = (unsigned)(code->size * CHAR_BIT);
  bool is_bool = pp_is(interpreter, item, PP_TYPE_BOOL);
  if (!is_bool && !pp_is(interpreter, item, PP_TYPE_INT)) return false;
  if (!magnitude_of(interpreter, item, &magnitude)) return false;
  struct pp_witness *witness = interpreter->witness;
  bool negative = pp_int_is_negative(interpreter, item);
  if (negative) PP_REQUIRE(witness, INT_03, magnitude > 0);
  if (code->kind == PP_ARRAY_SIGNED) {
    uint64_t most = (UINT64_C(1) << (bits - 1)) - (negative ? 0 : 1);
    if (magnitude > most) return false;
  } else {
    if (negative) return false;
    if (bits < WORD_BITS && magnitude >> bits != 0) return false;
  }
  uint64_t value = negative ? 0 - magnitude : magnitude;
  /* The machine stores the low bytes first. */
  memcpy(bytes, &value, code->size);
  uint64_t kept = 0;
  memcpy(&kept, bytes, code->size);
  bool is_negative = negative && (kept >> (bits - 1) & 1) != 0;
  if (is_negative && bits < WORD_BITS) kept |= ~UINT64_C(0) << bits;
  PP_ENSURE(witness, ARRAY_04, kept == value);
  if (code->kind == PP_ARRAY_UNSIGNED) PP_ENSURE(witness, ARRAY_04, !negative);
  return true;
}

static struct pp_object *decode_int(struct pp_interpreter *interpreter,
                                    const struct pp_array_code *code,
                                    const uint8_t *bytes) {
  uint64_t value = 0;
  uint32_t digits[DIGITS];
  PP_REQUIRE(interpreter->witness, ARRAY_06, code->kind != PP_ARRAY_REAL);
  PP_REQUIRE(interpreter->witness, ARRAY_06, code->size <= PP_WORD_SIZE);
  unsigned bits = (unsigned)(code->size * CHAR_BIT);
  memcpy(&value, bytes, code->size);
  bool negative =
      code->kind == PP_ARRAY_SIGNED && (value >> (bits - 1) & 1) != 0;
  if (negative) {
    if (bits < WORD_BITS) value |= ~UINT64_C(0) << bits;
    value = 0 - value;
  }
  for (size_t i = 0; i < DIGITS; i++) {
    digits[i] = (uint32_t)(value & ((UINT32_C(1) << PP_INT_SHIFT) - 1));
    value >>= PP_INT_SHIFT;
  }
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, ARRAY_04, value == 0);
  /* Codes from I on: what is narrower is made a signed number first. */
  bool wide = code->kind == PP_ARRAY_UNSIGNED && code->size >= sizeof(uint32_t);
  struct pp_object *made =
      wide ? pp_int_new_unsigned(interpreter, digits, DIGITS)
           : pp_int_new(interpreter, negative, digits, DIGITS);
  if (made == NULL) return NULL;
  PP_ENSURE(witness, ARRAY_04,
            pp_int_is_negative(interpreter, made) == negative);
  PP_ENSURE(witness, INT_03, pp_int_count(interpreter, made) <= DIGITS);
  return made;
}

/* ---- others ---- */

static double double_of(const struct pp_interpreter *interpreter,
                        const struct pp_object *item) {
  double value;
  PP_REQUIRE(interpreter->witness, OBJ_01,
             pp_is(interpreter, item, PP_TYPE_FLOAT));
  memcpy(&value, pp_field_at(interpreter, item, PP_FIELD_FLOAT_VALUE),
         sizeof value);
  return value;
}

/* An int is made a float first. */
static bool real_of(struct pp_interpreter *interpreter,
                    const struct pp_object *item, double *value) {
  if (pp_is(interpreter, item, PP_TYPE_FLOAT)) {
    *value = double_of(interpreter, item);
    return true;
  }
  if (!pp_int_as_double(interpreter, item, value)) return false;
  struct pp_object *made = pp_float_new(interpreter, *value);
  if (made == NULL) return false;
  PP_ENSURE(interpreter->witness, REF_01, pp_word_read(made->bytes) == 1);
  pp_decref(interpreter, made);
  return true;
}

static bool encode_real(struct pp_interpreter *interpreter,
                        const struct pp_array_code *code,
                        const struct pp_object *item, uint8_t *bytes) {
  double value;
  PP_REQUIRE(interpreter->witness, ARRAY_06, code->kind == PP_ARRAY_REAL);
  if (!real_of(interpreter, item, &value)) return false;
  if (code->size == sizeof value) {
    memcpy(bytes, &value, sizeof value);
  } else {
    float rounded = (float)value;
    PP_REQUIRE(interpreter->witness, ARRAY_06, code->size == sizeof rounded);
    memcpy(bytes, &rounded, sizeof rounded);
  }
  return true;
}

static struct pp_object *decode_real(struct pp_interpreter *interpreter,
                                     const struct pp_array_code *code,
                                     const uint8_t *bytes) {
  double value;
  float rounded;
  PP_REQUIRE(interpreter->witness, ARRAY_06, code->kind == PP_ARRAY_REAL);
  if (code->size == sizeof value) {
    memcpy(&value, bytes, sizeof value);
  } else {
    PP_REQUIRE(interpreter->witness, ARRAY_06, code->size == sizeof rounded);
    memcpy(&rounded, bytes, sizeof rounded);
    value = (double)rounded;
  }
  return pp_float_new(interpreter, value);
}

static bool encode_text(struct pp_interpreter *interpreter,
                        struct pp_object *item, uint8_t *bytes) {
  if (!pp_is(interpreter, item, PP_TYPE_STR)) return false;
  if (pp_str_length(interpreter, item) != 1) return false;
  if (interpreter->rules->text_items_wide &&
      !pp_str_make_wide(interpreter, item))
    return false;
  uint32_t point = pp_str_point(interpreter, item, 0);
  PP_ENSURE(interpreter->witness, ARRAY_04, point <= CODE_POINT_MAX);
  memcpy(bytes, &point, sizeof point);
  return true;
}

static struct pp_object *decode_text(struct pp_interpreter *interpreter,
                                     const uint8_t *bytes) {
  uint32_t point;
  memcpy(&point, bytes, sizeof point);
  PP_REQUIRE(interpreter->witness, ARRAY_04, point <= CODE_POINT_MAX);
  struct pp_object *made = pp_str_new(interpreter, &point, 1);
  if (made == NULL) return NULL;
  PP_ENSURE(interpreter->witness, ARRAY_04,
            pp_str_point(interpreter, made, 0) == point);
  return made;
}

/* ---- by code ---- */

bool pp_array_encode(struct pp_interpreter *interpreter,
                     const struct pp_array_code *code, struct pp_object *item,
                     uint8_t *bytes) {
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(item) != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
  PP_REQUIRE(interpreter->witness, ARRAY_06,
             pp_array_code_of(interpreter, code->code) == code);
  switch (code->kind) {
  case PP_ARRAY_SIGNED:
  case PP_ARRAY_UNSIGNED: return encode_int(interpreter, code, item, bytes);
  case PP_ARRAY_REAL: return encode_real(interpreter, code, item, bytes);
  case PP_ARRAY_TEXT: break;
  }
  return encode_text(interpreter, item, bytes);
}

struct pp_object *pp_array_decode(struct pp_interpreter *interpreter,
                                  const struct pp_array_code *code,
                                  const uint8_t *bytes) {
  PP_REQUIRE(interpreter->witness, ARRAY_06,
             pp_array_code_of(interpreter, code->code) == code);
  switch (code->kind) {
  case PP_ARRAY_SIGNED:
  case PP_ARRAY_UNSIGNED: return decode_int(interpreter, code, bytes);
  case PP_ARRAY_REAL: return decode_real(interpreter, code, bytes);
  case PP_ARRAY_TEXT: break;
  }
  return decode_text(interpreter, bytes);
}
