/* Values that are written as a call: array('Q', [...]), bytearray(b'...') and
 * set(). */
#include <limits.h>
#include <string.h>

#include "cli/literal_parts.h"

/* ---- what an array takes ---- */

static bool is_between(const struct literal *item, int64_t least,
                       uint64_t most) {
  int64_t value;
  if (item->type == PP_TYPE_BOOL) return true;
  if (item->type != PP_TYPE_INT) return false;
  if (integer_small(&item->integer, INT64_MAX, &value))
    return value >= least && (value < 0 || (uint64_t)value <= most);
  if (item->integer.negative)
    return least == INT64_MIN && integer_bits(&item->integer) == 64 &&
           item->integer.digits[0] == 0 && item->integer.digits[1] == 0 &&
           item->integer.digits[2] == 1U << 3;
  return most == UINT64_MAX && integer_bits(&item->integer) <= 64;
}

static bool fits(char code, const struct literal *item) {
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
  case 'u': return item->type == PP_TYPE_STR && item->length == 1;
  default:
    return item->type == PP_TYPE_FLOAT ||
           is_between(item, INT64_MIN, UINT64_MAX);
  }
}

/* ---- calls ---- */

static bool accept(struct parser *parser, char character) {
  literal_skip_space(parser);
  if (*parser->at != character) return false;
  parser->at++;
  return true;
}

static struct literal *closed(struct parser *parser, struct literal *literal) {
  accept(parser, ','); /* as behind the last of any arguments */
  if (!accept(parser, ')'))
    return literal_wrong(parser, parser->at, "a ) is missing here");
  parser->brackets--;
  return literal;
}

static struct literal *array_of(struct parser *parser,
                                struct literal *literal) {
  literal_skip_space(parser);
  const char *where = parser->at;
  struct literal *code = literal_expression(parser);
  if (code == NULL) return NULL;
  bool known = code->type == PP_TYPE_STR && code->length == 1 &&
               code->points[0] < 128 && code->points[0] != 0 &&
               strchr("bBuhHiIlLqQfd", (int)code->points[0]) != NULL;
  if (!known)
    return literal_wrong(parser, where,
                         "the type of an array is one of bBuhHiIlLqQfd");
  literal->code = (char)code->points[0];
  if (!accept(parser, ',')) return closed(parser, literal);
  literal_skip_space(parser);
  if (*parser->at == ')') return closed(parser, literal);
  where = parser->at;
  struct literal *items = literal_expression(parser);
  if (items == NULL) return NULL;
  if (items->type != PP_TYPE_LIST)
    return literal_wrong(parser, where, "an array is made of a list here");
  for (size_t i = 0; i < items->length; i++)
    if (!fits(literal->code, items->items[i]))
      return literal_wrong(parser, parser->text + items->items[i]->offset,
                           "this is no item of an array('%c')", literal->code);
  literal->items = items->items;
  literal->length = items->length;
  return closed(parser, literal);
}

static struct literal *bytearray_of(struct parser *parser,
                                    struct literal *literal) {
  literal_skip_space(parser);
  if (*parser->at == ')') return closed(parser, literal);
  const char *where = parser->at;
  struct literal *bytes = literal_expression(parser);
  if (bytes == NULL) return NULL;
  if (bytes->type != PP_TYPE_BYTES)
    return literal_wrong(parser, where, "a bytearray is made of bytes here");
  literal->points = bytes->points;
  literal->length = bytes->length;
  return closed(parser, literal);
}

struct literal *literal_call(struct parser *parser, const char *name) {
  static const struct {
    const char *name;
    enum pp_type_id type;
  } calls[] = {
      {"array", PP_TYPE_ARRAY},
      {"array.array", PP_TYPE_ARRAY},
      {"bytearray", PP_TYPE_BYTEARRAY},
      {"set", PP_TYPE_SET},
  };
  const char *where = parser->at;
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (strcmp(name, calls[i].name) != 0) continue;
    parser->at += strlen(name);
    if (!accept(parser, '('))
      return literal_wrong(parser, parser->at, "a ( is missing here");
    parser->brackets++;
    struct literal *literal = literal_new(parser, calls[i].type, where);
    if (literal == NULL) return NULL;
    literal->constant = false;
    if (literal->type == PP_TYPE_ARRAY) return array_of(parser, literal);
    if (literal->type == PP_TYPE_BYTEARRAY)
      return bytearray_of(parser, literal);
    return closed(parser, literal);
  }
  return literal_wrong(parser, where, "no value has the name %s", name);
}
