/* Reading a literal: the operators, from those that bind least to those that
 * bind most, over what stands between them (literal_atom.c). */
#include "cli/literal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/literal_parts.h"

enum { DEPTH = 100 };

/* What the compiler of CPython reckons with has no more bits than this. */
enum { FOLDED_BITS = 128 };

/* ---- what is wrong ---- */

struct literal *literal_wrong(struct parser *parser, const char *where,
                              const char *format, ...) {
  struct literal_error *error = parser->error;
  if (error->column != 0) return NULL;
  error->column = 1;
  for (const char *at = parser->text; at < where; at++)
    if (((unsigned char)*at & 0xc0) != 0x80) error->column++;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->why, sizeof error->why, format, arguments);
  va_end(arguments);
  return NULL;
}

struct literal *literal_new(struct parser *parser, enum pp_type_id type,
                            const char *where) {
  struct literal *literal = pool_take(parser->pool, sizeof *literal);
  if (literal == NULL)
    return literal_wrong(parser, where, "this takes more memory than allowed");
  literal->type = type;
  literal->constant = true;
  literal->offset = (size_t)(where - parser->text);
  return literal;
}

/* ---- characters ---- */

void literal_skip_space(struct parser *parser) {
  for (;;) {
    char next = *parser->at;
    bool ends_line = next == '\n' || next == '\r';
    if (next == '\\' && parser->at[1] == '\n')
      parser->at++;
    else if (next != ' ' && next != '\t' && next != '\f' &&
             (!ends_line || parser->brackets == 0))
      return;
    parser->at++;
  }
}

bool literal_is_digit(char character, unsigned base) {
  if (character >= '0' && character <= '9')
    return (unsigned)(character - '0') < base;
  if (character >= 'a' && character <= 'f') return base == 16;
  return character >= 'A' && character <= 'F' && base == 16;
}

bool literal_is_letter(char character) {
  if (character >= 'a' && character <= 'z') return true;
  if (character >= 'A' && character <= 'Z') return true;
  return character == '_' || literal_is_digit(character, 10);
}

/* ---- operators ---- */

static double real_of(const struct literal *literal) {
  bool integer = literal->type == PP_TYPE_INT;
  return integer ? integer_double(&literal->integer) : literal->real;
}

static bool is_number(const struct literal *literal) {
  return literal->type == PP_TYPE_INT || literal->type == PP_TYPE_FLOAT ||
         literal->type == PP_TYPE_COMPLEX;
}

/* A complex is written as the sum of its parts: 1+2j. */
static struct literal *sum(struct parser *parser, const struct literal *left,
                           const struct literal *right, bool minus,
                           const char *where) {
  double sign = minus ? -1 : 1;
  if (!is_number(left) || !is_number(right) || left->type == PP_TYPE_COMPLEX ||
      right->type != PP_TYPE_COMPLEX)
    return literal_wrong(parser, where, "only ints are reckoned with here");
  struct literal *result =
      literal_new(parser, PP_TYPE_COMPLEX, parser->text + left->offset);
  if (result == NULL) return NULL;
  result->constant = left->constant && right->constant;
  result->real = real_of(left) + sign * right->real;
  result->imaginary = 0 + sign * right->imaginary;
  return result;
}

static const char *reckon(struct pool *pool, const char *symbol,
                          const struct integer *left,
                          const struct integer *right, struct integer *result) {
  if (strcmp(symbol, "**") == 0)
    return integer_power(pool, left, right, result);
  if (strcmp(symbol, "//") == 0)
    return integer_divide(pool, left, right, result, NULL);
  switch (symbol[0]) {
  case '+': return integer_add(pool, left, right, result);
  case '-': return integer_subtract(pool, left, right, result);
  case '*': return integer_multiply(pool, left, right, result);
  case '%': return integer_divide(pool, left, right, NULL, result);
  default: return integer_shift(pool, left, right, symbol[0] == '<', result);
  }
}

/* Whether the compiler does it, and not the program each time. */
static bool is_folded(const char *symbol, const struct integer *left,
                      const struct integer *right) {
  size_t bits = integer_bits(left);
  int64_t times;
  if (left->count == 0 || right->count == 0) return true;
  if (symbol[0] == '*' && symbol[1] == '\0')
    return bits + integer_bits(right) <= FOLDED_BITS;
  if (symbol[0] != '*' && symbol[0] != '<') return true;
  if (!integer_small(right, FOLDED_BITS, &times) || times < 0) return false;
  if (symbol[0] == '*') return bits <= FOLDED_BITS / (size_t)times;
  return bits + (size_t)times <= FOLDED_BITS;
}

