/* The predicate of a row of rules: what the other files take for granted of
 * every release, wherever its fields lie and however much it keeps (SPEC.md,
 * OBJ and the areas of the types). Asked once, when an interpreter begins. */
#include "reference/objects/array.h"
#include "reference/objects/bytearray.h"
#include "reference/objects/dict.h"
#include "reference/objects/list.h"
#include "reference/objects/object.h"
#include "reference/objects/set.h"
#include "reference/objects/tuple.h"

static bool has(const struct pp_interpreter *interpreter, enum pp_field field) {
  return pp_has_field(interpreter, field);
}

static bool is_for_word(int offset) {
  return offset % PP_WORD_SIZE == 0;
}

static bool ends_at(const struct pp_object_rules *rules, enum pp_field field,
                    int end) {
  return rules->offsets[field] + pp_field_texts[field].size == end;
}

/* The last field of each type ends where its objects do. */
static enum pp_clause check_sizes(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  const int16_t *offsets = rules->offsets;
  int table = PP_SET_SMALLEST * PP_SET_ENTRY;
  PP_FACT(witness, OBJ_03, ends_at(rules, PP_FIELD_VAR_SIZE, PP_VAR_SIZE));
  PP_FACT(witness, OBJ_03, offsets[PP_FIELD_TUPLE_ITEMS] == PP_VAR_SIZE);
  PP_FACT(witness, OBJ_03, offsets[PP_FIELD_FLOAT_VALUE] == PP_OBJECT_SIZE);
  PP_FACT(witness, OBJ_03, offsets[PP_FIELD_COMPLEX_IMAG] == PP_VAR_SIZE);
  PP_FACT(witness, OBJ_03,
          ends_at(rules, PP_FIELD_LIST_ALLOCATED, PP_LIST_SIZE));
  PP_FACT(witness, OBJ_03, ends_at(rules, PP_FIELD_DICT_VALUES, PP_DICT_SIZE));
  PP_FACT(witness, OBJ_03, ends_at(rules, PP_FIELD_SET_WEAKREFS, PP_SET_SIZE));
  PP_FACT(witness, OBJ_03,
          offsets[PP_FIELD_SET_SMALLTABLE] + table ==
              offsets[PP_FIELD_SET_WEAKREFS]);
  PP_FACT(witness, OBJ_03,
          ends_at(rules, PP_FIELD_ARRAY_EXPORTS, PP_ARRAY_SIZE));
  PP_FACT(witness, OBJ_03,
          offsets[PP_FIELD_BYTEARRAY_START] < PP_BYTEARRAY_SIZE);
  PP_FACT(witness, OBJ_03,
          ends_at(rules, PP_FIELD_KEYS_NENTRIES, rules->keys_header));
  if (has(interpreter, PP_FIELD_WEAKREF_CALL))
    PP_FACT(witness, OBJ_03,
            ends_at(rules, PP_FIELD_WEAKREF_CALL, rules->weakref_size));
  return PP_HOLDS;
}

/* Every field of every type. */
static enum pp_clause check_fields(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  int before = rules->gc_head + rules->managed_header;
  for (unsigned i = 0; i < PP_FIELD_COUNT; i++) {
    int offset = rules->offsets[i];
    PP_FACT(witness, OBJ_03, pp_field_texts[i].name != NULL);
    PP_FACT(witness, OBJ_03, pp_field_texts[i].size <= PP_WORD_SIZE);
    if (offset == PP_NO_FIELD) continue;
    PP_FACT(witness, OBJ_02, offset + before >= 0);
    if (pp_field_texts[i].size == PP_WORD_SIZE)
      PP_FACT(witness, OBJ_03, is_for_word(offset));
  }
  return PP_HOLDS;
}

static enum pp_clause check_header(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  const int16_t *offsets = rules->offsets;
  bool apart = rules->attributes == PP_ATTRIBUTES_APART;
  bool with_dict = rules->attributes == PP_ATTRIBUTES_DICT;
  PP_FACT(witness, OBJ_01, offsets[PP_FIELD_OBJECT_REFCOUNT] == 0);
  PP_FACT(witness, OBJ_01, offsets[PP_FIELD_OBJECT_TYPE] == PP_WORD_SIZE);
  PP_FACT(witness, OBJ_02, rules->gc_head % PP_OBJECT_ALIGNMENT == 0);
  PP_FACT(witness, OBJ_02, rules->managed_header % PP_OBJECT_ALIGNMENT == 0);
  PP_FACT(witness, OBJ_02, offsets[PP_FIELD_GC_NEXT] == -rules->gc_head);
  PP_FACT(witness, OBJ_02,
          ends_at(rules, PP_FIELD_GC_NEXT, offsets[PP_FIELD_GC_PREV]));
  PP_FACT(witness, OBJ_02, (rules->managed_header == 0) == with_dict);
  PP_FACT(witness, OBJ_02,
          has(interpreter, PP_FIELD_GC_REFS) == rules->gc_refs_apart);
  PP_FACT(witness, OBJ_10, rules->instance_size >= PP_OBJECT_SIZE);
  PP_FACT(witness, OBJ_10, is_for_word(rules->instance_size));
  PP_FACT(witness, OBJ_10, has(interpreter, PP_FIELD_INSTANCE_VALUES) == apart);
  if (!apart) PP_FACT(witness, OBJ_10, rules->values_tag == 0);
  if (!apart) PP_FACT(witness, OBJ_10, !rules->clear_frees_values);
  return PP_HOLDS;
}

