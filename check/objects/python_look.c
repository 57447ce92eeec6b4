/* Looking at an interpreter's objects: what the C interface tells of them,
 * and which blocks they take. What a block was asked for with is known from
 * the request; of what was never asked for, the size is what the type says. */
#include "check/objects/python_inside.h"

enum {
  TYPE = 8,
  SIZE = 16,
  /* of a type object */
  BASIC_SIZE = 32,
  ITEM_SIZE = 40,
  TRAVERSE = 184,
  /* the table that a set has room for in itself */
  SMALL_TABLE = 64,
  /* the pointer to its UTF-8 in a str */
  UTF8_TO_3_11 = 56,
  UTF8_SINCE_3_12 = 48,
  /* and to its text as wchar_t, which may be the text itself */
  WSTR = 40
};

/* Of the UTF-8 of a str, which lies in front of its address. */
enum { SIZE_BEFORE = 8 };

/* A buffer: the word that points to it, and the releases that have it. */
static const struct buffer {
  enum pp_type_id type;
  const char *name;
  int offset, first, last; /* first and last: the minor release */
} buffers[] = {
    {PP_TYPE_LIST, "ob_item", 24, 7, 13},
    {PP_TYPE_ARRAY, "ob_item", 24, 7, 13},
    {PP_TYPE_BYTEARRAY, "ob_bytes", 32, 7, 13},
    {PP_TYPE_DICT, "ma_keys", 32, 7, 13},
    {PP_TYPE_DICT, "ma_values", 40, 7, 10},
    {PP_TYPE_DICT, "ma_values", 40, 13, 13},
    {PP_TYPE_SET, "table", 40, 7, 13},
    {PP_TYPE_DICT, "ma_values", 40, 11, 12},
    {PP_TYPE_STR, "utf8", UTF8_TO_3_11, 7, 11},
    {PP_TYPE_STR, "utf8", UTF8_SINCE_3_12, 12, 13},
    {PP_TYPE_STR, "wstr", WSTR, 7, 8},
    {PP_TYPE_INSTANCE, "values", -32, 11, 11},
    {PP_TYPE_INSTANCE, "values", -24, 12, 12},
};

/* In 3.11 and 3.12, values have bytes in front of them, as many as the last of
 * these says; the pointer of an instance of 3.12 is one less than it should
 * be, and even where it points to a dict instead. */
static const uint8_t *behind_prefix(const uint8_t *values, int offset) {
  if (offset == -24 && (uintptr_t)values % 2 == 0) return NULL;
  if (offset == -24) values++;
  return values - values[-1];
}

static const void *pointer_at(const struct pp_object *object, int offset) {
  return (const void *)(uintptr_t)pp_python_word(object, offset);
}

static const struct pp_object *type_object(const struct pp_object *object) {
  return pointer_at(object, TYPE);
}

/* Its text is its UTF-8, too. */
static bool is_ascii(const struct pp_object *string) {
  enum { STATE = 32, ASCII = 0x40 };
  return (pp_python_word(string, STATE) & ASCII) != 0;
}

static struct pp_object *writable(const struct pp_object *object) {
  return (struct pp_object *)(uintptr_t)object;
}

enum pp_type_id pp_python_type_of(const struct pp_interpreter *interpreter,
                                  const struct pp_object *object) {
  (void)interpreter;
  const struct pp_object *type = type_object(object);
  if (type == pp_python.finalizing) return PP_TYPE_INSTANCE;
  for (int i = 0; i < PP_TYPE_COUNT; i++)
    if (pp_python.types[i] == type) return (enum pp_type_id)i;
  return PP_TYPE_COUNT;
}

uint64_t pp_python_refcount(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  (void)interpreter;
  return pp_python_word(object, 0);
}

size_t pp_python_length(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  struct pp_object *asked = writable(object);
  switch (pp_python_type_of(interpreter, object)) {
  case PP_TYPE_BYTES:
  case PP_TYPE_TUPLE:
  case PP_TYPE_LIST:
  case PP_TYPE_ARRAY:
  case PP_TYPE_BYTEARRAY: return pp_python_word(object, SIZE);
  case PP_TYPE_STR: return (size_t)pp_python.PyUnicode_GetLength(asked);
  case PP_TYPE_DICT: return (size_t)pp_python.PyDict_Size(asked);
  case PP_TYPE_SET: return (size_t)pp_python.PySet_Size(asked);
  default: return 0;
  }
}

