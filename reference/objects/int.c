/* int, and bool, which is an int (SPEC.md, INT). Up to 3.11 the sign is that
 * of ob_size, whose magnitude counts the digits; since 3.12 both are in lv_tag:
 *
 *   | ob_refcnt | ob_type | ob_size = -2                | digit 0 | digit 1 |
 *   | ob_refcnt | ob_type | lv_tag = 2 << 3 | NEGATIVE  | digit 0 | digit 1 |
 */
#include "reference/objects/int.h"

#include "reference/objects/memory.h"
#include "reference/objects/object.h"

enum {
  DIGIT_SIZE = 4,
  /* of lv_tag */
  TAG_POSITIVE = 0,
  TAG_ZERO = 1,
  TAG_NEGATIVE = 2,
  TAG_SIGN = 3, /* its bits */
  TAG_UNUSED = 4,
  TAG_SHIFT = 3 /* of the number of digits */
};

/* ---- sign and digits ---- */

static bool is_tagged(const struct pp_interpreter *interpreter) {
  return pp_has_field(interpreter, PP_FIELD_INT_TAG);
}

/* What the functions of int are asked about. */
static bool is_int(const struct pp_object *object) {
  const struct pp_type *type = pp_type_known(object);
  return type == &pp_int_type || type == &pp_bool_type;
}

size_t pp_int_count(const struct pp_interpreter *interpreter,
                    const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, INT_01, is_int(object));
  if (is_tagged(interpreter))
    return pp_field_read(interpreter, object, PP_FIELD_INT_TAG) >> TAG_SHIFT;
  int64_t size = (int64_t)pp_field_read(interpreter, object, PP_FIELD_VAR_SIZE);
  return size < 0 ? 0 - (size_t)size : (size_t)size;
}

bool pp_int_is_negative(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, INT_01, is_int(object));
  if (is_tagged(interpreter))
    return (pp_field_read(interpreter, object, PP_FIELD_INT_TAG) & TAG_SIGN) ==
           TAG_NEGATIVE;
  return (int64_t)pp_field_read(interpreter, object, PP_FIELD_VAR_SIZE) < 0;
}

static uint8_t *digits_of(const struct pp_interpreter *interpreter,
                          struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, INT_01, is_int(object));
  return pp_field_place(interpreter, object, PP_FIELD_INT_DIGITS);
}

uint32_t pp_int_digit(const struct pp_interpreter *interpreter,
                      const struct pp_object *object, size_t index) {
  uint32_t digit;
  PP_REQUIRE(interpreter->witness, INT_01, is_int(object));
  PP_REQUIRE(interpreter->witness, INT_01,
             index < pp_int_count(interpreter, object));
  memcpy(&digit,
         pp_field_at(interpreter, object, PP_FIELD_INT_DIGITS) +
             index * DIGIT_SIZE,
         DIGIT_SIZE);
  return digit;
}

static void write_sign(const struct pp_interpreter *interpreter,
                       struct pp_object *object, bool negative, size_t count) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, INT_01, is_int(object));
  PP_REQUIRE(witness, INT_01, count <= PTRDIFF_MAX / DIGIT_SIZE);
  if (negative) PP_REQUIRE(witness, INT_07, count > 0);
  if (is_tagged(interpreter)) {
    uint64_t sign = negative ? TAG_NEGATIVE : TAG_POSITIVE;
    PP_REQUIRE(witness, INT_01, count <= UINT64_MAX >> TAG_SHIFT);
    if (count == 0) sign = TAG_ZERO;
    pp_field_write(interpreter, object, PP_FIELD_INT_TAG,
                   (uint64_t)count << TAG_SHIFT | sign);
  } else {
    pp_field_write(interpreter, object, PP_FIELD_VAR_SIZE,
                   negative ? 0 - (uint64_t)count : count);
  }
  PP_ENSURE(witness, INT_01, pp_int_count(interpreter, object) == count);
  PP_ENSURE(witness, INT_01,
            pp_int_is_negative(interpreter, object) == negative);
}

