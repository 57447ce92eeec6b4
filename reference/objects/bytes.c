/* bytes: a length, a hash that is computed when it is wanted, the bytes, and a
 * zero behind them (SPEC.md, BYTES).
 *
 *   | ob_refcnt | ob_type | ob_size | ob_shash | ob_sval ... | 0 |  */
#include "reference/objects/bytes.h"

#include "reference/objects/hash.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"

enum { HEADER = 32, NUL = 1 };

#define HASH_UNKNOWN UINT64_MAX

size_t pp_bytes_length(const struct pp_interpreter *interpreter,
                       const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, BYTES_01,
             pp_type_known(object) == &pp_bytes_type);
  return pp_field_read(interpreter, object, PP_FIELD_VAR_SIZE);
}

const uint8_t *pp_bytes_data(const struct pp_interpreter *interpreter,
                             const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, BYTES_01,
             pp_type_known(object) == &pp_bytes_type);
  return pp_field_at(interpreter, object, PP_FIELD_BYTES_DATA);
}

static void fill(const struct pp_interpreter *interpreter,
                 struct pp_object *object, const uint8_t *data, size_t length) {
  uint8_t *at = pp_field_place(interpreter, object, PP_FIELD_BYTES_DATA);
  PP_REQUIRE(interpreter->witness, BYTES_01, at == object->bytes + HEADER);
  pp_field_write(interpreter, object, PP_FIELD_VAR_SIZE, length);
  pp_field_write(interpreter, object, PP_FIELD_BYTES_HASH, HASH_UNKNOWN);
  if (length > 0) memcpy(at, data, length);
  at[length] = 0;
  PP_ENSURE(interpreter->witness, BYTES_01,
            pp_bytes_length(interpreter, object) == length);
  PP_ENSURE(interpreter->witness, BYTES_02,
            pp_bytes_data(interpreter, object)[length] == 0);
}

/* ---- shared ones ---- */

static size_t shared_index(const uint8_t *data, size_t length) {
  return length == 0 ? PP_CHARACTERS : data[0];
}

static struct pp_object *new_block(struct pp_interpreter *interpreter,
                                   const uint8_t *data, size_t length) {
  if (interpreter->rules->values_static)
    PP_REQUIRE(interpreter->witness, BYTES_03, length > 1);
  if (length > PTRDIFF_MAX - HEADER - NUL) return NULL;
  struct pp_object *object =
      pp_object_new(interpreter, &pp_bytes_type, HEADER + length + NUL);
  if (object == NULL) return NULL;
  fill(interpreter, object, data, length);
  PP_ENSURE(interpreter->witness, BYTES_01,
            pp_object_size(interpreter, object) == HEADER + length + NUL);
  return object;
}

/* A shared one, where it is not static; NULL: not met yet. */
static void ensure_shared(const struct pp_interpreter *interpreter,
                          const struct pp_object *object, const uint8_t *data,
                          size_t length) {
  struct pp_witness *witness = interpreter->witness;
  if (object == NULL) return;
  PP_ENSURE(witness, BYTES_03, !pp_is_static(interpreter, object));
  PP_ENSURE(witness, BYTES_03, pp_bytes_length(interpreter, object) == length);
  if (length > 0)
    PP_ENSURE(witness, BYTES_03,
              pp_bytes_data(interpreter, object)[0] == data[0]);
}

/* Not a new reference; NULL when a block for it cannot be had. */
static struct pp_object *shared(struct pp_interpreter *interpreter,
                                const uint8_t *data, size_t length) {
  size_t index = shared_index(data, length);
  PP_REQUIRE(interpreter->witness, BYTES_03, length <= 1);
  PP_ENSURE(interpreter->witness, BYTES_03, index <= PP_CHARACTERS);
  if (interpreter->rules->values_static)
    return (struct pp_object *)&interpreter->shared.bytes[index];
  struct pp_object **block = &interpreter->blocks.bytes[index];
  if (*block == NULL) *block = new_block(interpreter, data, length);
  ensure_shared(interpreter, *block, data, length);
  return *block;
}