static struct literal *apply(struct parser *parser, const struct literal *left,
                             const char *symbol, const struct literal *right,
                             const char *where) {
  bool ints = left->type == PP_TYPE_INT && right->type == PP_TYPE_INT;
  bool sums = symbol[0] == '+' || symbol[0] == '-';
  if (!ints && sums) return sum(parser, left, right, symbol[0] == '-', where);
  if (!ints)
    return literal_wrong(parser, where, "only ints are reckoned with by %s",
                         symbol);
  struct literal *result =
      literal_new(parser, PP_TYPE_INT, parser->text + left->offset);
  if (result == NULL) return NULL;
  const char *why = reckon(parser->pool, symbol, &left->integer,
                           &right->integer, &result->integer);
  if (why != NULL) return literal_wrong(parser, where, "the int here %s", why);
  result->constant = left->constant && right->constant &&
                     is_folded(symbol, &left->integer, &right->integer);
  return result;
}

/* ---- the levels, from the top ---- */

static struct literal *signed_value(struct parser *parser);

/* Binds more than a sign before it, and less than one behind: -2 ** -1. */
static struct literal *power(struct parser *parser) {
  struct literal *base = literal_atom(parser);
  if (base == NULL) return NULL;
  literal_skip_space(parser);
  const char *where = parser->at;
  if (where[0] != '*' || where[1] != '*') return base;
  parser->at += 2;
  struct literal *exponent = signed_value(parser);
  if (exponent == NULL) return NULL;
  return apply(parser, base, "**", exponent, where);
}

static struct literal *negate(struct parser *parser, struct literal *literal,
                              const char *where) {
  if (!is_number(literal))
    return literal_wrong(parser, where, "only a number has a sign");
  literal->integer.negative =
      !literal->integer.negative && literal->integer.count > 0;
  literal->real = -literal->real;
  literal->imaginary = -literal->imaginary;
  literal->offset = (size_t)(where - parser->text);
  return literal;
}

static struct literal *signed_value(struct parser *parser) {
  literal_skip_space(parser);
  const char *where = parser->at;
  if (*where != '-' && *where != '+') return power(parser);
  if (parser->depth >= DEPTH)
    return literal_wrong(parser, where, "this is nested too deeply");
  parser->at++;
  parser->depth++;
  struct literal *literal = signed_value(parser);
  parser->depth--;
  if (literal == NULL || *where == '-')
    return literal == NULL ? NULL : negate(parser, literal, where);
  if (!is_number(literal))
    return literal_wrong(parser, where, "only a number has a sign");
  return literal;
}

/* The symbol of a level that comes next, or NULL. */
static const char *next_operator(struct parser *parser, int level) {
  static const char *const levels[3][4] = {
      {"<<", ">>", NULL}, {"+", "-", NULL}, {"//", "*", "%", NULL}};
  literal_skip_space(parser);
  for (int i = 0; levels[level][i] != NULL; i++) {
    size_t length = strlen(levels[level][i]);
    if (strncmp(parser->at, levels[level][i], length) != 0) continue;
    parser->at += length;
    return levels[level][i];
  }
  return NULL;
}

/* Left to right. */
static struct literal *level_of(struct parser *parser, int level) {
  if (level == 3) return signed_value(parser);
  struct literal *left = level_of(parser, level + 1);
  while (left != NULL) {
    const char *symbol = next_operator(parser, level);
    if (symbol == NULL) break;
    const char *where = parser->at - strlen(symbol);
    struct literal *right = level_of(parser, level + 1);
    if (right == NULL) return NULL;
    left = apply(parser, left, symbol, right, where);
  }
  return left;
}

struct literal *literal_expression(struct parser *parser) {
  if (parser->depth >= DEPTH)
    return literal_wrong(parser, parser->at, "this is nested too deeply");
  parser->depth++;
  struct literal *literal = level_of(parser, 0);
  parser->depth--;
  return literal;
}

struct literal *literal_read(struct pool *pool, const char *text,
                             struct literal_error *error) {
  *error = (struct literal_error){0};
  struct parser parser = {
      .pool = pool, .text = text, .at = text, .error = error};
  struct literal *literal = literal_expressions(&parser);
  if (literal == NULL) return NULL;
  literal_skip_space(&parser);
  while (*parser.at == '\n' || *parser.at == '\r')
    parser.at++;
  if (*parser.at == '\0') return literal;
  return literal_wrong(&parser, parser.at, "the value ended before this");
}