static void fill(const struct pp_interpreter *interpreter,
                 struct pp_object *object, bool negative,
                 const uint32_t *digits, size_t count) {
  struct pp_witness *witness = interpreter->witness;
  size_t room = pp_is_static(interpreter, object) ? PP_STATIC_INT : SIZE_MAX;
  PP_REQUIRE(witness, INT_05, count <= (room - PP_VAR_SIZE) / DIGIT_SIZE);
  if (count > 0) PP_REQUIRE(witness, INT_03, digits[count - 1] != 0);
  write_sign(interpreter, object, negative, count);
  memcpy(digits_of(interpreter, object), digits, count * DIGIT_SIZE);
  if (count == 0) memset(digits_of(interpreter, object), 0, DIGIT_SIZE);
  for (size_t i = 0; i < count; i++)
    PP_ENSURE_SLOWLY(witness, INT_02,
                     pp_int_digit(interpreter, object, i) == digits[i]);
}

/* ---- small ones ---- */

static struct pp_object *small(const struct pp_interpreter *interpreter,
                               int64_t value) {
  size_t index = (size_t)(value + PP_SMALL_NEGATIVE);
  PP_REQUIRE(interpreter->witness, INT_04, index < PP_SMALL_INTS);
  if (interpreter->rules->small_ints_static)
    return (struct pp_object *)(uintptr_t)&interpreter->shared
        .small_ints[index];
  struct pp_object *block = interpreter->blocks.small_ints[index];
  PP_ENSURE(interpreter->witness, INT_04, block != NULL);
  PP_ENSURE(interpreter->witness, INT_04, !pp_is_static(interpreter, block));
  return block;
}

static bool begin_small(struct pp_interpreter *interpreter, int64_t value) {
  struct pp_witness *witness = interpreter->witness;
  bool negative = value < 0;
  uint32_t digit = (uint32_t)(negative ? -value : value);
  PP_REQUIRE(witness, INT_04, digit < PP_SMALL_POSITIVE);
  if (interpreter->rules->small_ints_static) {
    pp_object_begin(interpreter, small(interpreter, value), &pp_int_type,
                    pp_static_count(interpreter));
  } else {
    struct pp_object **place =
        &interpreter->blocks.small_ints[value + PP_SMALL_NEGATIVE];
    PP_REQUIRE(witness, INT_04, *place == NULL);
    *place =
        pp_object_new(interpreter, &pp_int_type, interpreter->rules->int_least);
    if (*place == NULL) return false;
  }
  struct pp_object *object = small(interpreter, value);
  fill(interpreter, object, negative, &digit, digit != 0);
  PP_ENSURE(witness, INT_04, pp_int_count(interpreter, object) <= 1);
  if (digit > 0)
    PP_ENSURE(witness, INT_02, pp_int_digit(interpreter, object, 0) == digit);
  PP_ENSURE(witness, INT_03,
            (pp_int_count(interpreter, object) == 0) == (value == 0));
  return true;
}

bool pp_small_ints_begin(struct pp_interpreter *interpreter) {
  for (int64_t i = -PP_SMALL_NEGATIVE; i < PP_SMALL_POSITIVE; i++) {
    if (!begin_small(interpreter, i)) return false;
  }
  for (uint32_t i = 0; i <= 1; i++) {
    struct pp_object *object =
        (struct pp_object *)&interpreter->shared.booleans[i];
    pp_object_begin(interpreter, object, &pp_bool_type,
                    pp_singleton_count(interpreter));
    fill(interpreter, object, false, &i, i);
    PP_ENSURE(interpreter->witness, INT_08, pp_is_static(interpreter, object));
    PP_ENSURE(interpreter->witness, INT_08,
              pp_int_count(interpreter, object) == i);
  }
  return true;
}

void pp_small_ints_end(struct pp_interpreter *interpreter) {
  if (interpreter->rules->small_ints_static)
    PP_REQUIRE(interpreter->witness, INT_04,
               interpreter->blocks.small_ints[0] == NULL);
  pp_shared_release(interpreter, interpreter->blocks.small_ints, PP_SMALL_INTS);
}

static bool is_small(bool negative, const uint32_t *digits, size_t count) {
  if (count == 0) return true;
  if (count > 1) return false;
  return digits[0] <= (negative ? PP_SMALL_NEGATIVE : PP_SMALL_POSITIVE - 1);
}

