/* array.array: an object and a buffer of items, which is only made smaller
 * when many items leave at once (SPEC.md, ARRAY).
 *
 *   | ... | ob_size | ob_item | allocated | ob_descr | weakreflist | exports |
 *                       '--> | item 0 | item 1 | room |
 */
#include "reference/objects/array.h"

#include "reference/objects/gc.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/weakref.h"

enum {
  KEPT = 16,      /* fewer items may leave, and the buffer stays */
  SIXTEENTH = 16, /* the part that is added */
  SIXTEENTH_SHIFT = 4,
  ADDED_LATER = 7, /* and besides, if it had LATER items */
  ADDED_FIRST = 3,
  LATER = 8,
  WORDS = 5,     /* of an array behind ob_size */
  ITEM_MOST = 16 /* bytes of an item, and of what is added for it */
};

static_assert(1 << SIXTEENTH_SHIFT == SIXTEENTH, "ARRAY-02");
static_assert(PP_ARRAY_SIZE == PP_VAR_SIZE + WORDS * PP_WORD_SIZE,
              "ob_item, allocated, ob_descr, weakreflist and ob_exports");

/* ---- fields ---- */

static size_t length_of(const struct pp_interpreter *interpreter,
                        const struct pp_object *array) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, array, PP_TYPE_ARRAY));
  return pp_field_read(interpreter, array, PP_FIELD_VAR_SIZE);
}

static uint8_t *items_of(const struct pp_interpreter *interpreter,
                         const struct pp_object *array) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, array, PP_TYPE_ARRAY));
  return pp_field_pointer(interpreter, array, PP_FIELD_ARRAY_ITEMS);
}

static size_t allocated(const struct pp_interpreter *interpreter,
                        const struct pp_object *array) {
  return pp_field_read(interpreter, array, PP_FIELD_ARRAY_ALLOCATED);
}

static const struct pp_array_code *
code_of(const struct pp_interpreter *interpreter,
        const struct pp_object *array) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, array, PP_TYPE_ARRAY));
  return pp_field_pointer(interpreter, array, PP_FIELD_ARRAY_DESCR);
}

static void set_buffer(const struct pp_interpreter *interpreter,
                       struct pp_object *array, const uint8_t *items,
                       size_t length, size_t room) {
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, ARRAY_01, length <= room);
  PP_REQUIRE(witness, ARRAY_01, room <= PTRDIFF_MAX / PP_WORD_SIZE);
  if (items == NULL) PP_ENSURE(witness, ARRAY_07, room == 0);
  pp_field_set_pointer(interpreter, array, PP_FIELD_ARRAY_ITEMS, items);
  pp_field_write(interpreter, array, PP_FIELD_VAR_SIZE, length);
  pp_field_write(interpreter, array, PP_FIELD_ARRAY_ALLOCATED, room);
}

/* ---- how it grows ---- */

/* False: as before. */
static bool resize(struct pp_interpreter *interpreter, struct pp_object *array,
                   size_t target) {
  size_t length = length_of(interpreter, array);
  size_t room = allocated(interpreter, array);
  size_t item_size = code_of(interpreter, array)->size;
  uint8_t *items = items_of(interpreter, array);
  PP_REQUIRE(interpreter->witness, ARRAY_01, length <= room);
  PP_REQUIRE(interpreter->witness, ARRAY_06, item_size > 0);
  PP_REQUIRE(interpreter->witness, ARRAY_06, item_size <= PP_WORD_SIZE);
  if (room >= target && length < target + KEPT && items != NULL) {
    set_buffer(interpreter, array, items, target, room);
    return true;
  }
  if (target == 0) {
    pp_family_free(pp_mem(interpreter), items);
    set_buffer(interpreter, array, NULL, 0, 0);
    return true;
  }
  if (target > PTRDIFF_MAX / ITEM_MOST) return false;
  room = target + target / SIXTEENTH +
         (length < LATER ? ADDED_FIRST : ADDED_LATER);
  PP_ENSURE(interpreter->witness, ARRAY_02, room - target >= ADDED_FIRST);
  PP_ENSURE(interpreter->witness, ARRAY_02,
            room - target - (target >> SIXTEENTH_SHIFT) ==
                (length >= LATER ? ADDED_LATER : ADDED_FIRST));
  items = pp_family_realloc(pp_mem(interpreter), items, room * item_size);
  if (items == NULL) return false;
  set_buffer(interpreter, array, items, target, room);
  return true;
}

/* ---- to make one, and its end ---- */

