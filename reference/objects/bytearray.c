/* bytearray: an object and a buffer of bytes with a zero behind them (SPEC.md,
 * BYTES-04 to BYTES-08).
 *
 *   | ... | ob_size | ob_alloc | ob_bytes | ob_start | ob_exports |
 *                                  '--> | bytes ... | 0 | room |
 */
#include "reference/objects/bytearray.h"

#include "reference/objects/bytes.h"
#include "reference/objects/int.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"

enum {
  EIGHTH = 8, /* the part that is added */
  EIGHTH_SHIFT = 3,
  WORDS = 4,       /* of a bytearray behind ob_size */
  ADDED_LATER = 6, /* and besides, from LATER bytes on */
  ADDED_FIRST = 3,
  LATER = 9
};

static_assert(1 << EIGHTH_SHIFT == EIGHTH, "BYTES-05");
static_assert(PP_BYTEARRAY_SIZE == PP_VAR_SIZE + WORDS * PP_WORD_SIZE,
              "ob_alloc, ob_bytes, ob_start and ob_exports");

/* ---- fields ---- */

static size_t length_of(const struct pp_interpreter *interpreter,
                        const struct pp_object *bytearray) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, bytearray, PP_TYPE_BYTEARRAY));
  return pp_field_read(interpreter, bytearray, PP_FIELD_VAR_SIZE);
}

static size_t room_of(const struct pp_interpreter *interpreter,
                      const struct pp_object *bytearray) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, bytearray, PP_TYPE_BYTEARRAY));
  return pp_field_read(interpreter, bytearray, PP_FIELD_BYTEARRAY_ALLOC);
}

static uint8_t *bytes_of(const struct pp_interpreter *interpreter,
                         const struct pp_object *bytearray) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, bytearray, PP_TYPE_BYTEARRAY));
  return pp_field_pointer(interpreter, bytearray, PP_FIELD_BYTEARRAY_BYTES);
}

/* Nothing is ever taken from the front alone, so the bytes start where the
 * buffer does. */
static void set_buffer(const struct pp_interpreter *interpreter,
                       struct pp_object *bytearray, uint8_t *bytes,
                       size_t length, size_t room) {
  if (bytes == NULL) {
    PP_ENSURE(interpreter->witness, BYTES_07, room == 0);
    PP_ENSURE(interpreter->witness, BYTES_07, length == 0);
  }
  pp_field_set_pointer(interpreter, bytearray, PP_FIELD_BYTEARRAY_BYTES, bytes);
  pp_field_set_pointer(interpreter, bytearray, PP_FIELD_BYTEARRAY_START, bytes);
  pp_field_write(interpreter, bytearray, PP_FIELD_VAR_SIZE, length);
  pp_field_write(interpreter, bytearray, PP_FIELD_BYTEARRAY_ALLOC, room);
  if (bytes == NULL) return;
  PP_ENSURE(interpreter->witness, BYTES_04, length < room);
  bytes[length] = 0;
}

static const struct pp_system_source *
family_of(const struct pp_interpreter *interpreter) {
  const struct pp_interpreter_options *options = &interpreter->options;
  const struct pp_system_source *family = pp_keys_family(interpreter);
  if (interpreter->rules->keys_from_mem)
    PP_ENSURE(interpreter->witness, BYTES_08, family == options->mem);
  else
    PP_ENSURE(interpreter->witness, BYTES_08, family == options->obj);
  return family;
}

/* ---- how it grows ---- */

/* What is asked for: by an eighth and some when it is outgrown by little, and
 * else as much as is needed. */
static size_t room_for(size_t room, size_t target) {
  if (target < room) return target + 1; /* less than half is in use */
  if (target <= room + room / EIGHTH)
    return target + target / EIGHTH +
           (target < LATER ? ADDED_FIRST : ADDED_LATER);
  return target + 1;
}

