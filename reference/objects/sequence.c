/* The vtable's functions of containers: each goes to the type that the object
 * has, or is refused (SPEC.md, LIST, DICT, SET, ARRAY, BYTES). */
#include "reference/objects/sequence.h"

#include "reference/objects/array.h"
#include "reference/objects/bytearray.h"
#include "reference/objects/dict.h"
#include "reference/objects/list.h"
#include "reference/objects/object.h"
#include "reference/objects/set.h"
#include "reference/objects/tuple.h"

/* What can be done to a type; NULL: it cannot. */
struct kind {
  bool (*append)(struct pp_interpreter *, struct pp_object *,
                 struct pp_object *);
  bool (*insert)(struct pp_interpreter *, struct pp_object *, size_t,
                 struct pp_object *);
  struct pp_object *(*pop)(struct pp_interpreter *, struct pp_object *, size_t);
  bool (*set_item)(struct pp_interpreter *, struct pp_object *, size_t,
                   struct pp_object *);
  bool (*extend)(struct pp_interpreter *, struct pp_object *,
                 struct pp_object *);
  void (*clear)(struct pp_interpreter *, struct pp_object *);
};

static const struct kind kinds[PP_TYPE_COUNT] = {
    [PP_TYPE_LIST] = {pp_list_append, pp_list_insert, pp_list_pop,
                      pp_list_set_item, pp_list_extend, pp_list_clear},
    [PP_TYPE_ARRAY] = {NULL, pp_array_insert, pp_array_pop, pp_array_set_item,
                       pp_array_extend, NULL},
    [PP_TYPE_BYTEARRAY] = {NULL, pp_bytearray_insert, pp_bytearray_pop,
                           pp_bytearray_set_item, pp_bytearray_extend, NULL},
    [PP_TYPE_DICT] = {.clear = pp_dict_clear},
    [PP_TYPE_SET] = {.extend = pp_set_update, .clear = pp_set_clear},
};

static const struct kind *kind_of(const struct pp_interpreter *interpreter,
                                  const struct pp_object *object) {
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(object->bytes) > 0);
  return &kinds[type->id];
}

/* Whether it is of a type; and whoever names it owns a reference to it. */
static bool is(const struct pp_interpreter *interpreter,
               const struct pp_object *object, enum pp_type_id id) {
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(object) != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(object->bytes) > 0);
  return pp_is(interpreter, object, id);
}

/* ---- sequences ---- */

bool pp_sequence_append(struct pp_interpreter *interpreter,
                        struct pp_object *sequence, struct pp_object *item) {
  const struct kind *kind = kind_of(interpreter, sequence);
  if (kind->append != NULL) return kind->append(interpreter, sequence, item);
  return pp_sequence_insert(interpreter, sequence, SIZE_MAX, item);
}

bool pp_sequence_insert(struct pp_interpreter *interpreter,
                        struct pp_object *sequence, size_t index,
                        struct pp_object *item) {
  const struct kind *kind = kind_of(interpreter, sequence);
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(item) != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
  if (kind->insert == NULL) return false;
  return kind->insert(interpreter, sequence, index, item);
}

struct pp_object *pp_sequence_pop(struct pp_interpreter *interpreter,
                                  struct pp_object *sequence, size_t index) {
  const struct kind *kind = kind_of(interpreter, sequence);
  if (kind->pop == NULL) return NULL;
  struct pp_object *item = kind->pop(interpreter, sequence, index);
  if (item != NULL)
    PP_ENSURE(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
  return item;
}

bool pp_sequence_set_item(struct pp_interpreter *interpreter,
                          struct pp_object *sequence, size_t index,
                          struct pp_object *item) {
  const struct kind *kind = kind_of(interpreter, sequence);
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(item) != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
  if (kind->set_item == NULL) return false;
  return kind->set_item(interpreter, sequence, index, item);
}

struct pp_object *pp_sequence_get_item(struct pp_interpreter *interpreter,
                                       struct pp_object *sequence,
                                       size_t index) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *item = NULL;
  PP_REQUIRE(witness, OBJ_01, pp_type_known(sequence) != NULL);
  /* It may be dying: whoever hears of that can still look at it. */
  if (pp_is(interpreter, sequence, PP_TYPE_LIST)) {
    if (index >= pp_list_length(interpreter, sequence)) return NULL;
    item = pp_list_item(interpreter, sequence, index);
    PP_ENSURE(witness, LIST_12, item != NULL);
  }
  if (pp_is(interpreter, sequence, PP_TYPE_TUPLE)) {
    if (index >= pp_tuple_length(interpreter, sequence)) return NULL;
    item = pp_tuple_get(interpreter, sequence, index);
    if (pp_word_read(sequence->bytes) > 0)
      PP_ENSURE(witness, TUPLE_01, item != NULL);
  }
  if (item != NULL) PP_ENSURE(witness, REF_01, pp_word_read(item->bytes) > 0);
  return item;
}

bool pp_sequence_assign_slice(struct pp_interpreter *interpreter,
                              struct pp_object *list, size_t first, size_t last,
                              struct pp_object *other) {
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(other) != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(other->bytes) > 0);
  if (!is(interpreter, list, PP_TYPE_LIST)) return false;
  return pp_list_assign_slice(interpreter, list, first, last, other);
}

bool pp_sequence_extend(struct pp_interpreter *interpreter,
                        struct pp_object *sequence, struct pp_object *other) {
  const struct kind *kind = kind_of(interpreter, sequence);
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(other) != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(other->bytes) > 0);
  if (kind->extend == NULL) return false;
  return kind->extend(interpreter, sequence, other);
}

/* ---- dict and set ---- */

bool pp_mapping_set(struct pp_interpreter *interpreter, struct pp_object *dict,
                    struct pp_object *key, struct pp_object *value) {
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(key->bytes) > 0);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(value->bytes) > 0);
  if (!is(interpreter, dict, PP_TYPE_DICT)) return false;
  return pp_dict_set(interpreter, dict, key, value);
}

bool pp_mapping_delete(struct pp_interpreter *interpreter,
                       struct pp_object *dict, struct pp_object *key) {
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(key->bytes) > 0);
  if (!is(interpreter, dict, PP_TYPE_DICT)) return false;
  return pp_dict_delete(interpreter, dict, key);
}

struct pp_object *pp_mapping_get(struct pp_interpreter *interpreter,
                                 struct pp_object *dict,
                                 struct pp_object *key) {
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(key->bytes) > 0);
  if (!is(interpreter, dict, PP_TYPE_DICT)) return NULL;
  return pp_dict_get(interpreter, dict, key);
}

bool pp_mapping_add(struct pp_interpreter *interpreter, struct pp_object *set,
                    struct pp_object *key) {
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(key->bytes) > 0);
  if (!is(interpreter, set, PP_TYPE_SET)) return false;
  return pp_set_add(interpreter, set, key);
}

bool pp_mapping_discard(struct pp_interpreter *interpreter,
                        struct pp_object *set, struct pp_object *key) {
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(key->bytes) > 0);
  if (!is(interpreter, set, PP_TYPE_SET)) return false;
  return pp_set_discard(interpreter, set, key);
}

bool pp_container_clear(struct pp_interpreter *interpreter,
                        struct pp_object *container) {
  const struct kind *kind = kind_of(interpreter, container);
  if (kind->clear == NULL) return false;
  kind->clear(interpreter, container);
  return true;
}
