/* str and bytes: prefixes, quotes, escapes, and several that follow each other
 * and are one. The text is UTF-8, and must be. */
#include <string.h>

#include "cli/literal_parts.h"

enum { HIGHEST = 0x10ffff };

struct piece {
  bool raw, bytes;
  char quote;
  bool thrice;
};

/* ---- prefixes and quotes ---- */

/* Characters before the quote; of what is no text, -1. */
static int prefix_of(const char *at, struct piece *piece, bool *formatted) {
  int length = 0;
  bool text = false;
  *piece = (struct piece){0};
  *formatted = false;
  for (; length < 2 && at[length] != '\'' && at[length] != '"'; length++) {
    char letter = (char)(at[length] | 0x20);
    if (letter == 'r' && !piece->raw && !text)
      piece->raw = true;
    else if (letter == 'b' && !piece->bytes && !text && !*formatted)
      piece->bytes = true;
    else if (letter == 'u' && length == 0)
      text = true;
    else if (letter == 'f' && !piece->bytes && !text && !*formatted)
      *formatted = true;
    else
      return -1;
  }
  if (at[length] != '\'' && at[length] != '"') return -1;
  piece->quote = at[length];
  piece->thrice =
      at[length + 1] == piece->quote && at[length + 2] == piece->quote;
  return length;
}

bool literal_is_text(const struct parser *parser) {
  struct piece piece;
  bool formatted;
  return prefix_of(parser->at, &piece, &formatted) >= 0;
}

/* ---- characters ---- */

/* One code point of UTF-8; false: it is none. */
static bool decode(const char **at, uint32_t *point) {
  const unsigned char *bytes = (const unsigned char *)*at;
  static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
  int more = bytes[0] < 0x80   ? 0
             : bytes[0] < 0xe0 ? 1
             : bytes[0] < 0xf0 ? 2
                               : 3;
  if (more > 0 && (bytes[0] < 0xc2 || bytes[0] > 0xf4)) return false;
  *point = more == 0 ? bytes[0] : bytes[0] & (0x3fU >> more);
  for (int i = 1; i <= more; i++) {
    if ((bytes[i] & 0xc0) != 0x80) return false;
    *point = *point << 6 | (bytes[i] & 0x3fU);
  }
  *at += more + 1;
  bool surrogate = *point >= 0xd800 && *point <= 0xdfff;
  return *point >= least[more] && *point <= HIGHEST && !surrogate;
}

/* So many digits of base 16, as \x41 has them. */
static bool hexadecimal(const char **at, int count, uint32_t *point) {
  *point = 0;
  for (int i = 0; i < count; i++) {
    char digit = **at;
    if (!literal_is_digit(digit, 16)) return false;
    uint32_t value =
        (uint32_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 87);
    *point = *point << 4 | value;
    (*at)++;
  }
  return *point <= HIGHEST;
}

/* Up to three digits of base 8. */
static void octal(const char **at, uint32_t *point) {
  *point = 0;
  for (int i = 0; i < 3 && literal_is_digit(**at, 8); i++)
    *point = *point << 3 | (uint32_t)(*(*at)++ - '0');
}

/* What stands behind a backslash. `keep` becomes true where the backslash is
 * part of the text, `skip` where the line only goes on. */
static bool escape(struct parser *parser, bool bytes, uint32_t *point,
                   bool *keep, bool *skip) {
  static const char letters[] = "\\'\"abfnrtv";
  static const char meanings[] = "\\'\"\a\b\f\n\r\t\v";
  const char *where = parser->at - 1;
  char letter = *parser->at++;
  const char *known = letter == '\0' ? NULL : strchr(letters, letter);
  bool fine = true;
  *skip = letter == '\n';
  if (*skip) return true;
  if (known != NULL) {
    *point = (unsigned char)meanings[known - letters];
  } else if (literal_is_digit(letter, 8)) {
    parser->at--;
    octal(&parser->at, point);
    if (bytes) *point &= 0xff;
  } else if (letter == 'x') {
    fine = hexadecimal(&parser->at, 2, point);
  } else if (!bytes && (letter == 'u' || letter == 'U')) {
    fine = hexadecimal(&parser->at, letter == 'u' ? 4 : 8, point);
  } else if (!bytes && letter == 'N') {
    literal_wrong(parser, where, "names of characters are not known here");
    return false;
  } else {
    *keep = true;
    parser->at--;
    *point = '\\';
  }
  if (!fine) literal_wrong(parser, where, "this escape is cut short, or wrong");
  return fine;
}

