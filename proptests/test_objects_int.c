/* Tests of int and bool (SPEC.md, INT). Requests and bytes were measured on
 * CPython 3.7.16, 3.8.18, 3.9.18, 3.10.13, 3.11.7, 3.12.1 and 3.13.0: ints by
 * PyLong_FromLongLong, and by _PyLong_New where they are larger. */
#include "proptests/interpreters.h"
#include "reference/objects/object.h"

static struct pp_object *large(struct pp_host *host, bool negative,
                               const uint32_t *digits, size_t count) {
  struct pp_object *object =
      host->objects->integer(host->interpreter, negative, digits, count);
  SEE(object != NULL);
  return object;
}

/* What is in ob_size, or in lv_tag. */
static int64_t size_word(const struct pp_host *host,
                         const struct pp_object *object) {
  bool tagged = pp_since(host, PP_PROFILE_3_12);
  return (int64_t)pp_seen_field(host, object, tagged ? "lv_tag" : "ob_size");
}

static void spoil_size(struct pp_host *host, const struct pp_object *object,
                       int64_t value) {
  bool tagged = pp_since(host, PP_PROFILE_3_12);
  pp_spoil_field(host, object, tagged ? "lv_tag" : "ob_size", (uint64_t)value);
}

static void spoil_digit(struct pp_host *host, const struct pp_object *object,
                        size_t index, uint32_t value) {
  pp_spoil(host, object->bytes + 24 + 4 * index, &value, sizeof value);
}

static uint32_t digit_of(const struct pp_object *object, size_t index) {
  uint32_t digit;
  memcpy(&digit, object->bytes + 24 + 4 * index, sizeof digit);
  return digit;
}

ObjectTest(INT_01, sign_and_count) {
  static const struct {
    int64_t value, size, tag;
  } known[] = {
      {300, 1, 8},
      {-300, -1, 8 | 2},
      {(1 << 30) - 1, 1, 8},
      {1 << 30, 2, 16},
      {-(1 << 30), -2, 16 | 2},
      {INT64_C(1) << 60, 3, 24},
      {INT64_MIN, -3, 24 | 2},
      {0, 0, 1},
      {-5, -1, 8 | 2},
  };
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    struct pp_object *object = pp_number(host, known[i].value);
    bool tagged = pp_since(host, PP_PROFILE_3_12);
    SEE_EQ(size_word(host, object), tagged ? known[i].tag : known[i].size);
    SEE_EQ(pp_holds(host, object), PP_HOLDS);
    pp_drop(host, object);
  }
}

ObjectTest(INT_01, more_digits_than_there_can_be) {
  struct pp_object *object = pp_number(host, 1000);
  spoil_size(host, object, INT64_MAX & ~7);
  SEE(pp_holds(host, object) != PP_HOLDS);
  pp_host_mend(host);
  if (!pp_since(host, PP_PROFILE_3_12)) {
    spoil_size(host, object, INT64_MAX);
    pp_see_object_told(host, object, PP_INT_01);
  }
  pp_drop(host, object);
}

ObjectTest(INT_02, thirty_bits_a_digit) {
  const uint32_t digits[] = {1, 2, 3};
  struct pp_object *object = large(host, false, digits, 3);
  for (size_t i = 0; i < 3; i++)
    SEE_EQ(digit_of(object, i), digits[i]);
  spoil_digit(host, object, 1, UINT32_C(1) << 30);
  pp_see_object_told(host, object, PP_INT_02);
  pp_drop(host, object);
  object = pp_number(host, INT64_C(1) << 40);
  SEE_EQ(digit_of(object, 0), 0);
  SEE_EQ(digit_of(object, 1), 1 << 10);
  pp_drop(host, object);
}

ObjectTest(INT_03, no_leading_zeros) {
  const uint32_t digits[] = {1000, 7, 0, 0};
  struct pp_object *object = large(host, true, digits, 4);
  pp_see_requests(host, "O+32");
  spoil_digit(host, object, 1, 0);
  pp_see_object_told(host, object, PP_INT_03);
  pp_drop(host, object);
}

ObjectTest(INT_04, small_ones_are_shared) {
  for (int64_t i = -5; i <= 256; i++) {
    struct pp_object *object = pp_number(host, i);
    struct pp_object *again = pp_number(host, i);
    SEE(object == again);
    SEE_EQ(pp_holds(host, object), PP_HOLDS);
    pp_drop(host, object);
    pp_drop(host, again);
  }
  pp_see_requests(host, "");
  const uint32_t zeros[] = {0, 0};
  struct pp_object *zero = large(host, true, zeros, 2);
  struct pp_object *other = pp_number(host, 0);
  SEE(zero == other);
  pp_drop(host, zero);
  pp_drop(host, other);
}