/* False: as before. */
static bool resize(struct pp_interpreter *interpreter,
                   struct pp_object *bytearray, size_t target) {
  size_t length = length_of(interpreter, bytearray);
  size_t room = room_of(interpreter, bytearray);
  uint8_t *bytes = bytes_of(interpreter, bytearray);
  struct pp_witness *witness = interpreter->witness;
  if (bytes != NULL) PP_REQUIRE(witness, BYTES_04, length < room);
  if (bytes == NULL) PP_REQUIRE(witness, BYTES_07, room == 0);
  if (target == length) return true;
  if (target < room && target >= room / 2) {
    PP_ENSURE(witness, BYTES_06, target + 1 >= room - target);
    set_buffer(interpreter, bytearray, bytes, target, room);
    return true;
  }
  if (target < room) PP_ENSURE(witness, BYTES_06, target < length);
  size_t wanted = room_for(room, target);
  if (target < room) PP_ENSURE(witness, BYTES_06, wanted == target + 1);
  PP_ENSURE(witness, BYTES_05, wanted > target);
  if (wanted > target + 1)
    PP_ENSURE(witness, BYTES_05,
              wanted - target - (target >> EIGHTH_SHIFT) ==
                  (target >= LATER ? ADDED_LATER : ADDED_FIRST));
  if (target > room + room / EIGHTH)
    PP_ENSURE(witness, BYTES_05, wanted == target + 1);
  const struct pp_system_source *family = family_of(interpreter);
  bytes = pp_family_realloc(family, bytes, wanted);
  if (bytes == NULL) return false;
  set_buffer(interpreter, bytearray, bytes, target, wanted);
  return true;
}

/* ---- to make one, and its end ---- */

struct pp_object *pp_bytearray_new(struct pp_interpreter *interpreter,
                                   const uint8_t *data, size_t length) {
  const struct pp_system_source *family = family_of(interpreter);
  if (length > PTRDIFF_MAX - 1) return NULL;
  struct pp_object *bytearray = pp_object_new(
      interpreter, pp_type_here(PP_TYPE_BYTEARRAY), PP_BYTEARRAY_SIZE);
  if (bytearray == NULL) return NULL;
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, REF_01, pp_word_read(bytearray->bytes) == 1);
  uint8_t *bytes = NULL;
  if (length > 0) {
    bytes = pp_family_malloc(family, length + 1);
    if (bytes == NULL) {
      pp_object_free(interpreter, bytearray);
      return NULL;
    }
    memcpy(bytes, data, length);
  }
  set_buffer(interpreter, bytearray, bytes, length,
             bytes == NULL ? 0 : length + 1);
  if (pp_has_field(interpreter, PP_FIELD_BYTEARRAY_EXPORTS)) {
    pp_field_write(interpreter, bytearray, PP_FIELD_BYTEARRAY_EXPORTS, 0);
  } else {
    pp_field_write(interpreter, bytearray, PP_FIELD_BYTEARRAY_EXPORTS_INT, 0);
    pp_field_write(interpreter, bytearray, PP_FIELD_BYTEARRAY_PADDING, 0);
  }
  PP_ENSURE(witness, BYTES_07, (bytes == NULL) == (length == 0));
  PP_ENSURE(witness, BYTES_01, length_of(interpreter, bytearray) == length);
  pp_object_touched(interpreter, bytearray);
  return bytearray;
}

static void dealloc(struct pp_interpreter *interpreter,
                    struct pp_object *bytearray) {
  PP_REQUIRE(interpreter->witness, REF_06, pp_word_read(bytearray->bytes) == 0);
  uint8_t *bytes = bytes_of(interpreter, bytearray);
  set_buffer(interpreter, bytearray, NULL, 0, 0);
  if (bytes != NULL) pp_family_free(family_of(interpreter), bytes);
  pp_object_free(interpreter, bytearray);
}

/* ---- items ---- */

