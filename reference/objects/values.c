/* The values of an instance's attributes since 3.11 (SPEC.md, OBJ-10 and
 * OBJ-11): as many as its class makes room for, each in the place of its
 * number, and the order in which they were set.
 *
 *   3.11, 3.12:  .. order 1, order 0, size, 8 | value 0 | value 1 | ...
 *   since 3.13:  capacity, size, 1, 1, - | value 0 | ... | order 0, order 1 ..
 *
 * In 3.11 the instance points to value 0; in 3.12 a byte before it, which says
 * that it is no dict. */
#include "reference/objects/instance.h"
#include "reference/objects/object.h"

enum {
  BEFORE = 8, /* bytes before value 0 */
  ORDER = 8,  /* bytes for the order, of which some are none's */
  ROW = PP_VALUES_CAPACITY * PP_WORD_SIZE,
  APART_SIZE_AT = 6,
  APART_PREFIX_AT = 7,
  INSIDE_CAPACITY_AT = 0,
  INSIDE_SIZE_AT = 1,
  INSIDE_EMBEDDED_AT = 2,
  INSIDE_VALID_AT = 3,
  FIELDS_MAX = 8
};

static_assert((int)PP_ATTRIBUTES <= PP_VALUES_CAPACITY, "OBJ-11");
static_assert((int)PP_VALUES_CAPACITY <= APART_SIZE_AT, "room for the order");
static_assert((int)PP_VALUES_CAPACITY <= ORDER, "likewise");
static_assert(ROW % PP_OBJECT_ALIGNMENT == 0, "what follows is aligned");

static bool are_inside(const struct pp_interpreter *interpreter) {
  return interpreter->rules->attributes == PP_ATTRIBUTES_INSIDE;
}

bool pp_values_exist(const struct pp_interpreter *interpreter,
                     const struct pp_object *instance) {
  PP_REQUIRE(interpreter->witness, OBJ_10,
             interpreter->rules->attributes != PP_ATTRIBUTES_DICT);
  if (are_inside(interpreter)) return true;
  return pp_field_read(interpreter, instance, PP_FIELD_INSTANCE_VALUES) != 0;
}

size_t pp_values_bytes(const struct pp_interpreter *interpreter) {
  return are_inside(interpreter) ? BEFORE + ROW + ORDER : BEFORE + ROW;
}

uint8_t *pp_values_start(const struct pp_interpreter *interpreter,
                         const struct pp_object *instance) {
  uintptr_t address = (uintptr_t)instance->bytes;
  PP_REQUIRE(interpreter->witness, OBJ_10,
             pp_values_exist(interpreter, instance));
  if (are_inside(interpreter))
    return (uint8_t *)(address + interpreter->rules->instance_size);
  address =
      (uintptr_t)pp_field_read(interpreter, instance, PP_FIELD_INSTANCE_VALUES);
  address += interpreter->rules->values_tag - BEFORE;
  PP_ENSURE(interpreter->witness, OBJ_10, address % PP_OBJECT_ALIGNMENT == 0);
  return (uint8_t *)address;
}

static uint8_t *slot(const struct pp_interpreter *interpreter,
                     const struct pp_object *instance, unsigned number) {
  PP_REQUIRE(interpreter->witness, OBJ_11, number < PP_VALUES_CAPACITY);
  return pp_values_start(interpreter, instance) + BEFORE +
         number * PP_WORD_SIZE;
}

static uint8_t *size_at(const struct pp_interpreter *interpreter,
                        const struct pp_object *instance) {
  return pp_values_start(interpreter, instance) +
         (are_inside(interpreter) ? INSIDE_SIZE_AT : APART_SIZE_AT);
}

/* The number of the attribute that was set as this one. */
static uint8_t *order_at(const struct pp_interpreter *interpreter,
                         const struct pp_object *instance, unsigned index) {
  uint8_t *start = pp_values_start(interpreter, instance);
  PP_REQUIRE(interpreter->witness, OBJ_11, index < PP_VALUES_CAPACITY);
  if (are_inside(interpreter)) return start + BEFORE + ROW + index;
  return start + APART_SIZE_AT - 1 - index;
}

struct pp_object *pp_values_get(const struct pp_interpreter *interpreter,
                                const struct pp_object *instance,
                                unsigned number) {
  return (struct pp_object *)(uintptr_t)pp_word_read(
      slot(interpreter, instance, number));
}

static void put(const struct pp_interpreter *interpreter,
                struct pp_object *instance, unsigned number,
                const struct pp_object *value) {
  if (value != NULL)
    PP_REQUIRE(interpreter->witness, OBJ_11, number < PP_ATTRIBUTES);
  pp_word_write(slot(interpreter, instance, number), (uintptr_t)value);
}

