/* What operators stand between: a name, a number, a text, or something in
 * brackets. */
#include <stdio.h>
#include <string.h>

#include "cli/literal_parts.h"

/* ---- items ---- */

/* A literal has as much room for items as the next power of two. */
static bool add_item(struct parser *parser, struct literal *literal,
                     struct literal *item) {
  if ((literal->length & (literal->length - 1)) == 0) {
    size_t room = literal->length == 0 ? 1 : 2 * literal->length;
    struct literal **items =
        pool_take(parser->pool, room * sizeof(struct literal *));
    if (items == NULL) {
      literal_wrong(parser, parser->at, "this takes more memory than allowed");
      return false;
    }
    if (literal->length > 0)
      memcpy(items, literal->items, literal->length * sizeof *items);
    literal->items = items;
  }
  literal->items[literal->length++] = item;
  return true;
}

static bool accept(struct parser *parser, char character) {
  literal_skip_space(parser);
  if (*parser->at != character) return false;
  parser->at++;
  return true;
}

static bool begins_item(struct parser *parser) {
  literal_skip_space(parser);
  return *parser->at != '\0' && strchr(")]}\n\r", *parser->at) == NULL;
}

/* Items up to the bracket; the comma behind the last may be left out. */
static struct literal *items_until(struct parser *parser,
                                   struct literal *literal, char bracket) {
  parser->brackets++;
  while (begins_item(parser)) {
    struct literal *item = literal_expression(parser);
    if (item == NULL || !add_item(parser, literal, item)) return NULL;
    if (!accept(parser, ',')) break;
  }
  if (!accept(parser, bracket))
    return literal_wrong(parser, parser->at, "a %c is missing here", bracket);
  parser->brackets--;
  return literal;
}

static bool are_constant(const struct literal *literal) {
  for (size_t i = 0; i < literal->length; i++)
    if (!literal->items[i]->constant) return false;
  return true;
}

struct literal *literal_expressions(struct parser *parser) {
  literal_skip_space(parser);
  const char *where = parser->at;
  struct literal *first = literal_expression(parser);
  if (first == NULL || !accept(parser, ',')) return first;
  struct literal *tuple = literal_new(parser, PP_TYPE_TUPLE, where);
  if (tuple == NULL || !add_item(parser, tuple, first)) return NULL;
  while (begins_item(parser)) {
    struct literal *item = literal_expression(parser);
    if (item == NULL || !add_item(parser, tuple, item)) return NULL;
    if (!accept(parser, ',')) break;
  }
  tuple->constant = are_constant(tuple);
  return tuple;
}

/* ---- in brackets ---- */

static struct literal *in_parentheses(struct parser *parser) {
  const char *where = parser->at++;
  parser->brackets++;
  struct literal *inside = begins_item(parser)
                               ? literal_expressions(parser)
                               : literal_new(parser, PP_TYPE_TUPLE, where);
  if (inside == NULL) return NULL;
  if (!accept(parser, ')'))
    return literal_wrong(parser, parser->at, "a ) is missing here");
  parser->brackets--;
  return inside;
}

static struct literal *in_square_brackets(struct parser *parser) {
  struct literal *list = literal_new(parser, PP_TYPE_LIST, parser->at++);
  if (list == NULL) return NULL;
  list->constant = false;
  return items_until(parser, list, ']');
}

bool literal_is_hashable(const struct literal *literal) {
  switch (literal->type) {
  case PP_TYPE_LIST:
  case PP_TYPE_DICT:
  case PP_TYPE_SET:
  case PP_TYPE_ARRAY:
  case PP_TYPE_BYTEARRAY: return false;
  case PP_TYPE_TUPLE: /* no deeper than the parser goes */
    for (size_t i = 0; i < literal->length; i++)
      if (!literal_is_hashable(literal->items[i])) return false;
    return true;
  default: return true;
  }
}

static struct literal *key_of(struct parser *parser) {
  literal_skip_space(parser);
  const char *where = parser->at;
  struct literal *key = literal_expression(parser);
  if (key == NULL || literal_is_hashable(key)) return key;
  return literal_wrong(parser, where, "this has no hash");
}

/* A dict, when a colon follows the first item. */
static struct literal *in_braces(struct parser *parser) {
  struct literal *literal = literal_new(parser, PP_TYPE_DICT, parser->at++);
  if (literal == NULL) return NULL;
  literal->constant = false;
  parser->brackets++;
  while (begins_item(parser)) {
    struct literal *item = key_of(parser);
    if (item == NULL || !add_item(parser, literal, item)) return NULL;
    bool pair = accept(parser, ':');
    if (literal->length == 1 && !pair) literal->type = PP_TYPE_SET;
    if (pair != (literal->type == PP_TYPE_DICT))
      return literal_wrong(parser, parser->at, "a set has no : and a dict has");
    if (pair) {
      item = literal_expression(parser);
      if (item == NULL || !add_item(parser, literal, item)) return NULL;
    }
    if (!accept(parser, ',')) break;
  }
  if (!accept(parser, '}'))
    return literal_wrong(parser, parser->at, "a } is missing here");
  parser->brackets--;
  return literal;
}

/* ---- names ---- */

static struct literal *named(struct parser *parser) {
  static const struct {
    const char *name;
    enum pp_type_id type;
    bool boolean, constant;
  } names[] = {
      {"None", PP_TYPE_NONE, false, true},
      {"False", PP_TYPE_BOOL, false, true},
      {"True", PP_TYPE_BOOL, true, true},
      {"Ellipsis", PP_TYPE_ELLIPSIS, false, false},
      {"NotImplemented", PP_TYPE_NOT_IMPLEMENTED, false, false},
  };
  char name[32];
  const char *where = parser->at;
  size_t length = 0;
  while (literal_is_letter(where[length]) || where[length] == '.')
    length++;
  if (length >= sizeof name)
    return literal_wrong(parser, where, "no value has this name");
  memcpy(name, where, length);
  name[length] = '\0';
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(name, names[i].name) != 0) continue;
    struct literal *literal = literal_new(parser, names[i].type, where);
    if (literal == NULL) return NULL;
    literal->boolean = names[i].boolean;
    literal->constant = names[i].constant;
    parser->at += length;
    return literal;
  }
  return literal_call(parser, name);
}

struct literal *literal_atom(struct parser *parser) {
  literal_skip_space(parser);
  const char *where = parser->at;
  if (*where == '(') return in_parentheses(parser);
  if (*where == '[') return in_square_brackets(parser);
  if (*where == '{') return in_braces(parser);
  if (strncmp(where, "...", 3) == 0) {
    parser->at += 3;
    return literal_new(parser, PP_TYPE_ELLIPSIS, where);
  }
  if (literal_is_digit(*where, 10) ||
      (*where == '.' && literal_is_digit(where[1], 10)))
    return literal_number(parser);
  if (literal_is_text(parser)) return literal_text(parser);
  if (literal_is_letter(*where)) return named(parser);
  if (*where == '\0') return literal_wrong(parser, where, "a value is missing");
  return literal_wrong(parser, where, "no value begins like this");
}
