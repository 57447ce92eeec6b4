/* Tests of what all objects have in common: header, memory, free lists
 * (SPEC.md, OBJ). Requests and fields were measured on CPython 3.7.16, 3.8.18,
 * 3.9.18, 3.10.13, 3.11.7, 3.12.1 and 3.13.0, by writing down what was asked
 * of its families and by reading the memory of objects. */
#include <stdio.h>

#include "proptests/interpreters.h"
#include "reference/objects/object.h"

enum { FLOATS_KEPT = 100 };

ObjectTest(OBJ_01, begins_with_count_and_type) {
  struct pp_object *object = pp_number(host, 1000);
  SEE_EQ(pp_word_read(object->bytes), 1);
  SEE_EQ(pp_seen_field(host, object, "ob_refcnt"), 1);
  SEE_EQ(pp_seen_field(host, object, "ob_type"),
         pp_word_read(object->bytes + 8));
  SEE(pp_kind(host, object) == PP_TYPE_INT);
  pp_spoil_field(host, object, "ob_type", 16);
  pp_see_object_told(host, object, PP_OBJ_01);
  pp_drop(host, object);
}

static void take_unknown(struct pp_host *host, void *object) {
  pp_spoil_field(host, object, "ob_type", 16);
  host->objects->incref(host->interpreter, object);
}

ObjectTest(OBJ_01, of_an_unknown_type) {
  struct pp_object *object = pp_number(host, 1000);
  SEE_EQ(pp_act_breaks(host, take_unknown, object), PP_OBJ_01);
}

ObjectTest(OBJ_02, others_begin_their_memory) {
  struct pp_piece_info piece;
  struct pp_object *object = pp_number(host, 1000);
  SEE(host->objects->piece(host->interpreter, object, 0, &piece));
  SEE(piece.start == object);
  SEE(!piece.shared);
  SEE(!host->objects->piece(host->interpreter, object, 1, &piece));
  pp_drop(host, object);
}

ObjectTest(OBJ_02, behind_the_head) {
  struct pp_piece_info piece;
  struct pp_object *object = host->objects->list(host->interpreter, NULL, 0);
  SEE(object != NULL);
  SEE(host->objects->piece(host->interpreter, object, 0, &piece));
  size_t head = pp_since(host, PP_PROFILE_3_8) ? 16 : 32;
  SEE((const uint8_t *)piece.start + head == object->bytes);
  SEE_EQ(piece.size, head + 40);
  pp_drop(host, object);
}

/* ---- fields ---- */

/* As "ob_refcnt 0+8, ob_type 8+8". */
static const char *fields_of(struct pp_host *host,
                             const struct pp_object *object) {
  static char text[512];
  struct pp_field_info field;
  size_t length = 0;
  for (unsigned i = 0;
       host->objects->field(host->interpreter, object, 0, i, &field); i++) {
    length += (size_t)snprintf(text + length, sizeof text - length,
                               "%s%s %d+%zu", i > 0 ? ", " : "", field.name,
                               field.offset, field.size);
    SEE(length < sizeof text);
  }
  return text;
}

#define SEE_FIELDS(object, expected)                            \
  do {                                                          \
    const char *seen_ = fields_of(host, object);                \
    cr_assert_str_eq(seen_, expected, "%s: \"%s\", not \"%s\"", \
                     host->profile->name, seen_, expected);     \
  } while (0)

ObjectTest(OBJ_03, of_numbers) {
  struct pp_object *object = host->objects->floating(host->interpreter, 1.5);
  SEE_FIELDS(object, "ob_refcnt 0+8, ob_type 8+8, ob_fval 16+8");
  SEE(pp_seen_field(host, object, "ob_fval") == 0x3ff8000000000000);
  pp_drop(host, object);
  object = host->objects->complex(host->interpreter, 1, 2);
  SEE_FIELDS(object, "ob_refcnt 0+8, ob_type 8+8, cval.real 16+8, "
                     "cval.imag 24+8");
  SEE(pp_seen_field(host, object, "cval.imag") == 0x4000000000000000);
  pp_drop(host, object);
  object = pp_number(host, 1000);
  SEE_FIELDS(object,
             PP_TEXT_OF_RELEASE(
                 host,
                 "ob_refcnt 0+8, ob_type 8+8, ob_size 16+8, ob_digit 24+4",
                 "ob_refcnt 0+8, ob_type 8+8, ob_size 16+8, ob_digit 24+4",
                 "ob_refcnt 0+8, ob_type 8+8, ob_size 16+8, ob_digit 24+4",
                 "ob_refcnt 0+8, ob_type 8+8, ob_size 16+8, ob_digit 24+4",
                 "ob_refcnt 0+8, ob_type 8+8, ob_size 16+8, ob_digit 24+4, "
                 " 28+4",
                 "ob_refcnt 0+8, ob_type 8+8, lv_tag 16+8, ob_digit 24+4, "
                 " 28+4",
                 "ob_refcnt 0+8, ob_type 8+8, lv_tag 16+8, ob_digit 24+4, "
                 " 28+4"));
  pp_drop(host, object);
}

