/* A value written as in Python: what `poolproof layout` is given. A literal is
 * None, True, False, Ellipsis, NotImplemented; an int, float or complex; a str
 * or bytes, in all its forms but those with a name of a character or with an
 * expression inside; a tuple, list, dict or set of literals; array('Q', [...])
 * and bytearray(b'...'). Ints may be reckoned with by + - * ** // % << >>. */
#ifndef CLI_LITERAL_H
#define CLI_LITERAL_H

#include "cli/integer.h"
#include "poolproof/objects.h"

struct literal {
  enum pp_type_id type; /* never WEAKREF or INSTANCE */
  size_t offset;        /* in the text, in bytes */
  /* CPython's compiler makes it once, as a constant. */
  bool constant;
  bool boolean;
  char code; /* of an array */
  struct integer integer;
  double real, imaginary; /* FLOAT has only the first */
  uint32_t *points;       /* of a str, and, below 256, of bytes, bytearray */
  struct literal **items; /* a dict has key, value, key, value, ... */
  size_t length;          /* of points, or items */
};

struct literal_error {
  size_t column; /* in characters, from 1 */
  char why[160];
};

/* Reads the whole text, which is UTF-8; everything lies in the pool. NULL, with
 * what is wrong and where. */
struct literal *literal_read(struct pool *pool, const char *text,
                             struct literal_error *error);

/* Appends a short form of a value, on one line and in ASCII, cut off where the
 * room ends; sequences show their length. It is the same for equal values. */
void literal_describe(const struct literal *literal, char *text, size_t size);

#endif
