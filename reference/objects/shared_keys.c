/* The attributes of an instance up to 3.10 (SPEC.md, OBJ-10, OBJ-12, OBJ-13):
 * a dict whose keys are those of the class, and whose values are in a row of
 * their own.
 *
 *   class -> keys: a0 | a1 | a2 ..  <- dict of one instance -> values 0, 1, ..
 *                                   <- dict of another      -> values 0, 1, ..
 *
 * The order of the keys is that in which the attributes were set, so whoever
 * sets them in another, or deletes one, gets keys of its own. */
#include "reference/objects/dict.h"
#include "reference/objects/hash.h"
#include "reference/objects/instance.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/str.h"

static_assert(PP_KEYS_SMALLEST * 2 / PP_DICT_GROWTH == PP_ATTRIBUTES, "OBJ-12");
static_assert(PP_CLASSES == 2, "without a finalizer, and with one");

/* ---- keys that several hold ---- */

static uint64_t holders(const struct pp_interpreter *interpreter,
                        const struct pp_object *keys) {
  PP_REQUIRE(interpreter->witness, OBJ_12,
             !pp_keys_are_shared(interpreter, keys));
  return pp_field_read(interpreter, keys, PP_FIELD_KEYS_REFCNT);
}

static struct pp_object *hold(const struct pp_interpreter *interpreter,
                              struct pp_object *keys) {
  PP_REQUIRE(interpreter->witness, OBJ_12, holders(interpreter, keys) > 0);
  pp_field_write(interpreter, keys, PP_FIELD_KEYS_REFCNT,
                 holders(interpreter, keys) + 1);
  PP_ENSURE(interpreter->witness, OBJ_12, holders(interpreter, keys) > 1);
  return keys;
}

/* Where the class of an instance has the keys that its dicts share. */
static struct pp_object **keys_of_class(struct pp_interpreter *interpreter,
                                        const struct pp_object *instance) {
  bool finalizing = pp_instance_has_finalizer(interpreter, instance);
  PP_REQUIRE(interpreter->witness, OBJ_10,
             interpreter->rules->attributes == PP_ATTRIBUTES_DICT);
  return &interpreter->classes.keys[finalizing];
}

/* Of a name, or -1. Names are interned, so their addresses tell. */
static int64_t index_of(const struct pp_interpreter *interpreter,
                        const struct pp_object *keys,
                        const struct pp_object *name) {
  size_t count = pp_keys_count(interpreter, keys);
  PP_REQUIRE(interpreter->witness, OBJ_12,
             pp_str_interned(interpreter, name) != PP_NOT_INTERNED);
  for (size_t i = 0; i < count; i++) {
    const struct pp_object *key = pp_keys_entry(interpreter, keys, i).key;
    if (key != NULL)
      PP_REQUIRE(interpreter->witness, OBJ_12,
                 pp_str_interned(interpreter, key) != PP_NOT_INTERNED);
    if (key == name) return (int64_t)i;
  }
  return -1;
}

static bool add_name(struct pp_interpreter *interpreter, struct pp_object *keys,
                     struct pp_object *name) {
  struct pp_entry entry = {.key = name};
  struct pp_witness *witness = interpreter->witness;
  size_t count = pp_keys_count(interpreter, keys);
  PP_REQUIRE(witness, OBJ_12, pp_keys_usable(interpreter, keys) > 0);
  PP_REQUIRE(witness, OBJ_12, index_of(interpreter, keys, name) < 0);
  if (!pp_object_hash(interpreter, name, &entry.hash)) return false;
  pp_incref(interpreter, name);
  pp_keys_add(interpreter, keys, entry);
  PP_ENSURE(witness, OBJ_12,
            index_of(interpreter, keys, name) == (int64_t)count);
  return true;
}

/* ---- classes ---- */

static struct pp_object *name_of(struct pp_interpreter *interpreter,
                                 unsigned number) {
  uint32_t text[] = {'a', '0' + number};
  struct pp_object *name = pp_str_new(interpreter, text, 2);
  return name == NULL ? NULL : pp_intern(interpreter, name);
}

static bool begin_class(struct pp_interpreter *interpreter,
                        struct pp_object **keys) {
  *keys = pp_keys_new(interpreter, PP_KEYS_SMALLEST, true);
  if (*keys == NULL) return false;
  for (unsigned i = 0; i < PP_ATTRIBUTES; i++) {
    if (!add_name(interpreter, *keys, interpreter->classes.names[i]))
      return false;
  }
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, OBJ_12, pp_keys_usable(interpreter, *keys) == 0);
  PP_ENSURE(witness, OBJ_12,
            pp_keys_count(interpreter, *keys) == PP_ATTRIBUTES);
  PP_ENSURE(witness, OBJ_12, holders(interpreter, *keys) == 1);
  return true;
}

