/* A value in a few words: what a pointer points at. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/literal.h"

struct line {
  char *text;
  size_t size, used;
};

static void put(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...) {
  if (line->used + 1 >= line->size) return;
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line->text + line->used, line->size - line->used,
                         format, arguments);
  va_end(arguments);
  if (length > 0) line->used += (size_t)length;
}

/* In base 16, as every int can be written from its digits. */
static void put_integer(struct line *line, const struct integer *integer) {
  size_t bits = integer_bits(integer);
  put(line, "%s0x", integer->negative ? "-" : "");
  if (bits == 0) put(line, "0");
  for (size_t i = (bits + 3) / 4; i-- > 0;) {
    unsigned digit = 0;
    for (size_t bit = 4 * i + 4; bit-- > 4 * i;) {
      bool inside = bit / INTEGER_SHIFT < integer->count;
      uint32_t word = inside ? integer->digits[bit / INTEGER_SHIFT] : 0;
      digit = digit << 1 | (word >> bit % INTEGER_SHIFT & 1);
    }
    put(line, "%x", digit);
  }
}

static void put_text(struct line *line, const struct literal *literal) {
  put(line, "'");
  for (size_t i = 0; i < literal->length; i++) {
    uint32_t point = literal->points[i];
    if (point >= ' ' && point < 127 && point != '\'' && point != '\\')
      put(line, "%c", (char)point);
    else
      put(line, "\\u{%x}", (unsigned)point);
  }
  put(line, "'");
}

/* Each bit of it, so that 0.0 and -0.0 are told apart. */
static void put_double(struct line *line, double value) {
  uint64_t word;
  memcpy(&word, &value, sizeof word);
  put(line, "%016llx", (unsigned long long)word);
}

void literal_describe(const struct literal *literal, char *text, size_t size) {
  static const char *const names[PP_TYPE_COUNT] = {
      "None", "Ellipsis", "NotImplemented", "bool",
      "int",  "float",    "complex",        "bytes",
      "str",  "tuple",    "list",           "dict",
      "set",  "array",    "bytearray"};
  struct line line = {text, size, 0};
  text[0] = '\0';
  put(&line, "%s", names[literal->type]);
  switch (literal->type) {
  case PP_TYPE_NONE:
  case PP_TYPE_ELLIPSIS:
  case PP_TYPE_NOT_IMPLEMENTED: return;
  case PP_TYPE_BOOL:
    put(&line, " %s", literal->boolean ? "True" : "False");
    return;
  case PP_TYPE_INT:
    put(&line, " ");
    put_integer(&line, &literal->integer);
    return;
  case PP_TYPE_FLOAT:
    put(&line, " ");
    put_double(&line, literal->real);
    return;
  case PP_TYPE_COMPLEX:
    put(&line, " ");
    put_double(&line, literal->real);
    put(&line, " ");
    put_double(&line, literal->imaginary);
    return;
  case PP_TYPE_BYTES:
  case PP_TYPE_BYTEARRAY:
  case PP_TYPE_STR:
    put(&line, " ");
    put_text(&line, literal);
    return;
  case PP_TYPE_DICT:
  case PP_TYPE_SET: return; /* keys may be equal */
  default: put(&line, "[%zu]", literal->length);
  }
}