/* ---- new ones ---- */

struct pp_object *pp_bool_new(struct pp_interpreter *interpreter, bool value) {
  struct pp_static *known = &interpreter->shared.booleans[value];
  struct pp_object *object = pp_borrow(interpreter, (struct pp_object *)known);
  PP_ENSURE(interpreter->witness, INT_08,
            pp_is(interpreter, object, PP_TYPE_BOOL));
  PP_ENSURE(interpreter->witness, INT_08,
            pp_int_count(interpreter, object) == value);
  pp_object_touched(interpreter, object);
  return object;
}

/* Bytes for so many digits. */
static size_t size_for(const struct pp_interpreter *interpreter, size_t count) {
  size_t size = PP_VAR_SIZE + DIGIT_SIZE * count;
  size_t least = interpreter->rules->int_least;
  PP_REQUIRE(interpreter->witness, INT_05, count <= PTRDIFF_MAX / DIGIT_SIZE);
  return size < least ? least : size;
}

/* In a block of so many bytes at least, unless it is there already. */
static struct pp_object *make(struct pp_interpreter *interpreter, bool negative,
                              const uint32_t *digits, size_t count,
                              size_t least) {
  struct pp_witness *witness = interpreter->witness;
  for (size_t i = 0; i < count; i++)
    PP_REQUIRE(witness, INT_02, digits[i] >> PP_INT_SHIFT == 0);
  while (count > 0) {
    if (digits[count - 1] != 0) break;
    count--;
  }
  if (is_small(negative, digits, count)) {
    int64_t value = count == 0 ? 0 : (int64_t)digits[0];
    struct pp_object *known = small(interpreter, negative ? -value : value);
    pp_object_touched(interpreter, known);
    PP_ENSURE(witness, INT_04, pp_int_count(interpreter, known) == count);
    return pp_borrow(interpreter, known);
  }
  if (count > PTRDIFF_MAX / DIGIT_SIZE - PP_VAR_SIZE) return NULL;
  size_t size = PP_VAR_SIZE + DIGIT_SIZE * count;
  if (size < least) size = least;
  PP_ENSURE(witness, INT_05, (size - PP_VAR_SIZE) / DIGIT_SIZE >= count);
  PP_ENSURE(witness, INT_05, size <= PP_STATIC_INT + (count - 1) * DIGIT_SIZE);
  struct pp_object *object = pp_object_new(interpreter, &pp_int_type, size);
  if (object == NULL) return NULL;
  fill(interpreter, object, negative, digits, count);
  PP_ENSURE(witness, INT_05, pp_object_size(interpreter, object) >= size);
  pp_object_touched(interpreter, object);
  return object;
}

struct pp_object *pp_int_new(struct pp_interpreter *interpreter, bool negative,
                             const uint32_t *digits, size_t count) {
  return make(interpreter, negative, digits, count,
              interpreter->rules->int_least);
}

struct pp_object *pp_int_new_unsigned(struct pp_interpreter *interpreter,
                                      const uint32_t *digits, size_t count) {
  return make(interpreter, false, digits, count, PP_VAR_SIZE + DIGIT_SIZE);
}

/* ---- looking ---- */

static size_t digits_size(const struct pp_interpreter *interpreter,
                          const struct pp_object *object) {
  size_t count = pp_int_count(interpreter, object);
  PP_REQUIRE(interpreter->witness, INT_01, count <= PTRDIFF_MAX / DIGIT_SIZE);
  return DIGIT_SIZE * (count == 0 ? 1 : count);
}

static size_t size(const struct pp_interpreter *interpreter,
                   const struct pp_object *object) {
  if (pp_is_static(interpreter, object)) return PP_STATIC_INT;
  return size_for(interpreter, pp_int_count(interpreter, object));
}