/* A bound method is made for it, which is a collected object: it must neither
 * be counted nor let anything be collected. */
size_t pp_python_getsizeof(const struct pp_interpreter *interpreter,
                           const struct pp_object *object) {
  uint32_t count[PP_GENERATIONS];
  bool enabled = pp_python.enabled;
  pp_python_get_count(interpreter, count);
  pp_python_enable(NULL, false);
  size_t size = pp_python._PySys_GetSizeOf(writable(object));
  pp_python_enable(NULL, enabled);
  *pp_python.generations[0].count = (int32_t)count[0];
  return size;
}

/* ---- pieces ---- */

static void object_piece(const struct pp_object *object,
                         struct pp_piece_info *piece) {
  size_t before = 0;
  before += pp_python_head_size(object, &before);
  piece->name = "";
  piece->start = (const char *)object - before;
  piece->size = pp_python_block_size(piece->start);
  piece->shared = piece->size == 0;
  if (!piece->shared) return;
  const struct pp_object *type = type_object(object);
  piece->size = before + pp_python_word(type, BASIC_SIZE);
  if (pp_python_word(type, ITEM_SIZE) != 0)
    piece->size = before + pp_python_getsizeof(NULL, object);
}

/* Where the block of a buffer begins; NULL: there is none of its own. */
static const void *start_of(const struct pp_object *object,
                            const struct buffer *buffer) {
  int minor = pp_python.release.minor;
  if (minor < buffer->first || minor > buffer->last) return NULL;
  bool wide = buffer->type == PP_TYPE_STR && buffer->offset == WSTR;
  if (buffer->type == PP_TYPE_STR && !wide && is_ascii(object)) return NULL;
  if (wide && pp_python_block_size(pointer_at(object, WSTR)) == 0) return NULL;
  const uint8_t *start = pointer_at(object, buffer->offset);
  if (start == NULL) return NULL;
  if (buffer->first >= 11 && buffer->last <= 12)
    return behind_prefix(start, buffer->offset);
  const uint8_t *inside = (const uint8_t *)object + SMALL_TABLE;
  return buffer->type == PP_TYPE_SET && start == inside ? NULL : start;
}

static bool buffer_piece(const struct pp_object *object, unsigned index,
                         struct pp_piece_info *piece) {
  enum pp_type_id type = pp_python_type_of(NULL, object);
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
    if (buffers[i].type != type) continue;
    const void *start = start_of(object, &buffers[i]);
    if (start == NULL || index-- > 0) continue;
    piece->name = buffers[i].name;
    piece->start = start;
    piece->size = pp_python_block_size(start);
    piece->shared = piece->size == 0;
    if (piece->shared && type == PP_TYPE_STR)
      piece->size = pp_python_word(object, buffers[i].offset - SIZE_BEFORE) + 1;
    return true;
  }
  return false;
}

bool pp_python_piece(const struct pp_interpreter *interpreter,
                     const struct pp_object *object, unsigned index,
                     struct pp_piece_info *piece) {
  (void)interpreter;
  if (index > 0) return buffer_piece(object, index - 1, piece);
  object_piece(object, piece);
  return true;
}

/* ---- references ---- */

struct visit {
  void *ctx;
  bool (*visit)(void *ctx, struct pp_object *referred);
};

static int visit_referred(struct pp_object *referred, void *ctx) {
  const struct visit *visit = ctx;
  if (pp_python_type_of(NULL, referred) == PP_TYPE_COUNT) return 0;
  return visit->visit(visit->ctx, referred) ? 0 : 1;
}

void pp_python_traverse(const struct pp_interpreter *interpreter,
                        const struct pp_object *object, void *ctx,
                        bool (*visit)(void *ctx, struct pp_object *)) {
  (void)interpreter;
  if (pp_python_head_size(object, NULL) == 0) return;
  int (*traverse)(const struct pp_object *, int (*)(struct pp_object *, void *),
                  void *);
  uint64_t word = pp_python_word(type_object(object), TRAVERSE);
  memcpy(&traverse, &word, sizeof traverse);
  struct visit visitor = {ctx, visit};
  traverse(object, visit_referred, &visitor);
}
