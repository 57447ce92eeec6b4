/* The wide text of a str (SPEC.md, STR-04, STR-07 and STR-08): as wchar_t,
 * which has four bytes. Where a character takes as many, it is the text itself;
 * else it is made when it is first asked for, and kept until the str dies.
 *
 *   | .. | wstr | .. | a | b | 0 |
 *           +--> |   a   |   b   |   0   | */
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"

uint8_t *pp_str_wide(const struct pp_interpreter *interpreter,
                     const struct pp_object *object) {
  if (!pp_has_field(interpreter, PP_FIELD_STR_WSTR)) return NULL;
  uint8_t *wide = pp_field_pointer(interpreter, object, PP_FIELD_STR_WSTR);
  return wide == pp_str_data(interpreter, object) ? NULL : wide;
}

size_t pp_str_wide_size(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  if (pp_str_wide(interpreter, object) == NULL) return 0;
  PP_ENSURE(interpreter->witness, STR_08,
            pp_str_kind(interpreter, object) < PP_STR_KIND_MAX);
  return (pp_str_length(interpreter, object) + 1) * PP_STR_KIND_MAX;
}

bool pp_str_make_wide(struct pp_interpreter *interpreter,
                      struct pp_object *object) {
  const struct pp_system_source *obj = interpreter->options.obj;
  PP_REQUIRE(interpreter->witness, STR_08,
             pp_has_field(interpreter, PP_FIELD_STR_WSTR));
  if (pp_field_pointer(interpreter, object, PP_FIELD_STR_WSTR) != NULL)
    return true;
  size_t length = pp_str_length(interpreter, object);
  uint8_t *wide = obj->malloc(obj->ctx, (length + 1) * PP_STR_KIND_MAX);
  if (wide == NULL) return false;
  for (size_t i = 0; i <= length; i++) {
    uint32_t point = pp_str_point(interpreter, object, i);
    memcpy(wide + i * PP_STR_KIND_MAX, &point, sizeof point);
  }
  pp_field_set_pointer(interpreter, object, PP_FIELD_STR_WSTR, wide);
  if (!pp_str_is_ascii(interpreter, object))
    pp_field_write(interpreter, object, PP_FIELD_STR_WSTR_LENGTH, length);
  PP_CHECK(PP_MARK_OBJECT, interpreter->witness,
           pp_str_check_wide(interpreter, object));
  return true;
}

/* Once it is made, it is the text. */
static enum pp_clause check_made(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  const uint8_t *wstr =
      pp_field_pointer(interpreter, object, PP_FIELD_STR_WSTR);
  size_t length = pp_str_length(interpreter, object);
  if (pp_str_kind(interpreter, object) == PP_STR_KIND_MAX)
    PP_FACT(witness, STR_08, wstr == pp_str_data(interpreter, object));
  if (!pp_str_is_ascii(interpreter, object)) {
    uint64_t known =
        pp_field_read(interpreter, object, PP_FIELD_STR_WSTR_LENGTH);
    PP_FACT(witness, STR_08, known == (wstr == NULL ? 0 : length));
  }
  for (size_t i = 0; wstr != NULL && i <= length; i++) {
    uint32_t point;
    memcpy(&point, wstr + i * PP_STR_KIND_MAX, sizeof point);
    PP_FACT(witness, STR_08, point == pp_str_point(interpreter, object, i));
  }
  return PP_HOLDS;
}

enum pp_clause pp_str_check_wide(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  if (!pp_has_field(interpreter, PP_FIELD_STR_WSTR)) return PP_HOLDS;
  if (interpreter->rules->text_items_wide)
    return check_made(interpreter, object);
  const void *wstr = pp_field_pointer(interpreter, object, PP_FIELD_STR_WSTR);
  bool wide = pp_str_kind(interpreter, object) == PP_STR_KIND_MAX;
  const void *text = pp_str_data(interpreter, object);
  PP_FACT(witness, STR_04, wstr == (wide ? text : NULL));
  if (pp_str_is_ascii(interpreter, object)) return PP_HOLDS;
  PP_FACT(witness, STR_04,
          pp_field_read(interpreter, object, PP_FIELD_STR_WSTR_LENGTH) ==
              (wide ? pp_str_length(interpreter, object) : 0));
  return PP_HOLDS;
}