struct pp_object *pp_array_new(struct pp_interpreter *interpreter, char code) {
  const struct pp_type *type = pp_type_here(PP_TYPE_ARRAY);
  const struct pp_array_code *descr = pp_array_code_of(interpreter, code);
  bool collected = pp_is_collected(interpreter, type);
  if (descr == NULL) return NULL;
  struct pp_object *array =
      collected ? pp_object_new_collected(interpreter, type, PP_ARRAY_SIZE)
                : pp_object_new(interpreter, type, PP_ARRAY_SIZE);
  if (array == NULL) return NULL;
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, REF_01, pp_word_read(array->bytes) == 1);
  set_buffer(interpreter, array, NULL, 0, 0);
  pp_field_set_pointer(interpreter, array, PP_FIELD_ARRAY_DESCR, descr);
  pp_field_write(interpreter, array, PP_FIELD_ARRAY_EXPORTS, 0);
  pp_field_set_pointer(interpreter, array, PP_FIELD_ARRAY_WEAKREFS, NULL);
  if (collected) pp_gc_track(interpreter, array);
  PP_ENSURE(witness, ARRAY_05,
            (pp_object_before(interpreter, type) > 0) == collected);
  if (collected)
    PP_ENSURE(witness, ARRAY_05, pp_gc_is_tracked(interpreter, array));
  pp_object_touched(interpreter, array);
  return array;
}

struct pp_object *pp_array_of(struct pp_interpreter *interpreter, char code,
                              struct pp_object *const *items, size_t length) {
  const struct pp_array_code *descr = pp_array_code_of(interpreter, code);
  uint8_t bytes[PP_WORD_SIZE];
  if (descr == NULL) return NULL;
  if (length > PTRDIFF_MAX / PP_WORD_SIZE) return NULL;
  for (size_t i = 0; i < length; i++)
    if (!pp_array_encode(interpreter, descr, items[i], bytes)) return NULL;
  struct pp_object *array = pp_array_new(interpreter, code);
  if (array == NULL || length == 0) return array;
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, ARRAY_07, items_of(interpreter, array) == NULL);
  uint8_t *buffer = pp_family_malloc(pp_mem(interpreter), length * descr->size);
  if (buffer == NULL) {
    pp_decref(interpreter, array);
    return NULL;
  }
  for (size_t i = 0; i < length; i++) {
    bool fits = pp_array_encode(interpreter, descr, items[i], bytes);
    PP_ENSURE(witness, ARRAY_04, fits);
    memcpy(buffer + i * descr->size, bytes, descr->size);
  }
  set_buffer(interpreter, array, buffer, length, length);
  pp_object_touched(interpreter, array);
  return array;
}

static void dealloc(struct pp_interpreter *interpreter,
                    struct pp_object *array) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, REF_06, pp_word_read(array->bytes) == 0);
  if (pp_is_collected(interpreter, pp_type_of(interpreter, array))) {
    pp_gc_untrack(interpreter, array);
    PP_ENSURE(witness, ARRAY_05, !pp_gc_is_tracked(interpreter, array));
  }
  pp_weakrefs_of_dying(interpreter, array);
  PP_ENSURE(witness, REF_06, pp_word_read(array->bytes) == 0);
  uint8_t *items = items_of(interpreter, array);
  set_buffer(interpreter, array, NULL, 0, 0);
  if (items != NULL) pp_family_free(pp_mem(interpreter), items);
  pp_object_free(interpreter, array);
}

/* ---- items ---- */

bool pp_array_insert(struct pp_interpreter *interpreter,
                     struct pp_object *array, size_t index,
                     struct pp_object *item) {
  const struct pp_array_code *code = code_of(interpreter, array);
  size_t length = length_of(interpreter, array);
  uint8_t bytes[PP_WORD_SIZE];
  if (index > length) index = length;
  if (!pp_array_encode(interpreter, code, item, bytes)) return false;
  if (!resize(interpreter, array, length + 1)) return false;
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, ARRAY_01, length_of(interpreter, array) == length + 1);
  PP_ENSURE(witness, ARRAY_07, items_of(interpreter, array) != NULL);
  uint8_t *at = items_of(interpreter, array) + index * code->size;
  memmove(at + code->size, at, (length - index) * code->size);
  memcpy(at, bytes, code->size);
  pp_object_touched(interpreter, array);
  return true;
}

bool pp_array_set_item(struct pp_interpreter *interpreter,
                       struct pp_object *array, size_t index,
                       struct pp_object *item) {
  const struct pp_array_code *code = code_of(interpreter, array);
  uint8_t bytes[PP_WORD_SIZE];
  if (index >= length_of(interpreter, array)) return false;
  if (!pp_array_encode(interpreter, code, item, bytes)) return false;
  uint8_t *items = items_of(interpreter, array);
  PP_REQUIRE(interpreter->witness, ARRAY_07, items != NULL);
  memcpy(items + index * code->size, bytes, code->size);
  return true;
}

struct pp_object *pp_array_pop(struct pp_interpreter *interpreter,
                               struct pp_object *array, size_t index) {
  const struct pp_array_code *code = code_of(interpreter, array);
  size_t length = length_of(interpreter, array);
  if (index >= length) return NULL;
  uint8_t *items = items_of(interpreter, array);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, ARRAY_07, items != NULL);
  uint8_t *at = items + index * code->size;
  struct pp_object *item = pp_array_decode(interpreter, code, at);
  if (item == NULL) return NULL;
  memmove(at, at + code->size, (length - index - 1) * code->size);
  bool shorter = resize(interpreter, array, length - 1);
  PP_ENSURE(witness, ARRAY_03, shorter);
  PP_ENSURE(witness, ARRAY_03, items_of(interpreter, array) == items);
  PP_ENSURE(witness, ARRAY_01, length_of(interpreter, array) == length - 1);
  pp_object_touched(interpreter, array);
  return item;
}