/* ---- pieces ---- */

static bool ends_here(const struct parser *parser, const struct piece *piece) {
  const char *at = parser->at;
  if (*at != piece->quote) return false;
  return !piece->thrice || (at[1] == piece->quote && at[2] == piece->quote);
}

/* One character of a piece, as it is written or by an escape. */
static bool read_point(struct parser *parser, const struct piece *piece,
                       uint32_t *point, bool *skip) {
  const char *where = parser->at;
  bool keep = false;
  *skip = false;
  if (*where == '\\' && where[1] != '\0' && !piece->raw) {
    parser->at++;
    return escape(parser, piece->bytes, point, &keep, skip);
  }
  if (!decode(&parser->at, point)) {
    literal_wrong(parser, where, "this is not UTF-8");
    return false;
  }
  if (!piece->bytes || *point < 0x80) return true;
  literal_wrong(parser, where, "bytes are written in ASCII");
  return false;
}

static bool read_piece(struct parser *parser, const struct piece *piece,
                       struct literal *literal, const char *where) {
  while (!ends_here(parser, piece)) {
    uint32_t point;
    bool skip;
    bool escaped = piece->raw && *parser->at == '\\';
    if (*parser->at == '\0' || (*parser->at == '\n' && !piece->thrice)) {
      literal_wrong(parser, where, "this text does not end");
      return false;
    }
    if (!read_point(parser, piece, &point, &skip)) return false;
    if (!skip) literal->points[literal->length++] = point;
    /* a raw text has its backslashes, and a quote behind one is no end */
    if (!escaped || *parser->at == '\0') continue;
    if (!read_point(parser, piece, &point, &skip)) return false;
    literal->points[literal->length++] = point;
  }
  parser->at += piece->thrice ? 3 : 1;
  return true;
}

/* Bytes up to the end of a piece, which has no more characters than that. */
static size_t bytes_left(const struct parser *parser,
                         const struct piece *piece) {
  struct parser ahead = *parser;
  while (*ahead.at != '\0' && !ends_here(&ahead, piece))
    ahead.at += *ahead.at == '\\' && ahead.at[1] != '\0' ? 2 : 1;
  return (size_t)(ahead.at - parser->at);
}

/* Many pieces do not take room again and again. */
static bool make_room(struct parser *parser, struct literal *literal,
                      size_t *room, size_t more) {
  size_t wanted = literal->length + more + 1;
  if (wanted <= *room) return true;
  if (wanted < 2 * *room) wanted = 2 * *room;
  uint32_t *points = pool_take(parser->pool, wanted * sizeof *points);
  if (points == NULL) {
    literal_wrong(parser, parser->at, "this takes more memory than allowed");
    return false;
  }
  if (literal->length > 0)
    memcpy(points, literal->points, literal->length * sizeof *points);
  literal->points = points;
  *room = wanted;
  return true;
}

struct literal *literal_text(struct parser *parser) {
  struct literal *literal = NULL;
  size_t room = 0;
  while (literal_is_text(parser)) {
    struct piece piece;
    bool formatted;
    const char *where = parser->at;
    int prefix = prefix_of(where, &piece, &formatted);
    if (formatted)
      return literal_wrong(parser, where, "an f-string is not a literal");
    if (literal == NULL)
      literal =
          literal_new(parser, piece.bytes ? PP_TYPE_BYTES : PP_TYPE_STR, where);
    if (literal == NULL) return NULL;
    if (piece.bytes != (literal->type == PP_TYPE_BYTES))
      return literal_wrong(parser, where, "bytes and str do not mix");
    parser->at += prefix + (piece.thrice ? 3 : 1);
    if (!make_room(parser, literal, &room, bytes_left(parser, &piece)))
      return NULL;
    if (!read_piece(parser, &piece, literal, where)) return NULL;
    literal_skip_space(parser);
  }
  return literal;
}