bool pp_classes_begin(struct pp_interpreter *interpreter) {
  struct pp_classes *classes = &interpreter->classes;
  if (interpreter->rules->attributes != PP_ATTRIBUTES_DICT) return true;
  for (unsigned i = 0; i < PP_ATTRIBUTES; i++) {
    classes->names[i] = name_of(interpreter, i);
    if (classes->names[i] == NULL) return false;
    PP_ENSURE(interpreter->witness, INTERN_01,
              pp_str_interned(interpreter, classes->names[i]) !=
                  PP_NOT_INTERNED);
  }
  for (unsigned i = 0; i < PP_CLASSES; i++) {
    PP_REQUIRE(interpreter->witness, OBJ_13, classes->keys[i] == NULL);
    if (!begin_class(interpreter, &classes->keys[i])) return false;
  }
  return true;
}

void pp_classes_end(struct pp_interpreter *interpreter) {
  struct pp_classes *classes = &interpreter->classes;
  for (unsigned i = 0; i < PP_CLASSES; i++) {
    if (classes->keys[i] == NULL) continue;
    PP_ENSURE(interpreter->witness, OBJ_13,
              holders(interpreter, classes->keys[i]) > 0);
    pp_keys_drop(interpreter, classes->keys[i]);
    classes->keys[i] = NULL;
  }
  for (unsigned i = 0; i < PP_ATTRIBUTES; i++) {
    if (classes->names[i] == NULL) continue;
    PP_ENSURE(interpreter->witness, REF_01,
              pp_word_read(classes->names[i]->bytes) > 0);
    pp_decref(interpreter, classes->names[i]);
    classes->names[i] = NULL;
  }
}

/* ---- values ---- */

struct pp_object **pp_dict_values(const struct pp_interpreter *interpreter,
                                  const struct pp_object *dict) {
  PP_REQUIRE(interpreter->witness, OBJ_01,
             pp_is(interpreter, dict, PP_TYPE_DICT));
  struct pp_object **values =
      pp_field_pointer(interpreter, dict, PP_FIELD_DICT_VALUES);
  const void *none = interpreter->dicts.empty_values;
  return (const void *)values == none ? NULL : values;
}

static void set_values(const struct pp_interpreter *interpreter,
                       struct pp_object *dict, struct pp_object **values) {
  PP_REQUIRE(interpreter->witness, OBJ_12,
             (const void *)values != interpreter->dicts.empty_values);
  pp_field_set_pointer(interpreter, dict, PP_FIELD_DICT_VALUES, values);
}

size_t pp_dict_values_bytes(const struct pp_interpreter *interpreter,
                            const struct pp_object *keys) {
  return pp_keys_room(pp_keys_size(interpreter, keys)) * PP_WORD_SIZE;
}

static struct pp_object **make_values(struct pp_interpreter *interpreter,
                                      const struct pp_object *keys) {
  size_t bytes = pp_dict_values_bytes(interpreter, keys);
  PP_REQUIRE(interpreter->witness, OBJ_12,
             pp_keys_count(interpreter, keys) <= bytes / PP_WORD_SIZE);
  struct pp_object **values = pp_family_malloc(pp_mem(interpreter), bytes);
  if (values != NULL) memset(values, 0, bytes);
  return values;
}

void pp_dict_drop_values(struct pp_interpreter *interpreter,
                         const struct pp_object *keys,
                         struct pp_object **values) {
  if (values == NULL) return;
  size_t count = pp_keys_count(interpreter, keys);
  PP_REQUIRE(interpreter->witness, OBJ_12,
             (const void *)values != interpreter->dicts.empty_values);
  PP_REQUIRE(interpreter->witness, OBJ_12, holders(interpreter, keys) > 0);
  for (size_t i = 0; i < count; i++) {
    if (values[i] != NULL) pp_decref(interpreter, values[i]);
  }
  pp_family_free(pp_mem(interpreter), values);
}

/* ---- from shared keys to keys of its own, and back ---- */