ObjectTest(OBJ_03, of_texts) {
  static const char *const ascii[] = {
      "ob_refcnt 0+8, ob_type 8+8, length 16+8, hash 24+8, state 32+1, "
      " 33+7, wstr 40+8, data 48+4",
      "ob_refcnt 0+8, ob_type 8+8, length 16+8, hash 24+8, state 32+1, "
      " 33+7, data 40+4"};
  static const char *const wide[] = {
      "ob_refcnt 0+8, ob_type 8+8, length 16+8, hash 24+8, state 32+1, "
      " 33+7, wstr 40+8, utf8_length 48+8, utf8 56+8, wstr_length 64+8, "
      "data 72+4",
      "ob_refcnt 0+8, ob_type 8+8, length 16+8, hash 24+8, state 32+1, "
      " 33+7, utf8_length 40+8, utf8 48+8, data 56+4"};
  bool later = pp_since(host, PP_PROFILE_3_12);
  struct pp_object *object = pp_text(host, "abc");
  SEE_FIELDS(object, ascii[later]);
  pp_drop(host, object);
  const uint32_t point = 0x100;
  object = host->objects->string(host->interpreter, &point, 1);
  SEE_FIELDS(object, wide[later]);
  pp_drop(host, object);
  object = host->objects->bytes(host->interpreter, (const uint8_t *)"ab", 2);
  SEE_FIELDS(object, "ob_refcnt 0+8, ob_type 8+8, ob_size 16+8, "
                     "ob_shash 24+8, ob_sval 32+3");
  pp_drop(host, object);
  object = host->objects->none(host->interpreter);
  SEE_FIELDS(object, "ob_refcnt 0+8, ob_type 8+8");
  pp_drop(host, object);
}

/* ---- static objects, sizes, places ---- */

static void free_static(struct pp_host *host, void *object) {
  pp_object_free(host->interpreter, object);
}

ObjectTest(OBJ_04, none_given_back) {
  struct pp_object *object = host->objects->none(host->interpreter);
  struct pp_piece_info piece;
  SEE(host->objects->piece(host->interpreter, object, 0, &piece));
  SEE(piece.shared);
  SEE_EQ(pp_act_breaks(host, free_static, object), PP_OBJ_04);
}

ObjectTest(OBJ_05, counts_what_lies_before) {
  struct pp_object *object = host->objects->list(host->interpreter, NULL, 0);
  SEE(object != NULL);
  SEE_EQ(host->objects->getsizeof(host->interpreter, object),
         PP_OF_RELEASE(host, 72, 56, 56, 56, 56, 56, 56));
  pp_drop(host, object);
  object = host->objects->floating(host->interpreter, 1);
  SEE_EQ(host->objects->getsizeof(host->interpreter, object), 24);
  pp_drop(host, object);
}

ObjectTest(OBJ_06, multiple_of_16) {
  struct pp_object *object = host->objects->complex(host->interpreter, 1, 2);
  _Alignas(16) uint8_t room[64];
  SEE_EQ((uintptr_t)object % 16, 0);
  memcpy(room + 8, object, 32);
  SEE_EQ(pp_holds(host, (const struct pp_object *)(room + 8)), PP_OBJ_06);
  memcpy(room + 16, object, 32);
  SEE_EQ(pp_holds(host, (const struct pp_object *)(room + 16)), PP_HOLDS);
  pp_drop(host, object);
}

ObjectTest(OBJ_07, once_and_static) {
  struct pp_object *(*const make[])(struct pp_interpreter *) = {
      host->objects->none, host->objects->ellipsis,
      host->objects->not_implemented};
  static const enum pp_type_id types[] = {PP_TYPE_NONE, PP_TYPE_ELLIPSIS,
                                          PP_TYPE_NOT_IMPLEMENTED};
  for (size_t i = 0; i < 3; i++) {
    struct pp_object *object = make[i](host->interpreter);
    _Alignas(16) uint8_t copy[16];
    SEE(pp_kind(host, object) == types[i]);
    SEE(make[i](host->interpreter) == object);
    SEE_EQ(host->objects->getsizeof(host->interpreter, object), 16);
    memcpy(copy, object, sizeof copy);
    SEE_EQ(pp_holds(host, (const struct pp_object *)copy), PP_OBJ_07);
    pp_drop(host, object);
    pp_drop(host, object);
  }
  pp_see_requests(host, "");
}

