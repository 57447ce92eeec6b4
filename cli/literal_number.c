/* Numbers: an int in base 2, 8, 10 or 16, a float, or the imaginary part of a
 * complex. An underscore may stand between two digits, and behind 0x. */
#include <stdlib.h>
#include <string.h>

#include "cli/literal_parts.h"

/* The end of the digits from here on, or NULL where there are none, or an
 * underscore does not stand between two. */
static const char *end_of_digits(const char *at, unsigned base) {
  if (!literal_is_digit(*at, base)) return NULL;
  while (literal_is_digit(*at, base) || *at == '_') {
    if (*at == '_' && !literal_is_digit(at[1], base)) return NULL;
    at++;
  }
  return at;
}

static uint32_t value_of(char digit) {
  if (digit <= '9') return (uint32_t)(digit - '0');
  return (uint32_t)((digit | 0x20) - 'a') + 10;
}

/* Several digits at a time, as many as a digit of the int has room for. */
static struct literal *integer(struct parser *parser, const char *where,
                               const char *digits, const char *end,
                               unsigned base) {
  struct literal *literal = literal_new(parser, PP_TYPE_INT, where);
  if (literal == NULL) return NULL;
  const char *why = NULL;
  uint32_t factor = 1, part = 0;
  for (const char *at = digits; why == NULL && at < end; at++) {
    if (*at == '_') continue;
    part = part * base + value_of(*at);
    factor *= base;
    if (factor <= INTEGER_MASK / base) continue;
    why = integer_extend(parser->pool, &literal->integer, factor, part);
    factor = 1;
    part = 0;
  }
  if (why == NULL)
    why = integer_extend(parser->pool, &literal->integer, factor, part);
  if (why != NULL) return literal_wrong(parser, where, "the int here %s", why);
  parser->at = end;
  return literal;
}

static struct literal *with_base(struct parser *parser, unsigned base) {
  const char *where = parser->at;
  const char *digits = where + 2;
  if (*digits == '_') digits++;
  const char *end = end_of_digits(digits, base);
  if (end == NULL || literal_is_letter(*end))
    return literal_wrong(parser, where, "this is no int in base %u", base);
  return integer(parser, where, digits, end, base);
}

/* The end of what a float has behind its first digits, or NULL. */
static const char *end_of_fraction(const char *at) {
  if (*at == '.') {
    at++;
    if (literal_is_digit(*at, 10)) at = end_of_digits(at, 10);
  }
  if (at == NULL || (*at | 0x20) != 'e') return at;
  at++;
  if (*at == '+' || *at == '-') at++;
  return end_of_digits(at, 10);
}

static struct literal *floating(struct parser *parser, const char *where,
                                const char *end, bool imaginary) {
  enum pp_type_id type = imaginary ? PP_TYPE_COMPLEX : PP_TYPE_FLOAT;
  struct literal *literal = literal_new(parser, type, where);
  char *text = pool_take(parser->pool, (size_t)(end - where) + 1);
  if (literal == NULL || text == NULL)
    return literal_wrong(parser, where, "this takes more memory than allowed");
  size_t length = 0;
  for (const char *at = where; at < end; at++)
    if (*at != '_') text[length++] = *at;
  *(imaginary ? &literal->imaginary : &literal->real) = strtod(text, NULL);
  parser->at = end + imaginary;
  return literal;
}

/* 00 is an int and 01 is none; 01. and 01j are numbers. */
static bool is_octal_of_old(const char *where, const char *end) {
  if (*where != '0') return false;
  for (const char *at = where; at < end; at++)
    if (*at != '0' && *at != '_') return true;
  return false;
}

struct literal *literal_number(struct parser *parser) {
  const char *where = parser->at;
  char second = *where == '0' ? (char)(where[1] | 0x20) : '\0';
  if (second == 'x') return with_base(parser, 16);
  if (second == 'o') return with_base(parser, 8);
  if (second == 'b') return with_base(parser, 2);
  const char *digits_end = where;
  if (*where != '.') digits_end = end_of_digits(where, 10);
  const char *end = digits_end;
  if (end != NULL) end = end_of_fraction(end);
  bool imaginary = end != NULL && (*end | 0x20) == 'j';
  if (end == NULL || literal_is_letter(end[imaginary]))
    return literal_wrong(parser, where, "this is no number");
  if (end != digits_end || imaginary)
    return floating(parser, where, end, imaginary);
  if (is_octal_of_old(where, end))
    return literal_wrong(parser, where, "an int has no zeros in front");
  return integer(parser, where, where, end, 10);
}
