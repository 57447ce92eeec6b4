/* str in its compact forms: the text follows the header, in the narrowest kind
 * that holds its greatest character (SPEC.md, STR). The header of one that is
 * not ASCII has room for its UTF-8; up to 3.11 also for wchar_t.
 *
 *   | ob_refcnt | ob_type | length | hash | state |     ASCII: | wstr | text
 *                          others: | wstr | utf8_length | utf8 | wstr_length |
 *                                                                text  */
#include "reference/objects/str.h"

#include "reference/objects/memory.h"
#include "reference/objects/object.h"

enum {
  /* of UTF-8, of two bytes */
  LEAD = 0xc0,
  TRAIL = 0x80,
  TRAIL_BITS = 6,
  TRAIL_MASK = 0x3f
};

#define HASH_UNKNOWN UINT64_MAX

/* ---- making one ---- */

/* The greatest character; of none: 0. */
static uint32_t greatest(const uint32_t *points, size_t length) {
  uint32_t most = 0;
  for (size_t i = 0; i < length; i++)
    most = points[i] > most ? points[i] : most;
  return most;
}

static uint32_t kind_for(uint32_t most) {
  if (most <= PP_LATIN_1_MAX) return sizeof(uint8_t);
  return most <= PP_UCS_2_MAX ? sizeof(uint16_t) : sizeof(uint32_t);
}

/* Bytes of a str with its zero, or 0 when there is no such number. */
static size_t size_for(const struct pp_interpreter *interpreter, uint32_t most,
                       size_t length) {
  enum pp_field text = pp_str_text_field(most <= PP_ASCII_MAX);
  size_t header = (size_t)interpreter->rules->offsets[text];
  size_t kind = kind_for(most);
  PP_REQUIRE(interpreter->witness, STR_01, most <= PP_UNICODE_MAX);
  if (length > (PTRDIFF_MAX - header) / kind - 1) return 0;
  size_t size = header + (length + 1) * kind;
  PP_ENSURE(interpreter->witness, STR_01, size <= PTRDIFF_MAX);
  return size;
}

/* What a text was made of can be read from it. */
static void ensure_text(const struct pp_interpreter *interpreter,
                        const struct pp_object *object, const uint32_t *points,
                        size_t length) {
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, STR_01, pp_str_length(interpreter, object) == length);
  for (size_t i = 0; i < length; i++)
    PP_ENSURE_SLOWLY(witness, STR_01,
                     pp_str_point(interpreter, object, i) == points[i]);
  PP_ENSURE(witness, STR_03, pp_str_point(interpreter, object, length) == 0);
}

/* The text as wchar_t, which has four bytes; no UTF-8. */
static void fill_forms(const struct pp_interpreter *interpreter,
                       struct pp_object *object, const uint8_t *text) {
  struct pp_witness *witness = interpreter->witness;
  bool wide = pp_str_kind(interpreter, object) == sizeof(uint32_t);
  size_t length = pp_str_length(interpreter, object);
  PP_REQUIRE(witness, OBJ_03, text == pp_str_data(interpreter, object));
  if (pp_has_field(interpreter, PP_FIELD_STR_WSTR))
    pp_field_set_pointer(interpreter, object, PP_FIELD_STR_WSTR,
                         wide ? text : NULL);
  if (pp_str_is_ascii(interpreter, object)) return;
  PP_REQUIRE(witness, STR_01, length > 0);
  pp_field_write(interpreter, object, PP_FIELD_STR_UTF8_LENGTH, 0);
  pp_field_set_pointer(interpreter, object, PP_FIELD_STR_UTF8, NULL);
  if (pp_has_field(interpreter, PP_FIELD_STR_WSTR_LENGTH))
    pp_field_write(interpreter, object, PP_FIELD_STR_WSTR_LENGTH,
                   wide ? length : 0);
}