bool pp_bytes_begin(struct pp_interpreter *interpreter) {
  if (!interpreter->rules->values_static)
    return shared(interpreter, NULL, 0) != NULL;
  for (size_t i = 0; i <= PP_CHARACTERS; i++) {
    uint8_t byte = (uint8_t)i;
    size_t length = i < PP_CHARACTERS;
    struct pp_object *object = shared(interpreter, &byte, length);
    pp_object_begin(interpreter, object, &pp_bytes_type,
                    pp_static_count(interpreter));
    fill(interpreter, object, &byte, length);
    PP_ENSURE(interpreter->witness, BYTES_03,
              pp_is_static(interpreter, object));
    PP_ENSURE(interpreter->witness, BYTES_01,
              pp_object_size(interpreter, object) <= PP_STATIC_BYTES);
  }
  return true;
}

struct pp_object *pp_bytes_new(struct pp_interpreter *interpreter,
                               const uint8_t *data, size_t length) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *object;
  if (length > 0) PP_REQUIRE(witness, BYTES_01, data != NULL);
  if (length > 1) {
    object = new_block(interpreter, data, length);
  } else {
    object = shared(interpreter, data, length);
    if (object != NULL) pp_incref(interpreter, object);
  }
  if (object == NULL) return NULL;
  if (length > 1)
    PP_ENSURE(witness, BYTES_03, !pp_is_static(interpreter, object));
  PP_ENSURE(witness, BYTES_01, pp_bytes_length(interpreter, object) == length);
  if (length > 0)
    PP_ENSURE_SLOWLY(witness, BYTES_01,
                     memcmp(pp_bytes_data(interpreter, object), data, length) ==
                         0);
  pp_object_touched(interpreter, object);
  return object;
}

/* ---- looking ---- */

static size_t size(const struct pp_interpreter *interpreter,
                   const struct pp_object *object) {
  return HEADER + pp_bytes_length(interpreter, object) + NUL;
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *object, unsigned piece,
                  unsigned index, struct pp_field_info *info) {
  static const enum pp_field fields[] = {PP_FIELD_VAR_SIZE, PP_FIELD_BYTES_HASH,
                                         PP_FIELD_BYTES_DATA};
  size_t rest = size(interpreter, object) - HEADER;
  PP_ENSURE(interpreter->witness, BYTES_02, rest >= NUL);
  if (piece > 0) return false;
  return pp_fields_show(interpreter, fields, sizeof fields / sizeof fields[0],
                        &index, rest, info);
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  size_t length = pp_bytes_length(interpreter, object);
  const uint8_t *data = pp_bytes_data(interpreter, object);
  PP_FACT(witness, BYTES_01, length <= PTRDIFF_MAX - HEADER - NUL);
  PP_FACT(witness, BYTES_01, data == object->bytes + HEADER);
  PP_FACT(witness, BYTES_02, data[length] == 0);
  uint64_t hash = pp_field_read(interpreter, object, PP_FIELD_BYTES_HASH);
  if (hash != HASH_UNKNOWN)
    PP_FACT(witness, HASH_03,
            (int64_t)hash == pp_hash_bytes(interpreter, data, length));
  if (length > 1) return PP_HOLDS;
  size_t index = shared_index(data, length);
  const struct pp_object *known = interpreter->blocks.bytes[index];
  if (interpreter->rules->values_static)
    known = (const struct pp_object *)&interpreter->shared.bytes[index];
  PP_FACT(witness, BYTES_03, object == known);
  return PP_HOLDS;
}

const struct pp_type pp_bytes_type = {
    .id = PP_TYPE_BYTES,
    .name = "bytes",
    .size = size,
    .dealloc = pp_object_free,
    .length = pp_bytes_length,
    .field = field,
    .check = check,
};