/* ---- free lists ---- */

ObjectTest(OBJ_08, a_hundred_floats) {
  struct pp_object *floats[FLOATS_KEPT + 2];
  for (size_t i = 0; i < FLOATS_KEPT + 2; i++)
    floats[i] = host->objects->floating(host->interpreter, (double)i);
  pp_host_mark(host);
  for (size_t i = 0; i < FLOATS_KEPT + 2; i++)
    pp_drop(host, floats[i]);
  pp_see_requests(host, "O-24 O-24");
  uint32_t *count = &host->interpreter->free_lists.count[PP_FREE_FLOAT][0];
  SEE_EQ(*count, FLOATS_KEPT);
  SEE_EQ(pp_free_lists_check(host->interpreter), PP_HOLDS);
  const uint32_t more = FLOATS_KEPT + 1;
  pp_spoil(host, count, &more, sizeof more);
  SEE_EQ(pp_free_lists_check(host->interpreter), PP_OBJ_08);
  pp_host_mend(host);
}

ObjectTest(OBJ_09, the_last_first) {
  struct pp_object *first = host->objects->floating(host->interpreter, 1);
  struct pp_object *second = host->objects->floating(host->interpreter, 2);
  pp_see_requests(host, "O+24 O+24");
  pp_drop(host, first);
  pp_drop(host, second);
  SEE(host->objects->floating(host->interpreter, 3) == second);
  SEE(host->objects->floating(host->interpreter, 4) == first);
  SEE_EQ(pp_count(host, first), 1);
  pp_see_requests(host, "");
  pp_drop(host, first);
  const uint32_t none = 0;
  pp_spoil(host, &host->interpreter->free_lists.count[PP_FREE_FLOAT][0], &none,
           sizeof none);
  SEE_EQ(pp_free_lists_check(host->interpreter), PP_OBJ_09);
  pp_host_mend(host);
  pp_drop(host, second);
}

ObjectTest(OBJ_09, a_block_when_none_is_kept) {
  pp_refuse_after(host, 0);
  SEE(host->objects->floating(host->interpreter, 1) == NULL);
  pp_see_requests(host, "O+24");
  pp_grant(host);
}

/* ---- the table of rules ---- */

static enum pp_clause told_of(struct pp_host *host,
                              const struct pp_object_rules *rules) {
  const struct pp_object_rules *own = host->interpreter->rules;
  host->interpreter->rules = rules;
  enum pp_clause told = pp_rules_check(host->interpreter);
  host->interpreter->rules = own;
  return told;
}

/* A row with one change is told under this clause. */
#define SEE_RULE_TOLD(change, clause)             \
  do {                                            \
    struct pp_object_rules rules_ = *host->rules; \
    rules_.change;                                \
    SEE_EQ(told_of(host, &rules_), PP_##clause);  \
  } while (0)

ObjectTest(OBJ_03, rows_of_no_release) {
  SEE_EQ(pp_types_check(host->interpreter), PP_HOLDS);
  SEE_EQ(told_of(host, host->rules), PP_HOLDS);
  SEE_RULE_TOLD(gc_head = 8, OBJ_02);
  SEE_RULE_TOLD(offsets[PP_FIELD_TUPLE_ITEMS] = 32, OBJ_03);
  SEE_RULE_TOLD(offsets[PP_FIELD_OBJECT_TYPE] = 0, OBJ_01);
  SEE_RULE_TOLD(instance_size = 8, OBJ_10);
  SEE_RULE_TOLD(int_least = UINT8_MAX, INT_05);
  SEE_RULE_TOLD(str_static = host->rules->str_static == 0, STR_02);
  SEE_RULE_TOLD(hash_rounds = 0, HASH_03);
  SEE_RULE_TOLD(none_hash = -1, HASH_01);
  SEE_RULE_TOLD(free_floats = 0, OBJ_08);
  SEE_RULE_TOLD(threshold_young = 0, GC_07);
  SEE_RULE_TOLD(trash_resume = UINT16_MAX, REF_10);
}
