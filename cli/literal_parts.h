/* The parser of literals, as its files share it: where it is in the text, and
 * the first thing that is wrong. */
#ifndef CLI_LITERAL_PARTS_H
#define CLI_LITERAL_PARTS_H

#include "cli/literal.h"

struct parser {
  struct pool *pool;
  const char *text;
  const char *at;
  unsigned depth;    /* of brackets and signs around here */
  unsigned brackets; /* open ones, inside of which lines may end */
  struct literal_error *error;
};

/* Says what is wrong at a place, unless something is already; answers NULL. */
struct literal *literal_wrong(struct parser *parser, const char *where,
                              const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A new literal that begins at a place. */
struct literal *literal_new(struct parser *parser, enum pp_type_id type,
                            const char *where);

void literal_skip_space(struct parser *parser);
bool literal_is_digit(char character, unsigned base);
bool literal_is_letter(char character); /* as names are made of */

/* literal.c: all of an expression; a level of operators. */
struct literal *literal_expression(struct parser *parser);
/* literal_atom.c: one or several with commas between, which are a tuple; and
 * what operators stand between. */
struct literal *literal_expressions(struct parser *parser);
struct literal *literal_atom(struct parser *parser);
/* literal_number.c */
struct literal *literal_number(struct parser *parser);
/* literal_text.c: strings, which may follow each other; `at` is at a quote or
 * a prefix. */
bool literal_is_text(const struct parser *parser);
struct literal *literal_text(struct parser *parser);
/* literal_call.c: array(...), bytearray(...), set(). */
struct literal *literal_call(struct parser *parser, const char *name);
bool literal_is_hashable(const struct literal *literal);

#endif