static size_t getsizeof(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  size_t count = pp_int_count(interpreter, object);
  bool counted = interpreter->rules->sizeof_zero_digit;
  bool bare = count == 0 ? !counted : false;
  if (count == 0) count = counted ? 1 : 0;
  size_t answer = PP_VAR_SIZE + DIGIT_SIZE * count;
  PP_ENSURE(interpreter->witness, INT_06,
            answer <= pp_object_size(interpreter, object));
  PP_ENSURE(interpreter->witness, INT_06, (answer == PP_VAR_SIZE) == bare);
  return answer;
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *object, unsigned piece,
                  unsigned index, struct pp_field_info *info) {
  static const enum pp_field by_size[] = {PP_FIELD_VAR_SIZE,
                                          PP_FIELD_INT_DIGITS};
  static const enum pp_field by_tag[] = {PP_FIELD_INT_TAG, PP_FIELD_INT_DIGITS};
  const enum pp_field *fields = is_tagged(interpreter) ? by_tag : by_size;
  size_t used = digits_size(interpreter, object);
  PP_ENSURE(interpreter->witness, OBJ_03,
            PP_VAR_SIZE + used <= size(interpreter, object));
  if (piece > 0) return false;
  if (pp_fields_show(interpreter, fields, 2, &index, used, info)) return true;
  return pp_padding_show(interpreter, PP_VAR_SIZE + used,
                         size(interpreter, object), index, info);
}

/* ---- checks ---- */

static enum pp_clause check_tag(const struct pp_interpreter *interpreter,
                                const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  if (!is_tagged(interpreter)) return PP_HOLDS;
  uint64_t tag = pp_field_read(interpreter, object, PP_FIELD_INT_TAG);
  PP_FACT(witness, INT_07, (tag & TAG_SIGN) <= TAG_NEGATIVE);
  PP_FACT(witness, INT_07,
          ((tag & TAG_SIGN) == TAG_ZERO) == (tag >> TAG_SHIFT == 0));
  PP_FACT(witness, INT_07, (tag & TAG_UNUSED) == 0);
  return PP_HOLDS;
}

static enum pp_clause check_digits(const struct pp_interpreter *interpreter,
                                   const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  size_t count = pp_int_count(interpreter, object);
  PP_FACT(witness, INT_01, count <= PTRDIFF_MAX / DIGIT_SIZE);
  if (count == 0)
    PP_FACT(witness, INT_01, !pp_int_is_negative(interpreter, object));
  PP_PART(check_tag(interpreter, object));
  for (size_t i = 0; i < count; i++)
    PP_FACT(witness, INT_02,
            pp_int_digit(interpreter, object, i) >> PP_INT_SHIFT == 0);
  if (count > 0)
    PP_FACT(witness, INT_03, pp_int_digit(interpreter, object, count - 1) != 0);
  return PP_HOLDS;
}

static enum pp_clause check_int(const struct pp_interpreter *interpreter,
                                const struct pp_object *object) {
  PP_PART(check_digits(interpreter, object));
  size_t count = pp_int_count(interpreter, object);
  if (count > 1) return PP_HOLDS;
  bool negative = pp_int_is_negative(interpreter, object);
  uint32_t digit = count == 0 ? 0 : pp_int_digit(interpreter, object, 0);
  int64_t value = negative ? -(int64_t)digit : (int64_t)digit;
  if (value < -PP_SMALL_NEGATIVE) return PP_HOLDS;
  if (value >= PP_SMALL_POSITIVE) return PP_HOLDS;
  PP_FACT(interpreter->witness, INT_04, object == small(interpreter, value));
  return PP_HOLDS;
}

static enum pp_clause check_bool(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  PP_PART(check_digits(interpreter, object));
  size_t count = pp_int_count(interpreter, object);
  PP_FACT(witness, INT_08, count <= 1);
  PP_FACT(witness, INT_08, !pp_int_is_negative(interpreter, object));
  const struct pp_static *known = &interpreter->shared.booleans[count];
  PP_FACT(witness, INT_08, object == (const struct pp_object *)known);
  return PP_HOLDS;
}

const struct pp_type pp_int_type = {
    .id = PP_TYPE_INT,
    .name = "int",
    .size = size,
    .dealloc = pp_object_free,
    .getsizeof = getsizeof,
    .field = field,
    .check = check_int,
};

const struct pp_type pp_bool_type = {
    .id = PP_TYPE_BOOL,
    .name = "bool",
    .size = size,
    .getsizeof = getsizeof,
    .field = field,
    .check = check_bool,
};
