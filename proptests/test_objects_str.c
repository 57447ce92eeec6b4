/* Tests of str and bytes (SPEC.md, STR and BYTES). Requests, states and sizes
 * were measured on CPython 3.7.16, 3.8.18, 3.9.18, 3.10.13, 3.11.7, 3.12.1 and
 * 3.13.0 with PyUnicode_FromKindAndData and PyBytes_FromStringAndSize. */
#include <stdio.h>

#include "proptests/interpreters.h"
#include "reference/objects/object.h"

static struct pp_object *text(struct pp_host *host, const uint32_t *points,
                              size_t length) {
  struct pp_object *object =
      host->objects->string(host->interpreter, points, length);
  SEE(object != NULL);
  return object;
}

static struct pp_object *character(struct pp_host *host, uint32_t point) {
  return text(host, &point, 1);
}

static struct pp_object *some_bytes(struct pp_host *host, const char *data,
                                    size_t length) {
  struct pp_object *object =
      host->objects->bytes(host->interpreter, (const uint8_t *)data, length);
  SEE(object != NULL);
  return object;
}

static void see_size(struct pp_host *host, const struct pp_object *object,
                     size_t size) {
  SEE_EQ(host->objects->getsizeof(host->interpreter, object), size);
}

/* ---- forms ---- */

/* Texts, their states with the bit that all of a release have taken off, and
 * what is asked for them up to 3.11 and since. */
static const struct {
  uint32_t points[3];
  size_t length;
  unsigned state;
  const char *earlier, *later;
  unsigned earlier_size, later_size;
} forms[] = {
    {{'q', 'Q', '~'}, 3, 0x64, "O+52", "O+44", 52, 44},
    {{0xf8, 'a', 0}, 2, 0x24, "O+75", "O+59", 75, 59},
    {{0x100, 0, 0}, 1, 0x28, "O+76", "O+60", 76, 60},
    {{0x100, 'b', 'c'}, 3, 0x28, "O+80", "O+64", 80, 64},
    {{0xffff, 'b', 0}, 2, 0x28, "O+78", "O+62", 78, 62},
    {{0xd800, 0, 0}, 1, 0x28, "O+76", "O+60", 76, 60},
    {{0x1f600, 'a', 0}, 2, 0x30, "O+84", "O+68", 84, 68},
    {{0x10ffff, 0, 0}, 1, 0x30, "O+80", "O+64", 80, 64},
};

ObjectTest(STR_01, narrowest_kind) {
  bool later = pp_since(host, PP_PROFILE_3_12);
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    struct pp_object *object = text(host, forms[i].points, forms[i].length);
    pp_see_requests(host, later ? forms[i].later : forms[i].earlier);
    SEE_EQ(pp_seen_field(host, object, "state"),
           forms[i].state | (later ? 0 : 0x80));
    SEE_EQ(pp_seen_field(host, object, "length"), forms[i].length);
    SEE_EQ(pp_seen_field(host, object, "hash"), UINT64_MAX);
    see_size(host, object, later ? forms[i].later_size : forms[i].earlier_size);
    SEE_EQ(host->objects->length(host->interpreter, object), forms[i].length);
    pp_drop(host, object);
    pp_host_mark(host);
  }
}

ObjectTest(STR_01, told) {
  struct pp_object *object = character(host, 0x100);
  uint64_t state = pp_seen_field(host, object, "state");
  const uint64_t wrong[] = {state & ~UINT64_C(0x1c), state | 4, state | 0x10,
                            state | 0x1c};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    pp_spoil_field(host, object, "state", wrong[i]);
    pp_see_object_told(host, object, PP_STR_01);
  }
  pp_spoil_field(host, object, "data", 'a');
  pp_see_object_told(host, object, PP_STR_01);
  pp_spoil_field(host, object, "length", UINT64_MAX);
  pp_see_object_told(host, object, PP_STR_01);
  pp_drop(host, object);
  object = pp_text(host, "abc");
  pp_spoil_field(host, object, "data", 0x80);
  pp_see_object_told(host, object, PP_STR_01);
  pp_drop(host, object);
}

ObjectTest(STR_01, no_character_above) {
  const uint32_t points[] = {'a', 0x110000};
  SEE(host->objects->string(host->interpreter, points, 2) == NULL);
  pp_see_requests(host, "");
}

ObjectTest(STR_01, refused) {
  const uint32_t points[] = {'a', 'b'};
  pp_refuse_after(host, 0);
  SEE(host->objects->string(host->interpreter, points, 2) == NULL);
  SEE(host->objects->bytes(host->interpreter, (const uint8_t *)"ab", 2) ==
      NULL);
  pp_grant(host);
}