/* ---- from the beginning to the end ---- */

bool pp_values_begin(struct pp_interpreter *interpreter,
                     struct pp_object *instance) {
  const struct pp_system_source *mem = interpreter->options.mem;
  if (!are_inside(interpreter)) {
    PP_REQUIRE(interpreter->witness, OBJ_10,
               !pp_values_exist(interpreter, instance));
    uint8_t *block = mem->malloc(mem->ctx, pp_values_bytes(interpreter));
    if (block == NULL) return false;
    pp_field_write(interpreter, instance, PP_FIELD_INSTANCE_VALUES,
                   (uintptr_t)block + BEFORE - interpreter->rules->values_tag);
    PP_ENSURE(interpreter->witness, OBJ_10,
              pp_values_start(interpreter, instance) == block);
  }
  uint8_t *start = pp_values_start(interpreter, instance);
  memset(start, 0, pp_values_bytes(interpreter));
  if (are_inside(interpreter)) {
    start[INSIDE_CAPACITY_AT] = PP_VALUES_CAPACITY;
    start[INSIDE_EMBEDDED_AT] = 1;
    start[INSIDE_VALID_AT] = 1;
  } else {
    start[APART_PREFIX_AT] = BEFORE;
  }
  PP_ENSURE(interpreter->witness, OBJ_11, *size_at(interpreter, instance) == 0);
  return true;
}

void pp_values_clear(struct pp_interpreter *interpreter,
                     struct pp_object *instance) {
  *size_at(interpreter, instance) = 0;
  for (unsigned i = 0; i < PP_VALUES_CAPACITY; i++) {
    struct pp_object *value = pp_values_get(interpreter, instance, i);
    if (value == NULL) continue;
    PP_ENSURE(interpreter->witness, OBJ_11, i < PP_ATTRIBUTES);
    put(interpreter, instance, i, NULL);
    pp_decref(interpreter, value);
  }
}

void pp_values_end(struct pp_interpreter *interpreter,
                   struct pp_object *instance) {
  const struct pp_system_source *mem = interpreter->options.mem;
  if (are_inside(interpreter)) return;
  for (unsigned i = 0; i < PP_VALUES_CAPACITY; i++)
    PP_REQUIRE(interpreter->witness, OBJ_11,
               pp_values_get(interpreter, instance, i) == NULL);
  mem->free(mem->ctx, pp_values_start(interpreter, instance));
  pp_field_write(interpreter, instance, PP_FIELD_INSTANCE_VALUES, 0);
  PP_ENSURE(interpreter->witness, OBJ_10,
            !pp_values_exist(interpreter, instance));
}

/* ---- one attribute ---- */

static void add_to_order(const struct pp_interpreter *interpreter,
                         struct pp_object *instance, unsigned number) {
  uint8_t *size = size_at(interpreter, instance);
  PP_REQUIRE(interpreter->witness, OBJ_11, number < PP_ATTRIBUTES);
  PP_ENSURE(interpreter->witness, OBJ_11, *size < PP_VALUES_CAPACITY);
  for (unsigned i = 0; i < *size; i++)
    PP_ENSURE_SLOWLY(interpreter->witness, OBJ_11,
                     *order_at(interpreter, instance, i) != number);
  *order_at(interpreter, instance, *size) = (uint8_t)number;
  (*size)++;
}

/* Those behind it move up. */
static void take_from_order(const struct pp_interpreter *interpreter,
                            struct pp_object *instance, unsigned number) {
  uint8_t *size = size_at(interpreter, instance);
  unsigned at = 0;
  PP_REQUIRE(interpreter->witness, OBJ_11, *size <= PP_VALUES_CAPACITY);
  while (*order_at(interpreter, instance, at) != number) {
    at++;
    PP_ENSURE(interpreter->witness, OBJ_11, at < *size);
  }
  (*size)--;
  for (; at < *size; at++)
    *order_at(interpreter, instance, at) =
        *order_at(interpreter, instance, at + 1);
}

bool pp_values_set(struct pp_interpreter *interpreter,
                   struct pp_object *instance, unsigned number,
                   struct pp_object *value) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *former = pp_values_get(interpreter, instance, number);
  PP_REQUIRE(witness, OBJ_11, number < PP_ATTRIBUTES);
  if (value == NULL && former == NULL) return false;
  unsigned size = *size_at(interpreter, instance);
  unsigned more = value != NULL, less = former != NULL;
  if (value != NULL) pp_incref(interpreter, value);
  put(interpreter, instance, number, value);
  if (former == NULL) add_to_order(interpreter, instance, number);
  if (value == NULL) take_from_order(interpreter, instance, number);
  PP_ENSURE(witness, OBJ_11,
            pp_values_get(interpreter, instance, number) == value);
  PP_ENSURE(witness, OBJ_11,
            *size_at(interpreter, instance) == size + more - less);
  pp_object_touched(interpreter, instance);
  if (former != NULL) pp_decref(interpreter, former);
  return true;
}