ObjectTest(INT_04, larger_ones_are_not) {
  struct pp_object *object = pp_number(host, 257);
  struct pp_object *other = pp_number(host, 257);
  SEE(object != other);
  pp_drop(host, other);
  spoil_digit(host, object, 0, 256);
  pp_see_object_told(host, object, PP_INT_04);
  other = pp_number(host, -6);
  SEE_EQ(pp_count(host, other), 1);
  spoil_digit(host, other, 0, 5);
  pp_see_object_told(host, other, PP_INT_04);
  pp_drop(host, other);
  pp_drop(host, object);
}

ObjectTest(INT_04, static_or_in_blocks) {
  struct pp_piece_info piece;
  struct pp_object *object = pp_number(host, 7);
  SEE(host->objects->piece(host->interpreter, object, 0, &piece));
  SEE_EQ(piece.shared, PP_OF_RELEASE(host, 1, 1, 0, 0, 1, 1, 1));
  SEE_EQ(piece.size, PP_OF_RELEASE(host, 32, 32, 28, 28, 32, 32, 32));
  pp_drop(host, object);
}

ObjectTest(INT_05, requests) {
  struct pp_object *object = pp_number(host, 300);
  pp_see_requests(host, PP_TEXT_OF_RELEASE(host, "O+28", "O+28", "O+28", "O+28",
                                           "O+32", "O+32", "O+32"));
  pp_drop(host, object);
  pp_host_mark(host);
  object = pp_number(host, -(1 << 30));
  pp_drop(host, object);
  pp_see_requests(host, "O+32 O-32");
  object = pp_number(host, INT64_MAX);
  pp_drop(host, object);
  pp_see_requests(host, "O+36 O-36");
  const uint32_t digits[] = {1, 2, 3, 4, 5, 6, 7, 8};
  object = large(host, false, digits, 8);
  pp_drop(host, object);
  pp_see_requests(host, "O+56 O-56");
}

ObjectTest(INT_05, refused) {
  const uint32_t digits[] = {1000};
  pp_refuse_after(host, 0);
  SEE(host->objects->integer(host->interpreter, false, digits, 1) == NULL);
  pp_grant(host);
  pp_drop(host, pp_number(host, 1000));
}

ObjectTest(INT_06, getsizeof) {
  static const int64_t values[] = {0,       1,         -1, (1 << 30) - 1,
                                   1 << 30, INT64_MAX, 300};
  const intmax_t zero = PP_OF_RELEASE(host, 24, 24, 24, 24, 28, 28, 28);
  const intmax_t sizes[] = {zero, 28, 28, 28, 32, 36, 28};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    struct pp_object *object = pp_number(host, values[i]);
    SEE_EQ(host->objects->getsizeof(host->interpreter, object), sizes[i]);
    pp_drop(host, object);
  }
  struct pp_object *object = host->objects->boolean(host->interpreter, false);
  SEE_EQ(host->objects->getsizeof(host->interpreter, object), zero);
  pp_drop(host, object);
}

ObjectTest(INT_07, sign_in_the_tag) {
  struct pp_object *object = pp_number(host, 1000);
  spoil_size(host, object, 8 | 3);
  pp_see_object_told(host, object, PP_INT_07);
  spoil_size(host, object, 8 | 1);
  pp_see_object_told(host, object, PP_INT_07);
  spoil_size(host, object, 0);
  pp_see_object_told(host, object, PP_INT_07);
  spoil_size(host, object, 8 | 4);
  pp_see_object_told(host, object, PP_INT_07);
  pp_drop(host, object);
}

ObjectTest(INT_08, true_and_false) {
  for (int value = 0; value <= 1; value++) {
    struct pp_object *object =
        host->objects->boolean(host->interpreter, value != 0);
    struct pp_object *again =
        host->objects->boolean(host->interpreter, value != 0);
    SEE(object == again);
    SEE(pp_kind(host, object) == PP_TYPE_BOOL);
    SEE_EQ(digit_of(object, 0), value);
    bool tagged = pp_since(host, PP_PROFILE_3_12);
    SEE_EQ(size_word(host, object), tagged ? (value ? 8 : 1) : value);
    _Alignas(16) uint8_t copy[32];
    memcpy(copy, object, sizeof copy);
    SEE_EQ(pp_holds(host, (const struct pp_object *)copy), PP_INT_08);
    pp_drop(host, object);
    pp_drop(host, again);
  }
  pp_see_requests(host, "");
}