ObjectTest(STR_02, state) {
  struct pp_object *object = pp_text(host, "abc");
  uint64_t state = pp_seen_field(host, object, "state");
  pp_spoil_field(host, object, "state", state & ~UINT64_C(0x20));
  pp_see_object_told(host, object, PP_STR_02);
  pp_spoil_field(host, object, "state", state ^ 0x80);
  pp_see_object_told(host, object, PP_STR_02);
  pp_drop(host, object);
  object = pp_text(host, "a");
  state = pp_seen_field(host, object, "state");
  SEE_EQ(state, PP_OF_RELEASE(host, 0xe4, 0xe4, 0xe4, 0xe4, 0xe4, 0xe4, 0xe7));
  pp_spoil_field(host, object, "state", state ^ 0x80);
  pp_see_object_told(host, object, PP_STR_02);
  pp_drop(host, object);
}

ObjectTest(STR_03, zero_behind_the_text) {
  const uint32_t one = 1;
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    struct pp_object *object = text(host, forms[i].points, forms[i].length);
    struct pp_field_info field;
    SEE(pp_find_field(host, object, "data", &field));
    size_t kind = field.size / (forms[i].length + 1);
    pp_spoil(host, (const uint8_t *)object + field.offset + field.size - kind,
             &one, kind);
    pp_see_object_told(host, object, PP_STR_03);
    pp_drop(host, object);
  }
}

/* What is wide is its own wstr, and what is narrow has none. */
static void see_wstr(struct pp_host *host, enum pp_clause clause) {
  const uint32_t points[] = {0x1f600, 'a'};
  struct pp_object *object = text(host, points, 2);
  SEE_EQ(pp_seen_field(host, object, "wstr"), (uintptr_t)object + 72);
  SEE_EQ(pp_seen_field(host, object, "wstr_length"), 2);
  pp_spoil_field(host, object, "wstr", 0);
  pp_see_object_told(host, object, clause);
  pp_spoil_field(host, object, "wstr_length", 0);
  pp_see_object_told(host, object, clause);
  pp_drop(host, object);
  object = pp_text(host, "abc");
  SEE_EQ(pp_seen_field(host, object, "wstr"), 0);
  pp_spoil_field(host, object, "wstr", (uintptr_t)object + 48);
  pp_see_object_told(host, object, clause);
  pp_drop(host, object);
}

ObjectTest(STR_04, wide_texts_are_their_own_wstr) {
  see_wstr(host, PP_STR_04);
}

ObjectTest(STR_08, wide_texts_are_their_own_wstr) {
  see_wstr(host, PP_STR_08);
}

ObjectTest(STR_08, items_of_an_array_have_wide_text) {
  struct pp_object *array = host->objects->array(host->interpreter, 'u');
  struct pp_object *object = text(host, (const uint32_t[]){0x153}, 1);
  struct pp_piece_info piece;
  SEE(!host->objects->piece(host->interpreter, object, 1, &piece));
  SEE(host->objects->append(host->interpreter, array, object));
  SEE_EQ(pp_seen_field(host, object, "wstr_length"), 1);
  SEE(host->objects->piece(host->interpreter, object, 1, &piece));
  SEE_EQ(piece.size, 8);
  SEE_EQ(*(const uint32_t *)piece.start, 0x153);
  SEE_EQ(host->objects->getsizeof(host->interpreter, object), 84);
  pp_spoil_field(host, object, "wstr_length", 0);
  pp_see_object_told(host, object, PP_STR_08);
  pp_drop(host, object);
  pp_drop(host, array);
}

/* ---- shared ones ---- */

ObjectTest(STR_05, characters_are_there_once) {
  bool is_static = pp_since(host, PP_PROFILE_3_11);
  for (uint32_t point = 0; point <= 0xff; point++) {
    struct pp_object *object = character(host, point);
    char expected[16] = "";
    bool ascii = point < 0x80;
    if (!is_static)
      snprintf(expected, sizeof expected, "O+%d", ascii ? 50 : 74);
    pp_see_requests(host, expected);
    struct pp_object *again = character(host, point);
    SEE(object == again);
    if (!is_static) SEE_EQ(pp_count(host, object), 3);
    SEE_EQ(pp_holds(host, object), PP_HOLDS);
    pp_drop(host, object);
    pp_drop(host, again);
    pp_see_requests(host, "");
  }
  struct pp_object *empty = text(host, NULL, 0);
  SEE(empty == text(host, NULL, 0));
  see_size(host, empty, PP_OF_RELEASE(host, 49, 49, 49, 49, 49, 41, 41));
  pp_drop(host, empty);
  pp_drop(host, empty);
  pp_see_requests(host, "");
}