bool pp_array_extend(struct pp_interpreter *interpreter,
                     struct pp_object *array, struct pp_object *other) {
  if (!pp_is(interpreter, other, PP_TYPE_ARRAY)) return false;
  const struct pp_array_code *code = code_of(interpreter, array);
  if (code_of(interpreter, other) != code) return false;
  size_t length = length_of(interpreter, array);
  size_t added = length_of(interpreter, other);
  if (added > PTRDIFF_MAX / ITEM_MOST - length) return false;
  if (!resize(interpreter, array, length + added)) return false;
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, ARRAY_01, length_of(interpreter, array) == length + added);
  uint8_t *items = items_of(interpreter, array);
  if (added > 0) {
    PP_ENSURE(witness, ARRAY_07, items != NULL);
    /* It may be the array itself, whose buffer has moved. */
    const uint8_t *coming = items_of(interpreter, other);
    PP_REQUIRE(witness, ARRAY_07, coming != NULL);
    memcpy(items + length * code->size, coming, added * code->size);
  }
  pp_object_touched(interpreter, array);
  return true;
}

/* ---- as it is seen ---- */

static size_t buffer_size(const struct pp_interpreter *interpreter,
                          const struct pp_object *array) {
  size_t size = code_of(interpreter, array)->size;
  PP_REQUIRE(interpreter->witness, ARRAY_06, size > 0);
  PP_REQUIRE(interpreter->witness, ARRAY_06, size <= PP_WORD_SIZE);
  return allocated(interpreter, array) * size;
}

static size_t size_with_buffer(const struct pp_interpreter *interpreter,
                               const struct pp_object *array) {
  size_t size = buffer_size(interpreter, array);
  if (size > 0)
    PP_REQUIRE(interpreter->witness, ARRAY_07,
               items_of(interpreter, array) != NULL);
  return PP_ARRAY_SIZE + size;
}

static bool piece(const struct pp_interpreter *interpreter,
                  const struct pp_object *array, unsigned index,
                  struct pp_piece_info *shown) {
  const uint8_t *items = items_of(interpreter, array);
  if (index != 1) return false;
  if (items == NULL) return false;
  PP_REQUIRE(interpreter->witness, ARRAY_01,
             length_of(interpreter, array) <= allocated(interpreter, array));
  *shown =
      (struct pp_piece_info){pp_field_texts[PP_FIELD_ARRAY_ITEMS].name, items,
                             buffer_size(interpreter, array), false};
  return true;
}

/* The items, then the room behind them. */
static bool buffer_field(const struct pp_interpreter *interpreter,
                         const struct pp_object *array, unsigned index,
                         struct pp_field_info *shown) {
  size_t size = buffer_size(interpreter, array);
  size_t used =
      length_of(interpreter, array) * code_of(interpreter, array)->size;
  struct pp_field_info items = {"items", PP_SHAPE_BYTES, 0, used};
  PP_REQUIRE(interpreter->witness, ARRAY_01, used <= size);
  return pp_buffer_show(interpreter, &items, size, index, shown);
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *array, unsigned piece_index,
                  unsigned index, struct pp_field_info *shown) {
  static const enum pp_field fields[] = {
      PP_FIELD_VAR_SIZE,    PP_FIELD_ARRAY_ITEMS,    PP_FIELD_ARRAY_ALLOCATED,
      PP_FIELD_ARRAY_DESCR, PP_FIELD_ARRAY_WEAKREFS, PP_FIELD_ARRAY_EXPORTS};
  if (piece_index > 1) return false;
  if (piece_index == 1) return buffer_field(interpreter, array, index, shown);
  return pp_fields_show(interpreter, fields, sizeof fields / sizeof fields[0],
                        &index, 0, shown);
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *array) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_array_code *code = code_of(interpreter, array);
  PP_FACT(witness, ARRAY_06, code != NULL);
  PP_FACT(witness, ARRAY_06, pp_array_code_of(interpreter, code->code) == code);
  size_t room = allocated(interpreter, array);
  PP_FACT(witness, ARRAY_01, length_of(interpreter, array) <= room);
  PP_FACT(witness, ARRAY_01, room <= PTRDIFF_MAX / PP_WORD_SIZE);
  if (items_of(interpreter, array) == NULL)
    PP_FACT(witness, ARRAY_07, room == 0);
  return PP_HOLDS;
}

const struct pp_type pp_array_type = {
    .id = PP_TYPE_ARRAY,
    .name = "array.array",
    .fixed_size = PP_ARRAY_SIZE,
    .dealloc = dealloc,
    .getsizeof = size_with_buffer,
    .length = length_of,
    .piece = piece,
    .field = field,
    .check = check,
};
