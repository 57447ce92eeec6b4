/* A word of an object's memory in words: the fields in it, each decoded by its
 * shape. Beside what is shown stands what can be compared with another process,
 * in which addresses are others, and hashes may be. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/layout.h"

enum { WORD = 8, DIGIT = 4 };

/* A part of a field that lies in one word. */
struct part {
  const struct layout *layout;
  const struct layout_piece *piece;
  const struct pp_field_info *field;
  size_t from;  /* bytes of the field before it */
  size_t count; /* bytes of it */
  uint64_t value;
};

static void put(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void put(char *text, size_t size, const char *format, ...) {
  size_t used = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + used, size - used, format, arguments);
  va_end(arguments);
}

static uint64_t load(const uint8_t *bytes, size_t count) {
  uint64_t value = 0;
  memcpy(&value, bytes, count);
  return value;
}

static const uint8_t *bytes_of(const struct part *part) {
  const struct layout_piece *piece = part->piece;
  return piece->bytes + (part->field->offset - piece->origin) + part->from;
}

/* ---- shapes ---- */

static void show_object(const struct part *part, char *text, size_t size) {
  const char *known = layout_names_find(&part->layout->names, part->value);
  if (part->value == 0) known = "NULL";
  put(text, size, "%s", known == NULL ? "no value of this" : known);
}

static void show_state(const struct part *part, char *text, size_t size) {
  unsigned state = (unsigned)part->value;
  put(text, size, "interned %u, kind %u%s%s%s", state & 3, state >> 2 & 7,
      (state >> 5 & 1) != 0 ? ", compact" : "",
      (state >> 6 & 1) != 0 ? ", ascii" : "",
      (state >> 7 & 1) == 0 ? ""
      : part->layout->ready ? ", ready"
                            : ", static");
}

static void show_tag(const struct part *part, char *text, size_t size) {
  static const char *const signs[] = {"positive", "zero", "negative", "?"};
  put(text, size, "%" PRIu64 " digits, %s", part->value >> 3,
      signs[part->value & 3]);
}

/* Links say nothing but whether they lead somewhere; the bits below them say
 * whether a finalizer has run, and whether a collection is at work. */
static void show_collector(const struct part *part, char *text, size_t size) {
  if (strcmp(part->field->name, "gc_refs") == 0) {
    put(text, size, "%" PRId64, (int64_t)part->value);
    return;
  }
  put(text, size, "%s", part->value >> 2 == 0 ? "NULL" : "linked");
  if ((part->value & 3) != 0)
    put(text, size, ", bits %u", (unsigned)part->value & 3);
}

static void show_digits(const struct part *part, char *text, size_t size) {
  for (size_t i = 0; i < part->count; i += DIGIT)
    put(text, size, "%s0x%08" PRIx32, i > 0 ? ", " : "",
        (uint32_t)load(bytes_of(part) + i, DIGIT));
}

static void show_bytes(const struct part *part, char *text, size_t size) {
  const uint8_t *bytes = bytes_of(part);
  put(text, size, "\"");
  for (size_t i = 0; i < part->count; i++) {
    bool plain = bytes[i] >= ' ' && bytes[i] < 127 && bytes[i] != '"' &&
                 bytes[i] != '\\';
    put(text, size, plain ? "%c" : "\\x%02x", bytes[i]);
  }
  put(text, size, "\"");
}

/* ---- items of an array ---- */

static bool is_item(const struct part *part) {
  return part->layout->code != '\0' && strcmp(part->field->name, "items") == 0;
}

static size_t item_size(char code) {
  switch (code) {
  case 'b':
  case 'B': return 1;
  case 'h':
  case 'H': return 2;
  case 'l':
  case 'L':
  case 'q':
  case 'Q':
  case 'd': return 8;
  default: return 4;
  }
}

static void show_item(char code, uint64_t bits, size_t size, char *text,
                      size_t room) {
  uint64_t sign = UINT64_C(1) << (8 * size - 1);
  uint32_t low = (uint32_t)bits;
  float narrow;
  double wide;
  memcpy(&narrow, &low, sizeof narrow);
  memcpy(&wide, &bits, sizeof wide);
  if (code == 'f')
    put(text, room, "%.9g", (double)narrow);
  else if (code == 'd')
    put(text, room, "%.17g", wide);
  else if (code == 'u' || code == 'w')
    put(text, room, "U+%04" PRIX64, bits);
  else if (code >= 'a')
    put(text, room, "%" PRId64, (int64_t)((bits ^ sign) - sign));
  else
    put(text, room, "%" PRIu64, bits);
}

static void show_items(const struct part *part, char *text, size_t size) {
  char code = part->layout->code;
  size_t step = item_size(code);
  for (size_t i = 0; i + step <= part->count; i += step) {
    if (i > 0) put(text, size, ", ");
    show_item(code, load(bytes_of(part) + i, step), step, text, size);
  }
}

static void show_buffer(const struct part *part, char *text, size_t size) {
  for (size_t i = 1; i < part->layout->piece_count; i++) {
    if (strcmp(part->layout->pieces[i].name, part->field->name) != 0) continue;
    put(text, size, "to what is below");
    return;
  }
  put(text, size, "%s", part->value == 0 ? "NULL" : "a pointer");
}