/* Everything but the header of any object. */
static void fill(const struct pp_interpreter *interpreter,
                 struct pp_object *object, const uint32_t *points,
                 size_t length) {
  uint32_t most = greatest(points, length);
  uint32_t kind = kind_for(most);
  uint32_t state = kind << PP_STR_KIND_SHIFT | PP_STR_COMPACT |
                   interpreter->rules->str_ready;
  if (most <= PP_ASCII_MAX) state |= PP_STR_ASCII;
  if (pp_is_static(interpreter, object))
    state |= interpreter->rules->str_static;
  PP_REQUIRE(interpreter->witness, STR_02, (state & PP_STR_INTERNED) == 0);
  pp_field_write(interpreter, object, PP_FIELD_STR_LENGTH, length);
  pp_field_write(interpreter, object, PP_FIELD_STR_HASH, HASH_UNKNOWN);
  pp_field_write(interpreter, object, PP_FIELD_STR_STATE, state);
  PP_ENSURE(interpreter->witness, STR_01,
            pp_str_kind(interpreter, object) == kind);
  PP_ENSURE(interpreter->witness, INTERN_01,
            pp_str_interned(interpreter, object) == PP_NOT_INTERNED);
  uint8_t *text = pp_field_place(interpreter, object,
                                 pp_str_text_field(most <= PP_ASCII_MAX));
  for (size_t i = 0; i < length; i++)
    memcpy(text + i * kind, &points[i], kind);
  memset(text + length * kind, 0, kind);
  fill_forms(interpreter, object, text);
  ensure_text(interpreter, object, points, length);
}

static bool is_shared(const uint32_t *points, size_t length) {
  if (length == 0) return true;
  if (length > 1) return false;
  return points[0] <= PP_LATIN_1_MAX;
}

static struct pp_object *new_block(struct pp_interpreter *interpreter,
                                   const uint32_t *points, size_t length) {
  size_t size = size_for(interpreter, greatest(points, length), length);
  if (interpreter->rules->values_static)
    PP_REQUIRE(interpreter->witness, STR_05, !is_shared(points, length));
  if (size == 0) return NULL;
  struct pp_object *object = pp_object_new(interpreter, &pp_str_type, size);
  if (object == NULL) return NULL;
  fill(interpreter, object, points, length);
  PP_ENSURE(interpreter->witness, STR_01,
            pp_object_size(interpreter, object) == size);
  return object;
}

/* ---- shared ones ---- */

static size_t shared_index(const uint32_t *points, size_t length) {
  return length == 0 ? PP_CHARACTERS : points[0];
}

/* A shared one, where it is not static; NULL: not met yet. */
static void ensure_shared(const struct pp_interpreter *interpreter,
                          const struct pp_object *object,
                          const uint32_t *points, size_t length) {
  struct pp_witness *witness = interpreter->witness;
  if (object == NULL) return;
  PP_ENSURE(witness, STR_05, !pp_is_static(interpreter, object));
  PP_ENSURE(witness, STR_05, pp_str_length(interpreter, object) == length);
  if (length > 0)
    PP_ENSURE(witness, STR_05,
              pp_str_point(interpreter, object, 0) == points[0]);
}

/* Not a new reference; NULL when a block for it cannot be had. */
static struct pp_object *shared(struct pp_interpreter *interpreter,
                                const uint32_t *points, size_t length) {
  size_t index = shared_index(points, length);
  PP_REQUIRE(interpreter->witness, STR_05, is_shared(points, length));
  PP_ENSURE(interpreter->witness, STR_05, index <= PP_CHARACTERS);
  if (interpreter->rules->values_static)
    return (struct pp_object *)&interpreter->shared.strings[index];
  struct pp_object **block = &interpreter->blocks.strings[index];
  if (*block == NULL) *block = new_block(interpreter, points, length);
  ensure_shared(interpreter, *block, points, length);
  return *block;
}

static void add_static_utf8(struct pp_interpreter *interpreter,
                            struct pp_object *object, uint32_t point) {
  struct pp_witness *witness = interpreter->witness;
  uint8_t *utf8 = interpreter->shared.utf8[point];
  PP_REQUIRE(witness, STR_06, point > PP_ASCII_MAX);
  PP_REQUIRE(witness, STR_06, point <= PP_LATIN_1_MAX);
  PP_REQUIRE(witness, STR_06, pp_str_length(interpreter, object) == 1);
  utf8[0] = (uint8_t)(LEAD | point >> TRAIL_BITS);
  utf8[1] = (uint8_t)(TRAIL | (point & TRAIL_MASK));
  utf8[2] = 0;
  pp_field_write(interpreter, object, PP_FIELD_STR_UTF8_LENGTH, 2);
  pp_field_set_pointer(interpreter, object, PP_FIELD_STR_UTF8, utf8);
  PP_ENSURE(witness, STR_06,
            ((uint32_t)(utf8[0] - LEAD) << TRAIL_BITS | (utf8[1] - TRAIL)) ==
                point);
}

