/* What is known of a value before it is made: whether others have it, too, and
 * whether its keys lie by their addresses. */
#include "cli/layout.h"

enum { LEAST = -5, MOST = 256 }; /* ints between are shared */

bool layout_is_interned(const struct literal *literal) {
  for (size_t i = 0; i < literal->length; i++) {
    uint32_t point = literal->points[i];
    bool letter = (point | 0x20) >= 'a' && (point | 0x20) <= 'z';
    bool digit = point >= '0' && point <= '9';
    if (point >= 0x80 || (!letter && !digit && point != '_')) return false;
  }
  return true;
}

/* Values that are the same object wherever they come from, or that the table
 * of interned strings refers to, are counted by others too. */
bool layout_is_counted(const struct literal *literal) {
  int64_t small;
  switch (literal->type) {
  case PP_TYPE_NONE:
  case PP_TYPE_ELLIPSIS:
  case PP_TYPE_NOT_IMPLEMENTED:
  case PP_TYPE_BOOL: return false;
  case PP_TYPE_INT:
    return !integer_small(&literal->integer, MOST, &small) || small < LEAST;
  case PP_TYPE_STR: return literal->length > 1 && !layout_is_interned(literal);
  case PP_TYPE_BYTES: return literal->length > 1;
  case PP_TYPE_TUPLE: return literal->length > 0;
  default: return true;
  }
}

/* The hash of an object is its address, unless it is a value. */
static bool is_scattered(const struct literal *literal,
                         const struct pp_profile *profile) {
  switch (literal->type) {
  case PP_TYPE_NONE: return profile->id < PP_PROFILE_3_12;
  case PP_TYPE_ELLIPSIS:
  case PP_TYPE_NOT_IMPLEMENTED: return true;
  case PP_TYPE_TUPLE: /* no deeper than the parser goes */
    for (size_t i = 0; i < literal->length; i++)
      if (is_scattered(literal->items[i], profile)) return true;
    return false;
  default: return false;
  }
}

bool layout_is_scattered(const struct literal *literal,
                         const struct pp_profile *profile) {
  size_t step = literal->type == PP_TYPE_DICT ? 2 : 1;
  if (literal->type != PP_TYPE_DICT && literal->type != PP_TYPE_SET)
    return false;
  for (size_t i = 0; i < literal->length; i += step)
    if (is_scattered(literal->items[i], profile)) return true;
  return false;
}

const char *layout_type_name(enum pp_type_id type) {
  static const char *const names[PP_TYPE_COUNT] = {
      "NoneType", "ellipsis", "NotImplementedType",
      "bool",     "int",      "float",
      "complex",  "bytes",    "str",
      "tuple",    "list",     "dict",
      "set",      "array",    "bytearray"};
  return names[type];
}