/* The values move; the keys are referred to once more. */
static bool part(struct pp_interpreter *interpreter, struct pp_object *dict,
                 size_t size) {
  struct pp_object *former = pp_dict_keys(interpreter, dict);
  struct pp_object **values = pp_dict_values(interpreter, dict);
  struct pp_witness *witness = interpreter->witness;
  size_t used = pp_dict_length(interpreter, dict);
  PP_REQUIRE(witness, OBJ_13, values != NULL);
  PP_REQUIRE(witness, OBJ_13, pp_keys_room(size) >= used);
  struct pp_object *keys = pp_keys_new(interpreter, size, true);
  if (keys == NULL) return false;
  size_t count = pp_keys_count(interpreter, former);
  PP_REQUIRE(witness, OBJ_12, used <= count);
  for (size_t i = 0; i < count; i++) {
    struct pp_entry entry = pp_keys_entry(interpreter, former, i);
    PP_REQUIRE(witness, OBJ_12, entry.value == NULL);
    entry.value = values[i];
    if (entry.value == NULL) continue;
    pp_incref(interpreter, entry.key);
    pp_keys_add(interpreter, keys, entry);
  }
  pp_field_set_pointer(interpreter, dict, PP_FIELD_DICT_KEYS, keys);
  set_values(interpreter, dict, NULL);
  pp_keys_drop(interpreter, former);
  pp_family_free(pp_mem(interpreter), values);
  PP_ENSURE(witness, OBJ_13, holders(interpreter, keys) == 1);
  PP_ENSURE(witness, OBJ_13, pp_keys_count(interpreter, keys) == used);
  PP_ENSURE(witness, OBJ_13, pp_dict_values(interpreter, dict) == NULL);
  PP_ENSURE(witness, OBJ_13, pp_dict_length(interpreter, dict) == used);
  return true;
}

/* The class takes the keys of a dict that alone had those of the class. */
static struct pp_object *share(struct pp_interpreter *interpreter,
                               struct pp_object *dict) {
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_13, holders(interpreter, keys) == 1);
  PP_REQUIRE(witness, OBJ_13, pp_dict_values(interpreter, dict) == NULL);
  struct pp_object **values = make_values(interpreter, keys);
  if (values == NULL) return NULL;
  size_t count = pp_keys_count(interpreter, keys);
  PP_REQUIRE(witness, OBJ_13, count == pp_dict_length(interpreter, dict));
  for (size_t i = 0; i < count; i++) {
    struct pp_entry entry = pp_keys_entry(interpreter, keys, i);
    PP_REQUIRE(witness, OBJ_13, entry.value != NULL);
    values[i] = entry.value;
    entry.value = NULL;
    pp_keys_set_entry(interpreter, keys, i, entry);
  }
  set_values(interpreter, dict, values);
  return hold(interpreter, keys);
}

/* ---- one attribute ---- */

static struct pp_object *make_dict(struct pp_interpreter *interpreter,
                                   struct pp_object *keys) {
  if (keys == NULL) return pp_dict_new(interpreter);
  struct pp_object **values = make_values(interpreter, keys);
  if (values == NULL) return NULL;
  struct pp_object *dict = pp_dict_of_keys(interpreter, keys);
  if (dict == NULL) {
    pp_family_free(pp_mem(interpreter), values);
    return NULL;
  }
  hold(interpreter, keys);
  set_values(interpreter, dict, values);
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, OBJ_12, pp_dict_keys(interpreter, dict) == keys);
  PP_ENSURE(witness, OBJ_12, pp_dict_length(interpreter, dict) == 0);
  PP_ENSURE(witness, DICT_15, !pp_gc_is_tracked(interpreter, dict));
  return dict;
}

/* Whether a value can go to this place of the row: in the order of the keys,
 * or where there is one. */
static bool is_in_order(const struct pp_interpreter *interpreter,
                        const struct pp_object *dict, int64_t index) {
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  int64_t used = (int64_t)pp_dict_length(interpreter, dict);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_12,
             index < (int64_t)pp_keys_count(interpreter, keys));
  PP_REQUIRE(witness, OBJ_12, pp_dict_values(interpreter, dict) != NULL);
  if (index < 0) {
    if (pp_keys_usable(interpreter, keys) == 0) return false;
    return used == (int64_t)pp_keys_count(interpreter, keys);
  }
  if (pp_dict_values(interpreter, dict)[index] != NULL) return true;
  return used == index;
}

static bool set_shared(struct pp_interpreter *interpreter,
                       struct pp_object *dict, struct pp_object *name,
                       struct pp_object *value) {
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  int64_t index = index_of(interpreter, keys, name);
  if (!is_in_order(interpreter, dict, index)) {
    if (!part(interpreter, dict, pp_dict_growth(interpreter, dict)))
      return false;
    return pp_dict_set(interpreter, dict, name, value);
  }
  if (index < 0) {
    index = (int64_t)pp_keys_count(interpreter, keys);
    if (!add_name(interpreter, keys, name)) return false;
  }
  struct pp_witness *witness = interpreter->witness;
  size_t used = pp_dict_length(interpreter, dict);
  struct pp_object **values = pp_dict_values(interpreter, dict);
  struct pp_object *former = values[index];
  PP_ENSURE(witness, OBJ_12, ((size_t)index < used) == (former != NULL));
  pp_incref(interpreter, value);
  values[index] = value;
  pp_dict_track(interpreter, dict, name, value);
  if (former == NULL)
    pp_field_write(interpreter, dict, PP_FIELD_DICT_USED, used + 1);
  if (former != value || interpreter->rules->dict_version_of_same)
    pp_dict_renew(interpreter, dict);
  PP_ENSURE(witness, OBJ_12,
            pp_keys_entry(interpreter, keys, (size_t)index).key == name);
  PP_ENSURE(witness, OBJ_12, pp_dict_keys(interpreter, dict) == keys);
  pp_object_touched(interpreter, dict);
  if (former != NULL) pp_decref(interpreter, former);
  return true;
}