/* What never dies, and what is static. */
static enum pp_clause check_shared(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  bool undying = rules->immortality == PP_IMMORTAL_HALF;
  if (rules->immortality != PP_IMMORTAL_NONE) {
    PP_FACT(witness, REF_02, rules->values_static);
    PP_FACT(witness, REF_02, rules->small_ints_static);
    PP_FACT(witness, REF_02, rules->empty_tuple_static);
  }
  if (rules->interned_immortal) PP_FACT(witness, INTERN_04, undying);
  if (rules->interned_at_start) PP_FACT(witness, INTERN_06, undying);
  if (rules->interned_at_start)
    PP_FACT(witness, INTERN_06, rules->values_static);
  if (rules->static_utf8) PP_FACT(witness, STR_06, rules->values_static);
  PP_FACT(witness, STR_02, (rules->str_static != 0) == undying);
  return PP_HOLDS;
}

/* Room for what is static, and what a type's own file knows of its fields. */
static enum pp_clause check_values(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  const int16_t *offsets = rules->offsets;
  PP_FACT(witness, INT_05, rules->int_least > offsets[PP_FIELD_INT_DIGITS]);
  PP_FACT(witness, INT_05, rules->int_least <= PP_STATIC_INT);
  PP_FACT(witness, INT_05, offsets[PP_FIELD_INT_DIGITS] == PP_VAR_SIZE);
  PP_FACT(witness, BYTES_01,
          offsets[PP_FIELD_BYTES_DATA] + 2 <= PP_STATIC_BYTES);
  PP_FACT(witness, BYTES_01,
          offsets[PP_FIELD_BYTES_DATA] ==
              offsets[PP_FIELD_BYTES_HASH] + PP_WORD_SIZE);
  PP_FACT(witness, STR_05, offsets[PP_FIELD_STR_TEXT] + 2 <= PP_STATIC_STR);
  PP_FACT(witness, STR_01,
          offsets[PP_FIELD_STR_ASCII_TEXT] < offsets[PP_FIELD_STR_TEXT]);
  PP_FACT(witness, OBJ_03,
          has(interpreter, PP_FIELD_STR_WSTR) ==
              has(interpreter, PP_FIELD_STR_WSTR_LENGTH));
  PP_FACT(witness, STR_02, (rules->str_ready & rules->str_static) == 0);
  PP_FACT(witness, HASH_03, rules->hash_rounds > 0);
  PP_FACT(witness, HASH_01, rules->none_hash != -1);
  return PP_HOLDS;
}

static enum pp_clause
check_containers(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  PP_FACT(witness, OBJ_08, rules->free_floats > 0);
  PP_FACT(witness, OBJ_08, rules->free_tuples > 0);
  PP_FACT(witness, OBJ_08, rules->free_lists > 0);
  PP_FACT(witness, OBJ_08, rules->free_dicts > 0);
  PP_FACT(witness, OBJ_08, rules->free_dict_keys > 0);
  PP_FACT(witness, OBJ_08, rules->free_tuple_put < PP_FREE_LENGTHS);
  PP_FACT(witness, OBJ_08, rules->free_tuple_take <= rules->free_tuple_put);
  PP_FACT(witness, DICT_10,
          has(interpreter, PP_FIELD_KEYS_KIND) == rules->keys_by_kind);
  PP_FACT(witness, DICT_10,
          has(interpreter, PP_FIELD_KEYS_LOOKUP) != rules->keys_by_kind);
  PP_FACT(witness, DICT_14,
          rules->keys_header <= PP_EMPTY_KEYS_WORDS * PP_WORD_SIZE);
  PP_FACT(witness, DICT_10,
          has(interpreter, PP_FIELD_KEYS_LOG2_SIZE) == rules->keys_by_kind);
  PP_FACT(witness, DICT_10,
          has(interpreter, PP_FIELD_KEYS_SIZE) != rules->keys_by_kind);
  PP_FACT(witness, DICT_01, rules->dict_version_step > 0);
  PP_FACT(witness, ARRAY_06, rules->array_codes != NULL);
  PP_FACT(witness, GC_16,
          rules->offsets[PP_FIELD_WEAKREF_NEXT] < rules->weakref_size);
  return PP_HOLDS;
}

static enum pp_clause
check_collector(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  bool undying = rules->immortality == PP_IMMORTAL_HALF;
  PP_FACT(witness, GC_07, rules->threshold_young > 0);
  PP_FACT(witness, GC_07, rules->threshold_older > 0);
  PP_FACT(witness, GC_14, rules->collects_at_safe_point == undying);
  PP_FACT(witness, GC_17, rules->weakref_tuple > 0);
  PP_FACT(witness, REF_08, rules->trash_depth > 0);
  PP_FACT(witness, REF_10, rules->trash_resume < rules->trash_depth);
  PP_FACT(witness, REF_08, rules->trash_instance_more < rules->trash_depth);
  return PP_HOLDS;
}

enum pp_clause pp_rules_check(const struct pp_interpreter *interpreter) {
  PP_PART(check_fields(interpreter));
  PP_PART(check_sizes(interpreter));
  PP_PART(check_header(interpreter));
  PP_PART(check_shared(interpreter));
  PP_PART(check_values(interpreter));
  PP_PART(check_containers(interpreter));
  return check_collector(interpreter);
}