/* ---- looking ---- */

/* The order takes a byte for each attribute that is set; what is left of its
 * room means nothing. */
static size_t apart_fields(struct pp_field_info *fields, unsigned size) {
  const struct pp_field_info all[] = {
      {"", PP_SHAPE_PADDING, 0, APART_SIZE_AT - size},
      {"order", PP_SHAPE_NUMBER, (int)(APART_SIZE_AT - size), size},
      {"size", PP_SHAPE_NUMBER, APART_SIZE_AT, 1},
      {"prefix", PP_SHAPE_NUMBER, APART_PREFIX_AT, 1},
      {"values", PP_SHAPE_OBJECTS, BEFORE, ROW},
  };
  memcpy(fields, all, sizeof all);
  return sizeof all / sizeof all[0];
}

static size_t inside_fields(struct pp_field_info *fields, unsigned size) {
  const struct pp_field_info all[] = {
      {"capacity", PP_SHAPE_NUMBER, INSIDE_CAPACITY_AT, 1},
      {"size", PP_SHAPE_NUMBER, INSIDE_SIZE_AT, 1},
      {"embedded", PP_SHAPE_NUMBER, INSIDE_EMBEDDED_AT, 1},
      {"valid", PP_SHAPE_NUMBER, INSIDE_VALID_AT, 1},
      {"", PP_SHAPE_PADDING, INSIDE_VALID_AT + 1, BEFORE - INSIDE_VALID_AT - 1},
      {"values", PP_SHAPE_OBJECTS, BEFORE, ROW},
      {"order", PP_SHAPE_NUMBER, BEFORE + ROW, size},
      {"", PP_SHAPE_PADDING, (int)(BEFORE + ROW + size), ORDER - size},
  };
  memcpy(fields, all, sizeof all);
  return sizeof all / sizeof all[0];
}

bool pp_values_field(const struct pp_interpreter *interpreter,
                     const struct pp_object *instance, unsigned index,
                     int offset, struct pp_field_info *field) {
  struct pp_field_info fields[FIELDS_MAX];
  unsigned size = *size_at(interpreter, instance);
  PP_REQUIRE(interpreter->witness, OBJ_11, size <= PP_VALUES_CAPACITY);
  size_t count = are_inside(interpreter) ? inside_fields(fields, size)
                                         : apart_fields(fields, size);
  PP_ENSURE(interpreter->witness, OBJ_03, count <= FIELDS_MAX);
  for (size_t i = 0; i < count; i++) {
    PP_ENSURE(interpreter->witness, OBJ_03, fields[i].size <= ROW);
    if (fields[i].size == 0) continue;
    if (index-- > 0) continue;
    *field = fields[i];
    field->offset += offset;
    return true;
  }
  return false;
}

enum pp_clause pp_values_check(const struct pp_interpreter *interpreter,
                               const struct pp_object *instance) {
  struct pp_witness *witness = interpreter->witness;
  const uint8_t *start = pp_values_start(interpreter, instance);
  if (are_inside(interpreter)) {
    PP_FACT(witness, OBJ_10, start[INSIDE_CAPACITY_AT] == PP_VALUES_CAPACITY);
    PP_FACT(witness, OBJ_10, start[INSIDE_EMBEDDED_AT] == 1);
    PP_FACT(witness, OBJ_10, start[INSIDE_VALID_AT] == 1);
  } else {
    PP_FACT(witness, OBJ_10, start[APART_PREFIX_AT] == BEFORE);
  }
  unsigned set = 0;
  for (unsigned i = 0; i < PP_VALUES_CAPACITY; i++) {
    const struct pp_object *value = pp_values_get(interpreter, instance, i);
    if (value == NULL) continue;
    PP_FACT(witness, OBJ_11, i < PP_ATTRIBUTES);
    PP_FACT(witness, OBJ_01, pp_type_known(value) != NULL);
    set++;
  }
  unsigned size = *size_at(interpreter, instance);
  PP_FACT(witness, OBJ_11, size == set);
  unsigned seen = 0; /* numbers, as bits */
  for (unsigned i = 0; i < size; i++) {
    unsigned number = *order_at(interpreter, instance, i);
    PP_FACT(witness, OBJ_11, number < PP_ATTRIBUTES);
    PP_FACT(witness, OBJ_11, (seen >> number & 1) == 0);
    PP_FACT(witness, OBJ_11,
            pp_values_get(interpreter, instance, number) != NULL);
    seen |= 1U << number;
  }
  return PP_HOLDS;
}