/* The dict has parted from the class, whose keys these are. */
static void settle(struct pp_interpreter *interpreter, struct pp_object **keys,
                   struct pp_object *dict) {
  struct pp_object *former = *keys;
  PP_REQUIRE(interpreter->witness, OBJ_13, former != NULL);
  *keys = NULL;
  if (dict != NULL) {
    if (holders(interpreter, former) == 1) *keys = share(interpreter, dict);
  }
  if (*keys != NULL)
    PP_ENSURE(interpreter->witness, OBJ_13, holders(interpreter, former) == 1);
  pp_keys_drop(interpreter, former);
}

static bool delete_one(struct pp_interpreter *interpreter,
                       struct pp_object **keys, struct pp_object *dict,
                       struct pp_object *name) {
  if (dict == NULL) return false;
  struct pp_object *former = pp_dict_keys(interpreter, dict);
  int64_t index = index_of(interpreter, former, name);
  if (index < 0) return false;
  if (pp_dict_values(interpreter, dict) != NULL) {
    if (pp_dict_values(interpreter, dict)[index] == NULL) return false;
    if (!part(interpreter, dict, pp_keys_size(interpreter, former)))
      return false;
  }
  PP_ENSURE(interpreter->witness, OBJ_12,
            pp_dict_values(interpreter, dict) == NULL);
  if (!pp_dict_delete(interpreter, dict, name)) return false;
  if (*keys != NULL) settle(interpreter, keys, NULL);
  PP_ENSURE(interpreter->witness, OBJ_13, *keys == NULL);
  return true;
}

bool pp_shared_keys_set(struct pp_interpreter *interpreter,
                        struct pp_object *instance, unsigned number,
                        struct pp_object *value) {
  PP_REQUIRE(interpreter->witness, OBJ_10, number < PP_ATTRIBUTES);
  struct pp_object **keys = keys_of_class(interpreter, instance);
  struct pp_object *name = interpreter->classes.names[number];
  struct pp_object *dict =
      pp_field_pointer(interpreter, instance, PP_FIELD_INSTANCE_DICT);
  if (dict != NULL)
    PP_REQUIRE(interpreter->witness, OBJ_10,
               pp_is(interpreter, dict, PP_TYPE_DICT));
  if (value == NULL) return delete_one(interpreter, keys, dict, name);
  if (dict == NULL) {
    dict = make_dict(interpreter, *keys);
    if (dict == NULL) return false;
    pp_field_set_pointer(interpreter, instance, PP_FIELD_INSTANCE_DICT, dict);
  }
  if (pp_dict_values(interpreter, dict) == NULL)
    return pp_dict_set(interpreter, dict, name, value);
  bool of_class = pp_dict_keys(interpreter, dict) == *keys;
  if (!set_shared(interpreter, dict, name, value)) return false;
  if (!of_class) return true;
  if (pp_dict_keys(interpreter, dict) == *keys) return true;
  settle(interpreter, keys, dict);
  return true;
}

/* ---- the predicate ---- */

enum pp_clause pp_dict_check_values(const struct pp_interpreter *interpreter,
                                    const struct pp_object *dict) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  struct pp_object *const *values = pp_dict_values(interpreter, dict);
  size_t count = pp_keys_count(interpreter, keys);
  size_t used = pp_dict_length(interpreter, dict);
  PP_FACT(witness, OBJ_12, used <= count);
  PP_FACT(witness, OBJ_12, holders(interpreter, keys) > 0);
  for (size_t i = 0; i < count; i++) {
    PP_FACT(witness, OBJ_12, pp_keys_entry(interpreter, keys, i).value == NULL);
    PP_FACT(witness, OBJ_12, (values[i] != NULL) == (i < used));
    if (values[i] == NULL) continue;
    PP_FACT(witness, REF_01, pp_word_read(values[i]->bytes) > 0);
    PP_FACT(witness, OBJ_01, pp_type_known(values[i]) != NULL);
  }
  return PP_HOLDS;
}
