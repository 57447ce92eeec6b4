/* What an interpreter would raise an exception for is answered without asking
 * it: an exception is made of objects, of a tuple among others, and those
 * would come out of the free lists that the program's objects go to. */
#include <limits.h>

#include "check/objects/python_inside.h"

/* A tuple is hashed to this depth and no deeper. */
enum { DEPTH = 200, DIGIT_BITS = 30 };

enum {
  ITEMS_OF_TUPLE = 24,
  DIGITS_OF_INT = 24,
  SIZE = 16,
  HASH_OF_WEAKREF = 32, /* all ones: not asked for yet */
  TYPE_OF_ITEM = 40     /* of an array: the first byte there is its code */
};

static enum pp_type_id type_of(const struct pp_object *object) {
  return pp_python_type_of(NULL, object);
}

static const struct pp_object *item_of(const struct pp_object *tuple,
                                       uint64_t index) {
  uint64_t item =
      pp_python_word(tuple, ITEMS_OF_TUPLE + (int)(index * sizeof index));
  return (const struct pp_object *)(uintptr_t)item;
}

static bool is_hashable(const struct pp_object *object, int depth) {
  switch (type_of(object)) {
  case PP_TYPE_LIST:
  case PP_TYPE_DICT:
  case PP_TYPE_SET:
  case PP_TYPE_ARRAY:
  case PP_TYPE_BYTEARRAY: return false;
  case PP_TYPE_WEAKREF:
    if (pp_python_word(object, HASH_OF_WEAKREF) != UINT64_MAX) return true;
    object =
        pp_python.PyWeakref_GetObject((struct pp_object *)(uintptr_t)object);
    return object != pp_python.none && is_hashable(object, depth);
  case PP_TYPE_TUPLE:
    for (uint64_t i = 0; i < pp_python_word(object, SIZE); i++) {
      if (depth == 0) return false;
      if (!is_hashable(item_of(object, i), depth - 1)) return false;
    }
    return true;
  case PP_TYPE_STR:
  case PP_TYPE_BYTES: /* which keep it, even if a later item has none */
    (void)pp_python.PyObject_Hash((struct pp_object *)(uintptr_t)object);
    return true;
  default: return true;
  }
}

bool pp_python_hashable(const struct pp_object *object) {
  return is_hashable(object, DEPTH);
}

/* ---- items of arrays ---- */

/* Sign and number of digits, as to 3.11 and since. */
static int64_t digits_of(const struct pp_object *integer) {
  uint64_t word = pp_python_word(integer, SIZE);
  if (pp_python.release.minor < 12) return (int64_t)word;
  int64_t count = (int64_t)(word >> 3);
  return (word & 3) == 2 ? -count : count;
}

/* False when the magnitude has more than 64 bits. */
static bool magnitude_of(const struct pp_object *integer, bool *negative,
                         uint64_t *magnitude) {
  int64_t count = digits_of(integer);
  *negative = count < 0;
  *magnitude = 0;
  if (count < 0) count = -count;
  for (int64_t i = count - 1; i >= 0; i--) {
    uint32_t digit;
    memcpy(&digit, (const char *)integer + DIGITS_OF_INT + 4 * i, sizeof digit);
    if (*magnitude >> 34 != 0) return false;
    *magnitude = *magnitude << 30 | digit;
  }
  return true;
}

static bool is_between(const struct pp_object *item, int64_t least,
                       uint64_t most) {
  bool negative;
  uint64_t magnitude;
  enum pp_type_id type = type_of(item);
  if (type != PP_TYPE_INT && type != PP_TYPE_BOOL) return false;
  if (!magnitude_of(item, &negative, &magnitude)) return false;
  if (negative) return magnitude <= (uint64_t)0 - (uint64_t)least;
  return magnitude <= most;
}

/* Bit `bit` of the magnitude. */
static bool bit_of(const struct pp_object *integer, int64_t bit) {
  uint32_t digit;
  const char *digits = (const char *)integer + DIGITS_OF_INT;
  memcpy(&digit, digits + 4 * (bit / DIGIT_BITS), sizeof digit);
  return (digit >> bit % DIGIT_BITS & 1) != 0;
}

/* An int that no double is near to would be rounded to 2^1024: its highest 54
 * bits are ones, or it has more than 1024. */
static bool is_number(const struct pp_object *item) {
  enum { BITS_OF_ROUNDING = 54, BITS_MOST = 1024 };
  if (type_of(item) == PP_TYPE_FLOAT || type_of(item) == PP_TYPE_BOOL)
    return true;
  if (type_of(item) != PP_TYPE_INT) return false;
  int64_t count = digits_of(item) < 0 ? -digits_of(item) : digits_of(item);
  int64_t bits = count * DIGIT_BITS;
  while (bits > 0 && !bit_of(item, bits - 1))
    bits--;
  if (bits != BITS_MOST) return bits < BITS_MOST;
  for (int64_t i = 1; i <= BITS_OF_ROUNDING; i++)
    if (!bit_of(item, bits - i)) return true;
  return false;
}

static bool is_character(const struct pp_object *item) {
  if (type_of(item) != PP_TYPE_STR) return false;
  return pp_python.PyUnicode_GetLength((struct pp_object *)(uintptr_t)item) ==
         1;
}

bool pp_python_fits_code(char code, const struct pp_object *item) {
  switch (code) {
  case 'b': return is_between(item, SCHAR_MIN, SCHAR_MAX);
  case 'B': return is_between(item, 0, UCHAR_MAX);
  case 'h': return is_between(item, SHRT_MIN, SHRT_MAX);
  case 'H': return is_between(item, 0, USHRT_MAX);
  case 'i': return is_between(item, INT_MIN, INT_MAX);
  case 'I': return is_between(item, 0, UINT_MAX);
  case 'l':
  case 'q': return is_between(item, INT64_MIN, INT64_MAX);
  case 'L':
  case 'Q': return is_between(item, 0, UINT64_MAX);
  case 'u':
  case 'w': return is_character(item);
  default: return is_number(item);
  }
}

bool pp_python_fits(const struct pp_object *sequence,
                    const struct pp_object *item) {
  if (type_of(sequence) == PP_TYPE_BYTEARRAY)
    return is_between(item, 0, UCHAR_MAX);
  uint64_t kind = pp_python_word(sequence, TYPE_OF_ITEM);
  return pp_python_fits_code(*(const char *)(uintptr_t)kind, item);
}

bool pp_python_same_code(const struct pp_object *array,
                         const struct pp_object *other) {
  return pp_python_word(array, TYPE_OF_ITEM) ==
         pp_python_word(other, TYPE_OF_ITEM);
}

/* ---- attributes ---- */

bool pp_python_has_attribute(struct pp_object *instance, unsigned number) {
  struct pp_object *found = NULL;
  if (pp_python.PyObject_GetOptionalAttr != NULL)
    pp_python.PyObject_GetOptionalAttr(instance, pp_python.attributes[number],
                                       &found);
  else
    pp_python._PyObject_LookupAttr(instance, pp_python.attributes[number],
                                   &found);
  if (found != NULL) pp_python.Py_DecRef(found);
  return found != NULL;
}
