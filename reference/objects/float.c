/* float, whose dead are kept, and complex, whose are not (SPEC.md, OBJ-08 and
 * OBJ-09). */
#include "reference/objects/float.h"

#include "reference/objects/object.h"

enum { FLOAT_SIZE = 24, COMPLEX_SIZE = 32 };

double pp_double_at(const struct pp_interpreter *interpreter,
                    const struct pp_object *object, enum pp_field field) {
  double value;
  PP_REQUIRE(interpreter->witness, OBJ_03,
             pp_field_texts[field].shape == PP_SHAPE_DOUBLE);
  memcpy(&value, pp_field_at(interpreter, object, field), sizeof value);
  return value;
}

static void write_double(const struct pp_interpreter *interpreter,
                         struct pp_object *object, enum pp_field field,
                         double value) {
  uint64_t word;
  PP_REQUIRE(interpreter->witness, OBJ_03,
             pp_field_texts[field].shape == PP_SHAPE_DOUBLE);
  memcpy(&word, &value, sizeof word);
  pp_field_write(interpreter, object, field, word);
}

struct pp_object *pp_float_new(struct pp_interpreter *interpreter,
                               double value) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *object = pp_free_list_take(interpreter, PP_FREE_FLOAT, 0);
  if (object == NULL)
    object = pp_object_new(interpreter, &pp_float_type, FLOAT_SIZE);
  if (object == NULL) return NULL;
  pp_object_begin(interpreter, object, &pp_float_type, 1);
  PP_ENSURE(witness, OBJ_09, pp_word_read(object->bytes) == 1);
  PP_ENSURE(witness, OBJ_09,
            object != interpreter->free_lists.first[PP_FREE_FLOAT][0]);
  write_double(interpreter, object, PP_FIELD_FLOAT_VALUE, value);
  pp_object_touched(interpreter, object);
  return object;
}

static void dealloc_float(struct pp_interpreter *interpreter,
                          struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, REF_06, pp_word_read(object->bytes) == 0);
  PP_REQUIRE(interpreter->witness, OBJ_08,
             pp_is(interpreter, object, PP_TYPE_FLOAT));
  if (!pp_free_list_put(interpreter, PP_FREE_FLOAT, 0, object)) {
    pp_object_free(interpreter, object);
    return;
  }
  PP_ENSURE(interpreter->witness, OBJ_08,
            interpreter->free_lists.count[PP_FREE_FLOAT][0] <=
                interpreter->rules->free_floats);
  PP_ENSURE(interpreter->witness, OBJ_09,
            interpreter->free_lists.first[PP_FREE_FLOAT][0] == object);
}

struct pp_object *pp_complex_new(struct pp_interpreter *interpreter,
                                 double real, double imaginary) {
  struct pp_object *object =
      pp_object_new(interpreter, &pp_complex_type, COMPLEX_SIZE);
  if (object == NULL) return NULL;
  write_double(interpreter, object, PP_FIELD_COMPLEX_REAL, real);
  write_double(interpreter, object, PP_FIELD_COMPLEX_IMAG, imaginary);
  pp_object_touched(interpreter, object);
  return object;
}

/* ---- looking ---- */

static bool is_complex(const struct pp_interpreter *interpreter,
                       const struct pp_object *object) {
  const struct pp_type *type = pp_type_known(object);
  if (type == &pp_complex_type) return true;
  PP_REQUIRE(interpreter->witness, OBJ_01, type == &pp_float_type);
  return false;
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *object, unsigned piece,
                  unsigned index, struct pp_field_info *info) {
  static const enum pp_field real[] = {PP_FIELD_FLOAT_VALUE};
  static const enum pp_field both[] = {PP_FIELD_COMPLEX_REAL,
                                       PP_FIELD_COMPLEX_IMAG};
  bool has_both = is_complex(interpreter, object);
  if (piece > 0) return false;
  return pp_fields_show(interpreter, has_both ? both : real, has_both ? 2 : 1,
                        &index, 0, info);
}

const struct pp_type pp_float_type = {
    .id = PP_TYPE_FLOAT,
    .name = "float",
    .fixed_size = FLOAT_SIZE,
    .dealloc = dealloc_float,
    .field = field,
};

const struct pp_type pp_complex_type = {
    .id = PP_TYPE_COMPLEX,
    .name = "complex",
    .fixed_size = COMPLEX_SIZE,
    .dealloc = pp_object_free,
    .field = field,
};
