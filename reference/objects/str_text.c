/* A str as it is read: its state, and its text unit by unit (SPEC.md, STR). Of
 * the state the lowest bits say whether it is interned, the next its kind. */
#include "reference/objects/object.h"
#include "reference/objects/str.h"

static uint32_t state_of(const struct pp_interpreter *interpreter,
                         const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, STR_02,
             pp_type_known(object) == &pp_str_type);
  return (uint32_t)pp_field_read(interpreter, object, PP_FIELD_STR_STATE);
}

size_t pp_str_length(const struct pp_interpreter *interpreter,
                     const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, STR_01,
             pp_type_known(object) == &pp_str_type);
  return pp_field_read(interpreter, object, PP_FIELD_STR_LENGTH);
}

size_t pp_str_kind(const struct pp_interpreter *interpreter,
                   const struct pp_object *object) {
  return state_of(interpreter, object) >> PP_STR_KIND_SHIFT & PP_STR_KIND;
}

bool pp_str_is_ascii(const struct pp_interpreter *interpreter,
                     const struct pp_object *object) {
  return (state_of(interpreter, object) & PP_STR_ASCII) != 0;
}

enum pp_field pp_str_text_field(bool ascii) {
  return ascii ? PP_FIELD_STR_ASCII_TEXT : PP_FIELD_STR_TEXT;
}

const uint8_t *pp_str_data(const struct pp_interpreter *interpreter,
                           const struct pp_object *object) {
  return pp_field_at(interpreter, object,
                     pp_str_text_field(pp_str_is_ascii(interpreter, object)));
}

uint32_t pp_str_point(const struct pp_interpreter *interpreter,
                      const struct pp_object *object, size_t index) {
  size_t kind = pp_str_kind(interpreter, object);
  uint32_t point = 0; /* the machine stores the low byte first */
  PP_REQUIRE(interpreter->witness, STR_01, kind <= PP_STR_KIND_MAX);
  PP_REQUIRE(interpreter->witness, STR_03,
             index <= pp_str_length(interpreter, object));
  memcpy(&point, pp_str_data(interpreter, object) + index * kind, kind);
  return point;
}

enum pp_interned_state pp_str_interned(const struct pp_interpreter *interpreter,
                                       const struct pp_object *object) {
  return (enum pp_interned_state)(state_of(interpreter, object) &
                                  PP_STR_INTERNED);
}

void pp_str_set_interned(const struct pp_interpreter *interpreter,
                         struct pp_object *object,
                         enum pp_interned_state state) {
  struct pp_witness *witness = interpreter->witness;
  uint32_t rest = state_of(interpreter, object) & ~(uint32_t)PP_STR_INTERNED;
  bool is_static = pp_is_static(interpreter, object);
  PP_REQUIRE(witness, INTERN_01, pp_str_interned(interpreter, object) != state);
  if (state == PP_INTERNED_STATIC) PP_REQUIRE(witness, INTERN_01, is_static);
  pp_field_write(interpreter, object, PP_FIELD_STR_STATE, rest | state);
  PP_ENSURE(witness, STR_02,
            (state_of(interpreter, object) & ~(uint32_t)PP_STR_INTERNED) ==
                rest);
  PP_ENSURE(witness, INTERN_01, pp_str_interned(interpreter, object) == state);
}

bool pp_str_equal(const struct pp_interpreter *interpreter,
                  const struct pp_object *left, const struct pp_object *right) {
  size_t length = pp_str_length(interpreter, left);
  size_t kind = pp_str_kind(interpreter, left);
  PP_REQUIRE(interpreter->witness, STR_01, kind > 0);
  PP_REQUIRE(interpreter->witness, STR_01, kind <= PP_STR_KIND_MAX);
  if (pp_str_length(interpreter, right) != length) return false;
  if (pp_str_kind(interpreter, right) != kind) return false;
  return memcmp(pp_str_data(interpreter, left), pp_str_data(interpreter, right),
                length * kind) == 0;
}