static bool byte_of(const struct pp_interpreter *interpreter,
                    const struct pp_object *item, uint8_t *byte) {
  bool is_bool = pp_is(interpreter, item, PP_TYPE_BOOL);
  if (!is_bool && !pp_is(interpreter, item, PP_TYPE_INT)) return false;
  if (pp_int_is_negative(interpreter, item)) return false;
  size_t count = pp_int_count(interpreter, item);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, REF_01, pp_word_read(item->bytes) > 0);
  uint32_t digit = count == 0 ? 0 : pp_int_digit(interpreter, item, 0);
  if (count > 0) PP_REQUIRE(witness, INT_03, digit > 0 || count > 1);
  if (count > 1 || digit > UINT8_MAX) return false;
  *byte = (uint8_t)digit;
  return true;
}

bool pp_bytearray_insert(struct pp_interpreter *interpreter,
                         struct pp_object *bytearray, size_t index,
                         struct pp_object *item) {
  size_t length = length_of(interpreter, bytearray);
  uint8_t byte;
  if (index > length) index = length;
  if (!byte_of(interpreter, item, &byte)) return false;
  if (!resize(interpreter, bytearray, length + 1)) return false;
  struct pp_witness *witness = interpreter->witness;
  uint8_t *bytes = bytes_of(interpreter, bytearray);
  PP_ENSURE(witness, BYTES_07, bytes != NULL);
  PP_ENSURE(witness, BYTES_04, length_of(interpreter, bytearray) == length + 1);
  memmove(bytes + index + 1, bytes + index, length - index);
  bytes[index] = byte;
  PP_ENSURE(witness, BYTES_04, bytes[length + 1] == 0);
  pp_object_touched(interpreter, bytearray);
  return true;
}

bool pp_bytearray_set_item(struct pp_interpreter *interpreter,
                           struct pp_object *bytearray, size_t index,
                           struct pp_object *item) {
  uint8_t byte;
  if (index >= length_of(interpreter, bytearray)) return false;
  if (!byte_of(interpreter, item, &byte)) return false;
  PP_REQUIRE(interpreter->witness, BYTES_07,
             bytes_of(interpreter, bytearray) != NULL);
  bytes_of(interpreter, bytearray)[index] = byte;
  return true;
}

struct pp_object *pp_bytearray_pop(struct pp_interpreter *interpreter,
                                   struct pp_object *bytearray, size_t index) {
  size_t length = length_of(interpreter, bytearray);
  if (index >= length) return NULL;
  struct pp_witness *witness = interpreter->witness;
  uint8_t *bytes = bytes_of(interpreter, bytearray);
  PP_REQUIRE(witness, BYTES_07, bytes != NULL);
  PP_REQUIRE(witness, BYTES_04, bytes[length] == 0);
  uint8_t *at = bytes + index;
  uint32_t digit = *at;
  /* With the zero behind them; and where they are, if it cannot shrink. */
  memmove(at, at + 1, length - index);
  if (!resize(interpreter, bytearray, length - 1)) return NULL;
  PP_ENSURE(witness, BYTES_04, length_of(interpreter, bytearray) == length - 1);
  pp_object_touched(interpreter, bytearray);
  return pp_int_new(interpreter, false, &digit, 1);
}

bool pp_bytearray_extend(struct pp_interpreter *interpreter,
                         struct pp_object *bytearray, struct pp_object *other) {
  size_t length = length_of(interpreter, bytearray);
  bool is_bytes = pp_is(interpreter, other, PP_TYPE_BYTES);
  if (!is_bytes && !pp_is(interpreter, other, PP_TYPE_BYTEARRAY)) return false;
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(other->bytes) > 0);
  size_t added = pp_field_read(interpreter, other, PP_FIELD_VAR_SIZE);
  struct pp_object *copy = NULL;
  if (other == bytearray) {
    /* Not from what may move while it grows. */
    copy = pp_bytearray_new(interpreter, bytes_of(interpreter, other), added);
    if (copy == NULL) return false;
    other = copy;
  }
  bool done = added <= PTRDIFF_MAX / 2 - length &&
              resize(interpreter, bytearray, length + added);
  if (done && added > 0)
    memcpy(bytes_of(interpreter, bytearray) + length,
           is_bytes ? pp_bytes_data(interpreter, other)
                    : bytes_of(interpreter, other),
           added);
  if (copy != NULL) pp_decref(interpreter, copy);
  PP_ENSURE(interpreter->witness, BYTES_04,
            length_of(interpreter, bytearray) == length + (done ? added : 0));
  pp_object_touched(interpreter, bytearray);
  return done;
}