static bool begin_static(struct pp_interpreter *interpreter, uint32_t point,
                         size_t length) {
  struct pp_object *object = shared(interpreter, &point, length);
  bool immortal = interpreter->rules->immortality == PP_IMMORTAL_HALF;
  bool interned = interpreter->rules->interned_at_start;
  PP_REQUIRE(interpreter->witness, STR_05, point < PP_CHARACTERS);
  if (length == 0) interned = immortal;
  pp_object_begin(interpreter, object, &pp_str_type,
                  pp_static_count(interpreter));
  fill(interpreter, object, &point, length);
  PP_ENSURE(interpreter->witness, STR_05, pp_is_static(interpreter, object));
  PP_ENSURE(interpreter->witness, STR_05,
            pp_object_size(interpreter, object) <= PP_STATIC_STR);
  PP_ENSURE(interpreter->witness, STR_01,
            pp_str_is_ascii(interpreter, object) == (point <= PP_ASCII_MAX));
  if (point > PP_ASCII_MAX) {
    if (interpreter->rules->static_utf8)
      add_static_utf8(interpreter, object, point);
  }
  if (interned) {
    if (!pp_intern_static(interpreter, object)) return false;
  }
  PP_CHECK(PP_MARK_OBJECT, interpreter->witness,
           pp_str_check(interpreter, object));
  return true;
}

bool pp_str_begin(struct pp_interpreter *interpreter) {
  if (!pp_interned_begin(interpreter)) return false;
  PP_ENSURE(interpreter->witness, INTERN_02, interpreter->interned.count == 0);
  if (!interpreter->rules->values_static)
    return shared(interpreter, NULL, 0) != NULL;
  for (uint32_t i = 0; i < PP_CHARACTERS; i++) {
    if (!begin_static(interpreter, i, 1)) return false;
  }
  if (!begin_static(interpreter, 0, 0)) return false;
  if (interpreter->rules->interned_at_start)
    PP_ENSURE(interpreter->witness, INTERN_06,
              interpreter->interned.count == PP_CHARACTERS + 1);
  return true;
}

struct pp_object *pp_str_new(struct pp_interpreter *interpreter,
                             const uint32_t *code_points, size_t length) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *object;
  if (length > 0) PP_REQUIRE(witness, STR_01, code_points != NULL);
  if (greatest(code_points, length) > PP_UNICODE_MAX) return NULL;
  if (!is_shared(code_points, length)) {
    object = new_block(interpreter, code_points, length);
  } else {
    object = shared(interpreter, code_points, length);
    if (object != NULL) pp_incref(interpreter, object);
  }
  if (object == NULL) return NULL;
  if (length > 1)
    PP_ENSURE(witness, STR_05, !pp_is_static(interpreter, object));
  PP_ENSURE(witness, STR_01, pp_str_length(interpreter, object) == length);
  pp_object_touched(interpreter, object);
  return object;
}

/* ---- its end ---- */

/* The UTF-8 that is kept apart from the text, or NULL. */
static uint8_t *utf8_of(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  if (pp_str_is_ascii(interpreter, object)) return NULL;
  return pp_field_pointer(interpreter, object, PP_FIELD_STR_UTF8);
}

static void dealloc(struct pp_interpreter *interpreter,
                    struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, REF_06, pp_word_read(object->bytes) == 0);
  if (interpreter->rules->interned_immortal)
    PP_ENSURE(witness, INTERN_04,
              pp_str_interned(interpreter, object) == PP_NOT_INTERNED);
  if (pp_str_interned(interpreter, object) != PP_NOT_INTERNED)
    pp_interned_remove(interpreter, object);
  PP_ENSURE(witness, INTERN_05,
            pp_str_interned(interpreter, object) == PP_NOT_INTERNED);
  /* Nobody asks for the UTF-8 of what is not static. */
  PP_ENSURE(witness, STR_06, utf8_of(interpreter, object) == NULL);
  uint8_t *wide = pp_str_wide(interpreter, object);
  if (wide != NULL)
    interpreter->options.obj->free(interpreter->options.obj->ctx, wide);
  pp_object_free(interpreter, object);
}

/* ---- looking ---- */

