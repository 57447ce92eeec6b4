/* The values of an interpreter, each made by the one call of its C interface
 * that asks for what the value takes and for nothing else. */
#include <stdlib.h>

#include "check/objects/python_inside.h"

enum { FOUR_BYTES = 4, CODE_POINTS = 0x110000 };

enum { DIGIT_BITS = 30, LONG_BITS = 63 };

static struct pp_object *shared(struct pp_object *object) {
  pp_python.Py_IncRef(object);
  return object;
}

/* ---- values ---- */

struct pp_object *pp_python_none(struct pp_interpreter *interpreter) {
  (void)interpreter;
  return shared(pp_python.none);
}

struct pp_object *pp_python_ellipsis(struct pp_interpreter *interpreter) {
  (void)interpreter;
  return shared(pp_python.ellipsis);
}

struct pp_object *
pp_python_not_implemented(struct pp_interpreter *interpreter) {
  (void)interpreter;
  return shared(pp_python.not_implemented);
}

struct pp_object *pp_python_boolean(struct pp_interpreter *interpreter,
                                    bool value) {
  (void)interpreter;
  return shared(value ? pp_python.truth : pp_python.falsehood);
}

/* In base 2 the number of digits is known from that of the characters, and
 * just so many are asked for. */
static struct pp_object *from_digits(bool negative, const uint32_t *digits,
                                     size_t count) {
  char *text = malloc(count * 30 + 2);
  if (text == NULL) return NULL;
  char *end = text;
  if (negative) *end++ = '-';
  bool leading = true;
  for (size_t i = count * 30; i-- > 0;) {
    bool one = (digits[i / 30] >> i % 30 & 1) != 0;
    leading = leading && !one;
    if (!leading) *end++ = one ? '1' : '0';
  }
  *end = '\0';
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyLong_FromString(text, NULL, 2));
  free(text);
  return result;
}

struct pp_object *pp_python_integer(struct pp_interpreter *interpreter,
                                    bool negative, const uint32_t *digits,
                                    size_t count) {
  (void)interpreter;
  while (count > 0 && digits[count - 1] == 0)
    count--;
  unsigned long long magnitude = 0;
  for (size_t i = count; i-- > 0;) {
    if (magnitude >> (LONG_BITS - DIGIT_BITS) != 0)
      return from_digits(negative, digits, count);
    magnitude = magnitude << DIGIT_BITS | digits[i];
  }
  long long value = (long long)magnitude;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyLong_FromLongLong(negative ? -value : value));
  return result;
}

struct pp_object *pp_python_floating(struct pp_interpreter *interpreter,
                                     double value) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyFloat_FromDouble(value));
  return result;
}

struct pp_object *pp_python_complex(struct pp_interpreter *interpreter,
                                    double real, double imaginary) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyComplex_FromDoubles(real, imaginary));
  return result;
}

struct pp_object *pp_python_bytes(struct pp_interpreter *interpreter,
                                  const uint8_t *data, size_t length) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyBytes_FromStringAndSize((const char *)data,
                                                          (ptrdiff_t)length));
  return result;
}

struct pp_object *pp_python_bytearray(struct pp_interpreter *interpreter,
                                      const uint8_t *data, size_t length) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyByteArray_FromStringAndSize(
                 (const char *)data, (ptrdiff_t)length));
  return result;
}

struct pp_object *pp_python_string(struct pp_interpreter *interpreter,
                                   const uint32_t *code_points, size_t length) {
  (void)interpreter;
  for (size_t i = 0; i < length; i++)
    if (code_points[i] >= CODE_POINTS) return NULL;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyUnicode_FromKindAndData(
                 FOUR_BYTES, code_points, (ptrdiff_t)length));
  return result;
}

struct pp_object *pp_python_tuple(struct pp_interpreter *interpreter,
                                  struct pp_object *const *items,
                                  size_t length) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyTuple_New((ptrdiff_t)length));
  for (size_t i = 0; result != NULL && i < length; i++)
    pp_python.PyTuple_SetItem(
        result, (ptrdiff_t)i,
        shared(items[i] != NULL ? items[i] : pp_python.none));
  return result;
}

struct pp_object *pp_python_list(struct pp_interpreter *interpreter,
                                 struct pp_object *const *items,
                                 size_t length) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyList_New((ptrdiff_t)length));
  for (size_t i = 0; result != NULL && i < length; i++)
    pp_python.PyList_SetItem(
        result, (ptrdiff_t)i,
        shared(items[i] != NULL ? items[i] : pp_python.none));
  return result;
}

struct pp_object *pp_python_dict(struct pp_interpreter *interpreter) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyDict_New());
  return result;
}

struct pp_object *pp_python_set(struct pp_interpreter *interpreter) {
  (void)interpreter;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PySet_New(NULL));
  return result;
}

struct pp_object *pp_python_array(struct pp_interpreter *interpreter,
                                  char code) {
  (void)interpreter;
  struct pp_object *arguments = NULL;
  if (code > 0) arguments = pp_python.codes[(int)code];
  if (arguments == NULL) return NULL;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyObject_Call(pp_python.types[PP_TYPE_ARRAY],
                                              arguments, NULL));
  return result;
}

/* The list is lent; while it is filled and emptied, nothing is the program's.
 */
struct pp_object *pp_python_array_of(struct pp_interpreter *interpreter,
                                     char code, struct pp_object *const *items,
                                     size_t length) {
  (void)interpreter;
  struct pp_object *arguments = NULL;
  if (code > 0) arguments = pp_python.codes_items[(int)code];
  if (arguments == NULL) return NULL;
  for (size_t i = 0; i < length; i++)
    if (!pp_python_fits_code(code, items[i])) return NULL;
  for (size_t i = 0; i < length; i++)
    pp_python.PyList_Append(pp_python.items, items[i]);
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyObject_Call(pp_python.types[PP_TYPE_ARRAY],
                                              arguments, NULL));
  pp_python.PyList_SetSlice(pp_python.items, 0, (ptrdiff_t)length, NULL);
  return result;
}

struct pp_object *pp_python_instance(struct pp_interpreter *interpreter,
                                     bool finalizer) {
  (void)interpreter;
  struct pp_object *class =
      finalizer ? pp_python.finalizing : pp_python.types[PP_TYPE_INSTANCE];
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyObject_Call(class, pp_python.empty, NULL));
  return result;
}

struct pp_object *pp_python_weakref(struct pp_interpreter *interpreter,
                                    struct pp_object *referent, bool callback) {
  (void)interpreter;
  enum pp_type_id type = pp_python_type_of(NULL, referent);
  if (type != PP_TYPE_SET && type != PP_TYPE_ARRAY && type != PP_TYPE_INSTANCE)
    return NULL;
  struct pp_object *result;
  PP_PROGRAM(result = pp_python.PyWeakref_NewRef(
                 referent, callback ? pp_python.callback : NULL));
  return result;
}