/* ---- as it is seen ---- */

static size_t size_with_buffer(const struct pp_interpreter *interpreter,
                               const struct pp_object *bytearray) {
  return PP_BYTEARRAY_SIZE + room_of(interpreter, bytearray);
}

static bool piece(const struct pp_interpreter *interpreter,
                  const struct pp_object *bytearray, unsigned index,
                  struct pp_piece_info *shown) {
  const uint8_t *bytes = bytes_of(interpreter, bytearray);
  if (index != 1) return false;
  if (bytes == NULL) return false;
  PP_REQUIRE(interpreter->witness, BYTES_04,
             length_of(interpreter, bytearray) <
                 room_of(interpreter, bytearray));
  *shown =
      (struct pp_piece_info){pp_field_texts[PP_FIELD_BYTEARRAY_BYTES].name,
                             bytes, room_of(interpreter, bytearray), false};
  return true;
}

/* The bytes and the zero, then the room behind them. */
static bool buffer_field(const struct pp_interpreter *interpreter,
                         const struct pp_object *bytearray, unsigned index,
                         struct pp_field_info *shown) {
  size_t used = length_of(interpreter, bytearray) + 1;
  size_t room = room_of(interpreter, bytearray);
  struct pp_field_info bytes = {"bytes", PP_SHAPE_BYTES, 0, used};
  PP_REQUIRE(interpreter->witness, BYTES_04, used <= room);
  return pp_buffer_show(interpreter, &bytes, room, index, shown);
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *bytearray, unsigned piece_index,
                  unsigned index, struct pp_field_info *shown) {
  static const enum pp_field fields[] = {
      PP_FIELD_VAR_SIZE,          PP_FIELD_BYTEARRAY_ALLOC,
      PP_FIELD_BYTEARRAY_BYTES,   PP_FIELD_BYTEARRAY_START,
      PP_FIELD_BYTEARRAY_EXPORTS, PP_FIELD_BYTEARRAY_EXPORTS_INT,
      PP_FIELD_BYTEARRAY_PADDING};
  struct pp_piece_info buffer;
  if (piece_index > 0) {
    if (!piece(interpreter, bytearray, piece_index, &buffer)) return false;
    return buffer_field(interpreter, bytearray, index, shown);
  }
  return pp_fields_show(interpreter, fields, sizeof fields / sizeof fields[0],
                        &index, 0, shown);
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *bytearray) {
  const uint8_t *bytes = bytes_of(interpreter, bytearray);
  size_t length = length_of(interpreter, bytearray);
  PP_FACT(interpreter->witness, BYTES_07,
          pp_field_pointer(interpreter, bytearray, PP_FIELD_BYTEARRAY_START) ==
              bytes);
  size_t room = room_of(interpreter, bytearray);
  if (bytes == NULL) {
    PP_FACT(interpreter->witness, BYTES_07, length == 0);
    PP_FACT(interpreter->witness, BYTES_07, room == 0);
    return PP_HOLDS;
  }
  PP_FACT(interpreter->witness, BYTES_04, length < room);
  PP_FACT(interpreter->witness, BYTES_05, room <= PTRDIFF_MAX);
  PP_FACT(interpreter->witness, BYTES_04, bytes[length] == 0);
  return PP_HOLDS;
}

const struct pp_type pp_bytearray_type = {
    .id = PP_TYPE_BYTEARRAY,
    .name = "bytearray",
    .fixed_size = PP_BYTEARRAY_SIZE,
    .dealloc = dealloc,
    .getsizeof = size_with_buffer,
    .length = length_of,
    .piece = piece,
    .field = field,
    .check = check,
};