static size_t size(const struct pp_interpreter *interpreter,
                   const struct pp_object *object) {
  size_t header = (size_t)(pp_str_data(interpreter, object) - object->bytes);
  return header + (pp_str_length(interpreter, object) + 1) *
                      pp_str_kind(interpreter, object);
}

static size_t utf8_size(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  if (utf8_of(interpreter, object) == NULL) return 0;
  struct pp_witness *witness = interpreter->witness;
  size_t length = pp_field_read(interpreter, object, PP_FIELD_STR_UTF8_LENGTH);
  /* Not ASCII, so a character takes two bytes at least. */
  PP_ENSURE(witness, STR_06, length > pp_str_length(interpreter, object));
  PP_ENSURE(witness, STR_06, utf8_of(interpreter, object)[length] == 0);
  return length + 1;
}

static size_t getsizeof(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  size_t wide = pp_str_wide_size(interpreter, object);
  size_t apart = utf8_size(interpreter, object) + wide;
  size_t answer = size(interpreter, object) + apart;
  if (pp_str_is_ascii(interpreter, object))
    PP_ENSURE(witness, STR_07, apart == wide);
  if (utf8_of(interpreter, object) != NULL)
    PP_ENSURE(witness, STR_07, answer > size(interpreter, object));
  return answer;
}

static bool piece(const struct pp_interpreter *interpreter,
                  const struct pp_object *object, unsigned index,
                  struct pp_piece_info *info) {
  const uint8_t *utf8 = utf8_of(interpreter, object);
  if (utf8 == NULL) index++;
  if (index > 1) {
    info->name = pp_field_texts[PP_FIELD_STR_WSTR].name;
    info->start = pp_str_wide(interpreter, object);
    info->size = pp_str_wide_size(interpreter, object);
    info->shared = false;
    return index == 2 && info->size > 0;
  }
  info->name = pp_field_texts[PP_FIELD_STR_UTF8].name;
  info->start = utf8;
  info->size = utf8_size(interpreter, object);
  info->shared = pp_is_static(interpreter, (const struct pp_object *)utf8);
  PP_ENSURE(interpreter->witness, STR_06, info->shared);
  PP_ENSURE(interpreter->witness, STR_06, info->size <= PP_STATIC_UTF8);
  return true;
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *object, unsigned piece_index,
                  unsigned index, struct pp_field_info *info) {
  static const enum pp_field ascii[] = {
      PP_FIELD_STR_LENGTH,  PP_FIELD_STR_HASH, PP_FIELD_STR_STATE,
      PP_FIELD_STR_PADDING, PP_FIELD_STR_WSTR, PP_FIELD_STR_ASCII_TEXT};
  static const enum pp_field wide[] = {
      PP_FIELD_STR_LENGTH,  PP_FIELD_STR_HASH,        PP_FIELD_STR_STATE,
      PP_FIELD_STR_PADDING, PP_FIELD_STR_WSTR,        PP_FIELD_STR_UTF8_LENGTH,
      PP_FIELD_STR_UTF8,    PP_FIELD_STR_WSTR_LENGTH, PP_FIELD_STR_TEXT};
  bool is_ascii = pp_str_is_ascii(interpreter, object);
  size_t rest = (pp_str_length(interpreter, object) + 1) *
                pp_str_kind(interpreter, object);
  if (piece_index > 0) {
    if (index > 0) return false;
    if (utf8_of(interpreter, object) == NULL) piece_index++;
    *info = (struct pp_field_info){"utf8", PP_SHAPE_BYTES, 0,
                                   utf8_size(interpreter, object)};
    if (piece_index == 2)
      *info = (struct pp_field_info){"wstr", PP_SHAPE_BYTES, 0,
                                     pp_str_wide_size(interpreter, object)};
    return piece_index <= 2 && info->size > 0;
  }
  PP_ENSURE(interpreter->witness, STR_03,
            size(interpreter, object) > PP_OBJECT_SIZE + rest);
  return pp_fields_show(interpreter, is_ascii ? ascii : wide,
                        is_ascii ? sizeof ascii / sizeof ascii[0]
                                 : sizeof wide / sizeof wide[0],
                        &index, rest, info);
}

const struct pp_type pp_str_type = {
    .id = PP_TYPE_STR,
    .name = "str",
    .size = size,
    .dealloc = dealloc,
    .getsizeof = getsizeof,
    .length = pp_str_length,
    .piece = piece,
    .field = field,
    .check = pp_str_check,
};