ObjectTest(STR_05, no_others) {
  struct pp_object *object = character(host, 0x100);
  struct pp_object *other = character(host, 0x100);
  SEE(object != other);
  pp_drop(host, other);
  pp_drop(host, object);
  object = character(host, 'x');
  _Alignas(16) uint8_t copy[64];
  memcpy(copy, object, PP_OF_RELEASE(host, 50, 50, 50, 50, 50, 42, 42));
  uint8_t state = copy[32] & 0x7c; /* not interned, not static */
  copy[32] = state | (pp_since(host, PP_PROFILE_3_12) ? 0 : 0x80);
  SEE_EQ(pp_holds(host, (const struct pp_object *)copy), PP_STR_05);
  pp_drop(host, object);
}

ObjectTest(STR_05, refused_and_then_granted) {
  bool is_static = pp_since(host, PP_PROFILE_3_11);
  const uint32_t point = 0xe9;
  pp_refuse_after(host, 0);
  struct pp_object *object =
      host->objects->string(host->interpreter, &point, 1);
  SEE((object != NULL) == is_static);
  pp_grant(host);
  if (object == NULL) object = character(host, point);
  pp_drop(host, object);
}

ObjectTest(STR_06, utf8_of_static_characters) {
  struct pp_object *object = character(host, 0xe9);
  bool known = pp_since(host, PP_PROFILE_3_12);
  SEE_EQ(pp_seen_field(host, object, "utf8_length"), known ? 2 : 0);
  uint64_t utf8 = pp_seen_field(host, object, "utf8");
  SEE((utf8 != 0) == known);
  if (known) SEE(memcmp((const void *)(uintptr_t)utf8, "\xc3\xa9", 3) == 0);
  pp_spoil_field(host, object, "utf8_length", known ? 0 : 2);
  pp_see_object_told(host, object, PP_STR_06);
  pp_drop(host, object);
}

ObjectTest(STR_07, utf8_is_counted) {
  struct pp_piece_info piece;
  struct pp_object *object = character(host, 0xe9);
  see_size(host, object, PP_OF_RELEASE(host, 74, 74, 74, 74, 74, 61, 61));
  bool known = pp_since(host, PP_PROFILE_3_12);
  SEE_EQ(host->objects->piece(host->interpreter, object, 1, &piece), known);
  if (known) {
    struct pp_field_info field;
    SEE(strcmp(piece.name, "utf8") == 0);
    SEE_EQ(piece.size, 3);
    SEE(host->objects->field(host->interpreter, object, 1, 0, &field));
    SEE_EQ(field.size, 3);
    SEE(!host->objects->field(host->interpreter, object, 1, 1, &field));
  }
  pp_drop(host, object);
  object = character(host, 'e');
  see_size(host, object, PP_OF_RELEASE(host, 50, 50, 50, 50, 50, 42, 42));
  pp_drop(host, object);
}

/* ---- bytes ---- */

ObjectTest(BYTES_01, size) {
  struct pp_object *object = some_bytes(host, "abcde", 5);
  pp_see_requests(host, "O+38");
  see_size(host, object, 38);
  SEE_EQ(pp_seen_field(host, object, "ob_size"), 5);
  SEE_EQ(pp_seen_field(host, object, "ob_shash"), UINT64_MAX);
  SEE_EQ(host->objects->length(host->interpreter, object), 5);
  SEE(memcmp(object->bytes + 32, "abcde", 6) == 0);
  pp_spoil_field(host, object, "ob_size", UINT64_MAX);
  pp_see_object_told(host, object, PP_BYTES_01);
  pp_drop(host, object);
  pp_see_requests(host, "O-38");
}

ObjectTest(BYTES_02, zero_at_the_end) {
  struct pp_object *object = some_bytes(host, "a\0b", 3);
  const char other = 'x';
  const uint8_t *data = object->bytes + 32;
  SEE(memcmp(data, "a\0b", 4) == 0);
  pp_spoil(host, data + 3, &other, 1);
  pp_see_object_told(host, object, PP_BYTES_02);
  pp_drop(host, object);
}

ObjectTest(BYTES_03, those_of_one_byte_are_there_once) {
  bool is_static = pp_since(host, PP_PROFILE_3_11);
  for (unsigned i = 0; i < 256; i++) {
    char byte = (char)i;
    struct pp_object *object = some_bytes(host, &byte, 1);
    pp_see_requests(host, is_static ? "" : "O+34");
    struct pp_object *again = some_bytes(host, &byte, 1);
    SEE(object == again);
    see_size(host, object, 34);
    if (!is_static) SEE_EQ(pp_count(host, object), 3);
    pp_drop(host, object);
    pp_drop(host, again);
    pp_see_requests(host, "");
  }
  struct pp_object *empty = some_bytes(host, "", 0);
  struct pp_object *again = some_bytes(host, "", 0);
  SEE(empty == again);
  see_size(host, empty, 33);
  _Alignas(16) uint8_t copy[48];
  memcpy(copy, empty, 33);
  SEE_EQ(pp_holds(host, (const struct pp_object *)copy), PP_BYTES_03);
  pp_drop(host, empty);
  pp_drop(host, again);
}