static void show_double(const struct part *part, char *text, size_t size) {
  double value;
  memcpy(&value, &part->value, sizeof value);
  put(text, size, "%.17g", value);
}

static void show_hash(const struct part *part, char *text, size_t size) {
  if (part->value == UINT64_MAX)
    put(text, size, "not computed");
  else
    put(text, size, "0x%016" PRIx64, part->value);
}

static void show(const struct part *part, char *text, size_t size) {
  int64_t number = (int64_t)part->value;
  switch (part->field->shape) {
  case PP_SHAPE_TYPE: put(text, size, "%s", part->layout->type); return;
  case PP_SHAPE_SIZE: put(text, size, "%" PRId64, number); return;
  case PP_SHAPE_TAG: show_tag(part, text, size); return;
  case PP_SHAPE_HASH: show_hash(part, text, size); return;
  case PP_SHAPE_STATE: show_state(part, text, size); return;
  case PP_SHAPE_OBJECT:
  case PP_SHAPE_OBJECTS: show_object(part, text, size); return;
  case PP_SHAPE_BUFFER: show_buffer(part, text, size); return;
  case PP_SHAPE_STALE:
    put(text, size, "%s", part->value == 0 ? "NULL" : "a key no more");
    return;
  case PP_SHAPE_POINTER:
    put(text, size, "%s", part->value == 0 ? "NULL" : "a pointer");
    return;
  case PP_SHAPE_DIGITS: show_digits(part, text, size); return;
  case PP_SHAPE_DOUBLE: show_double(part, text, size); return;
  case PP_SHAPE_TEXT:
  case PP_SHAPE_BYTES:
    if (is_item(part))
      show_items(part, text, size);
    else
      show_bytes(part, text, size);
    return;
  case PP_SHAPE_GC: show_collector(part, text, size); return;
  case PP_SHAPE_PADDING: return;
  case PP_SHAPE_COUNT:
  case PP_SHAPE_STAMP:
  case PP_SHAPE_NUMBER: break;
  }
  put(text, size, "%" PRIu64, part->value);
}

/* ---- what is compared ---- */

/* What says where in a table a key is. */
static bool is_place(const char *name) {
  return strcmp(name, "dk_indices") == 0 || strcmp(name, "key") == 0;
}

/* Counters of the whole process, and what means nothing, are not. */
static bool is_fact(const struct part *part) {
  const struct pp_field_info *field = part->field;
  if (field->shape == PP_SHAPE_HASH || field->shape == PP_SHAPE_PADDING)
    return false;
  if (field->shape == PP_SHAPE_COUNT)
    return part->layout->counted && !part->piece->shared;
  /* what was taken out of a ring may still point to who was before it */
  if (strcmp(field->name, "_gc_prev") == 0) return false;
  if (part->layout->scattered && is_place(field->name)) return false;
  return strcmp(field->name, "ma_version_tag") != 0;
}

/* ---- words ---- */

size_t layout_word_count(const struct layout_piece *piece) {
  return (piece->size + WORD - 1) / WORD;
}

/* Fields of many items have a number each. */
static void put_name(const struct part *part, char *text, size_t size) {
  const struct pp_field_info *field = part->field;
  size_t item = field->shape == PP_SHAPE_DIGITS ? DIGIT : 1;
  if (field->shape == PP_SHAPE_OBJECTS) item = WORD;
  if (is_item(part)) item = item_size(part->layout->code);
  bool padding = field->shape == PP_SHAPE_PADDING;
  put(text, size, "%s", padding ? "(unused)" : field->name);
  if (!padding && field->size > WORD)
    put(text, size, "[%zu]", part->from / item);
  if (!padding) put(text, size, " ");
}

/* The first field that ends behind this byte of the piece; a dict of many keys
 * has very many. */
static size_t field_at(const struct layout_piece *piece, size_t byte) {
  size_t low = 0, high = piece->field_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct pp_field_info *field = &piece->fields[middle];
    size_t last = (size_t)(field->offset - piece->origin) + field->size;
    if (last <= byte)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void layout_word_read(const struct layout *layout,
                      const struct layout_piece *piece, size_t index,
                      struct layout_word *word) {
  size_t begin = index * WORD;
  size_t end = begin + WORD < piece->size ? begin + WORD : piece->size;
  *word = (struct layout_word){.offset = piece->origin + (int)begin,
                               .size = (unsigned)(end - begin)};
  word->value = load(piece->bytes + begin, end - begin);
  for (size_t i = field_at(piece, begin); i < piece->field_count; i++) {
    const struct pp_field_info *field = &piece->fields[i];
    size_t first = (size_t)(field->offset - piece->origin);
    size_t last = first + field->size;
    if (first >= end) break;
    struct part part = {.layout = layout, .piece = piece, .field = field};
    size_t from = first > begin ? first : begin;
    part.from = from - first;
    part.count = (last < end ? last : end) - from;
    part.value = load(piece->bytes + from, part.count);
    char text[2 * LAYOUT_TEXT] = "";
    put_name(&part, text, sizeof text);
    show(&part, text, sizeof text);
    const char *comma = word->text[0] == '\0' ? "" : "; ";
    put(word->text, sizeof word->text, "%s%s", comma, text);
    if (is_fact(&part)) put(word->fact, sizeof word->fact, "%s;", text);
  }
}
