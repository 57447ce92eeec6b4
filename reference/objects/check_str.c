/* The predicate of a str, from what is safe to read to what it means
 * (SPEC.md, STR and INTERN). */
#include "reference/objects/hash.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"

static enum pp_clause check_state(const struct pp_interpreter *interpreter,
                                  const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_rules *rules = interpreter->rules;
  uint64_t state = pp_field_read(interpreter, object, PP_FIELD_STR_STATE);
  size_t kind = pp_str_kind(interpreter, object);
  PP_FACT(witness, STR_01, kind > 0);
  PP_FACT(witness, STR_01, kind <= PP_STR_KIND_MAX);
  PP_FACT(witness, STR_01, (kind & (kind - 1)) == 0);
  PP_FACT(witness, STR_02, (state & PP_STR_COMPACT) != 0);
  PP_FACT(witness, STR_02, (state & rules->str_ready) == rules->str_ready);
  if (rules->str_static != 0)
    PP_FACT(witness, STR_02,
            ((state & rules->str_static) != 0) ==
                pp_is_static(interpreter, object));
  return PP_HOLDS;
}

/* The kind and the form are those of the greatest character. */
static enum pp_clause check_text(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  size_t length = pp_str_length(interpreter, object);
  size_t kind = pp_str_kind(interpreter, object);
  uint32_t most = 0;
  for (size_t i = 0; i < length; i++) {
    uint32_t point = pp_str_point(interpreter, object, i);
    most = point > most ? point : most;
  }
  PP_FACT(witness, STR_01, most <= PP_UNICODE_MAX);
  PP_FACT(witness, STR_01,
          pp_str_is_ascii(interpreter, object) == (most <= PP_ASCII_MAX));
  PP_FACT(witness, STR_01,
          (kind == sizeof(uint8_t)) == (most <= PP_LATIN_1_MAX));
  PP_FACT(witness, STR_01, (kind == sizeof(uint32_t)) == (most > PP_UCS_2_MAX));
  PP_FACT(witness, STR_03, pp_str_point(interpreter, object, length) == 0);
  return PP_HOLDS;
}

/* A hash that is kept is that of the text. */
static enum pp_clause check_hash(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object) {
  size_t size =
      pp_str_length(interpreter, object) * pp_str_kind(interpreter, object);
  uint64_t hash = pp_field_read(interpreter, object, PP_FIELD_STR_HASH);
  if (hash == UINT64_MAX) return PP_HOLDS;
  PP_FACT(interpreter->witness, HASH_03,
          (int64_t)hash == pp_hash_bytes(interpreter,
                                         pp_str_data(interpreter, object),
                                         size));
  return PP_HOLDS;
}

static enum pp_clause check_shared(const struct pp_interpreter *interpreter,
                                   const struct pp_object *object) {
  size_t length = pp_str_length(interpreter, object);
  size_t index = PP_CHARACTERS; /* the empty one */
  if (length > 1) return PP_HOLDS;
  if (length == 1) {
    index = pp_str_point(interpreter, object, 0);
    if (index > PP_LATIN_1_MAX) return PP_HOLDS;
  }
  const struct pp_object *known = interpreter->blocks.strings[index];
  if (interpreter->rules->values_static)
    known = (const struct pp_object *)&interpreter->shared.strings[index];
  PP_FACT(interpreter->witness, STR_05, object == known);
  return PP_HOLDS;
}

enum pp_clause pp_str_check(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  PP_FACT(witness, STR_01, pp_str_length(interpreter, object) <= PTRDIFF_MAX);
  PP_PART(check_state(interpreter, object));
  PP_PART(check_text(interpreter, object));
  PP_PART(pp_str_check_wide(interpreter, object));
  if (!pp_str_is_ascii(interpreter, object)) {
    bool known =
        pp_field_pointer(interpreter, object, PP_FIELD_STR_UTF8) != NULL;
    uint64_t length =
        pp_field_read(interpreter, object, PP_FIELD_STR_UTF8_LENGTH);
    PP_FACT(witness, STR_06, known == (length > 0));
    if (known)
      PP_FACT(witness, STR_06, length > pp_str_length(interpreter, object));
    if (pp_is_static(interpreter, object))
      PP_FACT(witness, STR_06, known == interpreter->rules->static_utf8);
  }
  PP_PART(check_hash(interpreter, object));
  PP_PART(check_shared(interpreter, object));
  return pp_interned_check_one(interpreter, object);
}
