/* dict: an object and its keys, which it alone has (SPEC.md, DICT).
 *
 *   | ... | ma_used | ma_version_tag | ma_keys | ma_values = NULL |
 *                                        '--> keys (dict_keys.h)
 *
 * Up to 3.7 a dict is made with keys of its own, later with the keys that all
 * empty dicts have. Nothing shrinks before it has to grow. */
#include "reference/objects/dict.h"

#include "reference/objects/gc.h"
#include "reference/objects/hash.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/probe.h"
#include "reference/objects/trash.h"

/* ---- fields ---- */

static void set_keys(const struct pp_interpreter *interpreter,
                     struct pp_object *dict, const struct pp_object *keys) {
  pp_field_set_pointer(interpreter, dict, PP_FIELD_DICT_KEYS, keys);
  /* Up to 3.10 the shared keys have values apart from them, too: none. */
  const void *values = NULL;
  if (keys != NULL)
    PP_REQUIRE(interpreter->witness, REF_01,
               pp_field_read(interpreter, keys, PP_FIELD_KEYS_REFCNT) > 0);
  if (keys != NULL && !interpreter->rules->keys_by_kind) {
    if (pp_keys_are_shared(interpreter, keys))
      values = interpreter->dicts.empty_values;
  }
  pp_field_set_pointer(interpreter, dict, PP_FIELD_DICT_VALUES, values);
}

static void set_used(const struct pp_interpreter *interpreter,
                     struct pp_object *dict, size_t used) {
  pp_field_write(interpreter, dict, PP_FIELD_DICT_USED, used);
}

/* Every change gives it a version that no dict has had. */
void pp_dict_renew(struct pp_interpreter *interpreter, struct pp_object *dict) {
  PP_REQUIRE(interpreter->witness, OBJ_01,
             pp_is(interpreter, dict, PP_TYPE_DICT));
  interpreter->dicts.version += interpreter->rules->dict_version_step;
  pp_field_write(interpreter, dict, PP_FIELD_DICT_VERSION,
                 interpreter->dicts.version);
}

/* ---- to make one ---- */

static struct pp_object *take(struct pp_interpreter *interpreter) {
  const struct pp_type *type = pp_type_here(PP_TYPE_DICT);
  struct pp_object *dict = pp_free_list_take(interpreter, PP_FREE_DICT, 0);
  if (dict == NULL) {
    const uint32_t *kept = interpreter->free_lists.count[PP_FREE_DICT];
    PP_ENSURE(interpreter->witness, OBJ_09, *kept == 0);
    return pp_object_new_collected(interpreter, type, PP_DICT_SIZE);
  }
  pp_object_begin(interpreter, dict, type, 1);
  return dict;
}

struct pp_object *pp_dict_of_keys(struct pp_interpreter *interpreter,
                                  struct pp_object *keys) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, DICT_12, keys != NULL);
  struct pp_object *dict = take(interpreter);
  if (dict == NULL) return NULL;
  PP_ENSURE(witness, DICT_15, !pp_gc_is_tracked(interpreter, dict));
  PP_ENSURE(witness, REF_01, pp_word_read(dict->bytes) == 1);
  set_used(interpreter, dict, 0);
  pp_dict_renew(interpreter, dict);
  set_keys(interpreter, dict, keys);
  return dict;
}

struct pp_object *pp_dict_new(struct pp_interpreter *interpreter) {
  bool own = interpreter->rules->dict_begins_with_keys;
  struct pp_object *keys =
      own ? pp_keys_new(interpreter, PP_KEYS_SMALLEST, true)
          : pp_empty_keys(interpreter);
  if (keys == NULL) return NULL;
  struct pp_object *dict = pp_dict_of_keys(interpreter, keys);
  if (dict == NULL) {
    pp_keys_drop(interpreter, keys);
    return NULL;
  }
  struct pp_witness *witness = interpreter->witness;
  size_t usable = pp_keys_usable(interpreter, keys);
  if (own) {
    PP_ENSURE(witness, DICT_13, !pp_keys_are_shared(interpreter, keys));
    PP_ENSURE(witness, DICT_13, usable == pp_keys_room(PP_KEYS_SMALLEST));
  } else {
    PP_ENSURE(witness, DICT_14, pp_keys_are_shared(interpreter, keys));
    PP_ENSURE(witness, DICT_14, usable == 0);
  }
  PP_ENSURE(witness, DICT_01, pp_dict_length(interpreter, dict) == 0);
  pp_object_touched(interpreter, dict);
  return dict;
}

/* ---- to find a key ---- */

static bool is_str(const struct pp_interpreter *interpreter,
                   const struct pp_object *key) {
  return pp_is(interpreter, key, PP_TYPE_STR);
}

/* Up to 3.9 whoever looks for another key than a str in a table of str makes
 * it one of any keys. */
static void note_lookup(const struct pp_interpreter *interpreter,
                        struct pp_object *keys, const struct pp_object *key) {
  if (!interpreter->rules->lookup_changes_keys) return;
  if (is_str(interpreter, key)) return;
  if (pp_keys_lookup(interpreter, keys) == PP_LOOKUP_NONE) return;
  PP_REQUIRE(interpreter->witness, DICT_12,
             !pp_keys_are_shared(interpreter, keys));
  pp_keys_set_lookup(interpreter, keys, PP_LOOKUP_ANY);
}

static struct pp_found find(struct pp_interpreter *interpreter,
                            struct pp_object *keys, const struct pp_object *key,
                            int64_t hash) {
  struct pp_witness *witness = interpreter->witness;
  size_t size = pp_keys_size(interpreter, keys);
  struct pp_probe probe = pp_probe_begin(witness, size, hash);
  int64_t count = (int64_t)pp_keys_count(interpreter, keys);
  PP_REQUIRE(witness, HASH_01, hash != -1);
  note_lookup(interpreter, keys, key);
  for (;; pp_probe_next(&probe)) {
    int64_t index = pp_keys_index(interpreter, keys, probe.slot);
    if (index == PP_SLOT_EMPTY) return (struct pp_found){probe.slot, index};
    if (index == PP_SLOT_DUMMY) continue;
    PP_REQUIRE(witness, DICT_06, index >= 0);
    PP_REQUIRE(witness, DICT_06, index < count);
    struct pp_entry entry = pp_keys_entry(interpreter, keys, (size_t)index);
    PP_REQUIRE(witness, DICT_06, entry.key != NULL);
    PP_REQUIRE(witness, REF_01, pp_word_read(entry.key->bytes) > 0);
    if (entry.key == key) PP_ENSURE(witness, DICT_16, entry.hash == hash);
    if (entry.hash != hash) continue;
    if (pp_object_equal(interpreter, entry.key, key))
      return (struct pp_found){probe.slot, index};
  }
}

struct pp_object *pp_dict_get(struct pp_interpreter *interpreter,
                              struct pp_object *dict, struct pp_object *key) {
  int64_t hash;
  if (!pp_object_hash(interpreter, key, &hash)) return NULL;
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  struct pp_found found = find(interpreter, keys, key, hash);
  if (found.index < 0) return NULL;
  struct pp_object *value =
      pp_keys_entry(interpreter, keys, (size_t)found.index).value;
  PP_ENSURE(interpreter->witness, DICT_11, value != NULL);
  PP_ENSURE(interpreter->witness, REF_01, pp_word_read(value->bytes) > 0);
  return value;
}

/* ---- to grow ---- */

/* Slots for three times as many keys as there are. Since 3.10 eight are enough
 * for none only. */
static size_t size_for(const struct pp_object_rules *rules, size_t used) {
  size_t size = PP_KEYS_SMALLEST;
  if (rules->dict_skips_smallest && used > 0) size *= 2;
  while (size < used * PP_DICT_GROWTH)
    size *= 2;
  return size;
}

size_t pp_dict_growth(const struct pp_interpreter *interpreter,
                      const struct pp_object *dict) {
  return size_for(interpreter->rules, pp_dict_length(interpreter, dict));
}

static void ensure_size(const struct pp_interpreter *interpreter, size_t used,
                        size_t size) {
  struct pp_witness *witness = interpreter->witness;
  size_t least = used * PP_DICT_GROWTH;
  if (interpreter->rules->dict_skips_smallest) {
    PP_ENSURE(witness, DICT_09, size >= least);
    PP_ENSURE(witness, DICT_09, (size > PP_KEYS_SMALLEST) == (used > 0));
    if (size > 2 * PP_KEYS_SMALLEST)
      PP_ENSURE(witness, DICT_09, size / 2 < least);
    return;
  }
  PP_ENSURE(witness, DICT_08, size >= least);
  PP_ENSURE(witness, DICT_08, size >= PP_KEYS_SMALLEST);
  if (size > PP_KEYS_SMALLEST) PP_ENSURE(witness, DICT_08, size / 2 < least);
}

/* Into other keys, without what was deleted. False: as before. */
static bool resize(struct pp_interpreter *interpreter, struct pp_object *dict,
                   bool all_str) {
  struct pp_object *former = pp_dict_keys(interpreter, dict);
  size_t used = pp_dict_length(interpreter, dict);
  size_t size = size_for(interpreter->rules, used);
  if (pp_keys_lookup(interpreter, former) == PP_LOOKUP_ANY) all_str = false;
  ensure_size(interpreter, used, size);
  struct pp_object *keys = pp_keys_new(interpreter, size, all_str);
  if (keys == NULL) return false;
  struct pp_witness *witness = interpreter->witness;
  size_t count = pp_keys_count(interpreter, former);
  PP_REQUIRE(witness, DICT_01, used <= count);
  for (size_t i = 0; i < count; i++) {
    struct pp_entry entry = pp_keys_entry(interpreter, former, i);
    PP_REQUIRE(witness, DICT_11, (entry.key == NULL) == (entry.value == NULL));
    if (entry.value != NULL) pp_keys_add(interpreter, keys, entry);
  }
  PP_ENSURE(witness, DICT_01, pp_keys_count(interpreter, keys) == used);
  PP_ENSURE(witness, DICT_04, pp_keys_usable(interpreter, keys) > 0);
  set_keys(interpreter, dict, keys);
  if (pp_keys_are_shared(interpreter, former))
    pp_keys_drop(interpreter, former);
  else
    pp_keys_free(interpreter, former);
  return true;
}

/* ---- to put something in ---- */

/* Entries for keys of this type, room for one more. */
static bool prepare(struct pp_interpreter *interpreter, struct pp_object *dict,
                    bool str) {
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  PP_REQUIRE(interpreter->witness, DICT_12, keys != NULL);
  PP_REQUIRE(interpreter->witness, DICT_01,
             pp_dict_length(interpreter, dict) <=
                 pp_keys_count(interpreter, keys));
  bool any = pp_keys_lookup(interpreter, keys) == PP_LOOKUP_ANY;
  if (pp_keys_are_shared(interpreter, keys))
    return resize(interpreter, dict, str);
  if (interpreter->rules->keys_by_kind && !str && !any) {
    if (!resize(interpreter, dict, false)) return false;
    keys = pp_dict_keys(interpreter, dict);
  }
  if (pp_keys_usable(interpreter, keys) > 0) return true;
  return resize(interpreter, dict, true);
}

/* A dict is tracked once something in it can be part of a cycle. */
void pp_dict_track(struct pp_interpreter *interpreter, struct pp_object *dict,
                   const struct pp_object *key, const struct pp_object *value) {
  if (pp_gc_is_tracked(interpreter, dict)) return;
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(value->bytes) > 0);
  if (!pp_gc_may_be_tracked(interpreter, key)) {
    if (!pp_gc_may_be_tracked(interpreter, value)) return;
  }
  pp_gc_track(interpreter, dict);
  PP_ENSURE(interpreter->witness, DICT_15, pp_gc_is_tracked(interpreter, dict));
}

static bool add(struct pp_interpreter *interpreter, struct pp_object *dict,
                struct pp_entry entry) {
  bool str = is_str(interpreter, entry.key);
  size_t used = pp_dict_length(interpreter, dict);
  struct pp_witness *witness = interpreter->witness;
  if (!prepare(interpreter, dict, str)) return false;
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  size_t count = pp_keys_count(interpreter, keys);
  PP_ENSURE(witness, DICT_12, !pp_keys_are_shared(interpreter, keys));
  PP_ENSURE(witness, DICT_04, pp_keys_usable(interpreter, keys) > 0);
  PP_ENSURE(witness, DICT_01, used <= count);
  PP_ENSURE(witness, DICT_01, pp_dict_length(interpreter, dict) == used);
  if (!str) pp_keys_set_lookup(interpreter, keys, PP_LOOKUP_ANY);
  pp_incref(interpreter, entry.key);
  pp_incref(interpreter, entry.value);
  pp_keys_add(interpreter, keys, entry);
  PP_ENSURE(witness, DICT_07, pp_keys_count(interpreter, keys) == count + 1);
  set_used(interpreter, dict, used + 1);
  pp_dict_track(interpreter, dict, entry.key, entry.value);
  pp_dict_renew(interpreter, dict);
  return true;
}

static void replace(struct pp_interpreter *interpreter, struct pp_object *dict,
                    size_t index, struct pp_object *value) {
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  struct pp_entry entry = pp_keys_entry(interpreter, keys, index);
  struct pp_object *former = entry.value;
  PP_REQUIRE(interpreter->witness, DICT_11, former != NULL);
  PP_REQUIRE(interpreter->witness, DICT_11, entry.key != NULL);
  bool same = former == value && !interpreter->rules->dict_version_of_same;
  entry.value = pp_borrow(interpreter, value);
  pp_keys_set_entry(interpreter, keys, index, entry);
  PP_ENSURE(interpreter->witness, DICT_07,
            pp_keys_entry(interpreter, keys, index).key == entry.key);
  PP_ENSURE(interpreter->witness, REF_01, pp_word_read(former->bytes) > 0);
  pp_dict_track(interpreter, dict, entry.key, value);
  if (!same) pp_dict_renew(interpreter, dict);
  pp_decref(interpreter, former);
}

bool pp_dict_set(struct pp_interpreter *interpreter, struct pp_object *dict,
                 struct pp_object *key, struct pp_object *value) {
  struct pp_entry entry = {.key = key, .value = value};
  if (!pp_object_hash(interpreter, key, &entry.hash)) return false;
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  PP_REQUIRE(interpreter->witness, DICT_01,
             pp_dict_values(interpreter, dict) == NULL);
  struct pp_found found = find(interpreter, keys, key, entry.hash);
  if (found.index >= 0)
    replace(interpreter, dict, (size_t)found.index, value);
  else if (!add(interpreter, dict, entry))
    return false;
  pp_object_touched(interpreter, dict);
  return true;
}

/* ---- to take something out ---- */

bool pp_dict_delete(struct pp_interpreter *interpreter, struct pp_object *dict,
                    struct pp_object *key) {
  int64_t hash;
  if (!pp_object_hash(interpreter, key, &hash)) return false;
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, DICT_01, pp_dict_values(interpreter, dict) == NULL);
  struct pp_found found = find(interpreter, keys, key, hash);
  if (found.index < 0) return false;
  struct pp_entry entry = pp_keys_entry(interpreter, keys, (size_t)found.index);
  PP_ENSURE(witness, DICT_11, entry.value != NULL);
  PP_ENSURE(witness, DICT_01, pp_dict_length(interpreter, dict) > 0);
  struct pp_entry gone = {.hash = entry.hash};
  if (interpreter->rules->keys_by_kind) gone.hash = 0;
  pp_keys_set_index(interpreter, keys, found.slot, PP_SLOT_DUMMY);
  pp_keys_set_entry(interpreter, keys, (size_t)found.index, gone);
  PP_ENSURE(witness, DICT_06,
            pp_keys_index(interpreter, keys, found.slot) == PP_SLOT_DUMMY);
  if (pp_keys_lookup(interpreter, keys) == PP_LOOKUP_STR_CLEAN)
    pp_keys_set_lookup(interpreter, keys, PP_LOOKUP_STR);
  set_used(interpreter, dict, pp_dict_length(interpreter, dict) - 1);
  pp_dict_renew(interpreter, dict);
  pp_object_touched(interpreter, dict);
  pp_decref(interpreter, entry.key);
  pp_decref(interpreter, entry.value);
  return true;
}

void pp_dict_clear(struct pp_interpreter *interpreter, struct pp_object *dict) {
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  struct pp_object **values = pp_dict_values(interpreter, dict);
  if (pp_keys_are_shared(interpreter, keys)) return;
  set_keys(interpreter, dict, pp_empty_keys(interpreter));
  set_used(interpreter, dict, 0);
  pp_dict_renew(interpreter, dict);
  PP_ENSURE(interpreter->witness, DICT_12,
            pp_keys_are_shared(interpreter, pp_dict_keys(interpreter, dict)));
  PP_ENSURE(interpreter->witness, DICT_12,
            pp_dict_values(interpreter, dict) == NULL);
  pp_object_touched(interpreter, dict);
  pp_dict_drop_values(interpreter, keys, values);
  pp_keys_drop(interpreter, keys);
}

void pp_dict_dealloc(struct pp_interpreter *interpreter,
                     struct pp_object *dict) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, REF_06, pp_word_read(dict->bytes) == 0);
  pp_gc_untrack(interpreter, dict);
  PP_ENSURE(witness, GC_01, !pp_gc_is_tracked(interpreter, dict));
  if (!pp_trash_begin(interpreter, dict)) return;
  struct pp_object *keys = pp_dict_keys(interpreter, dict);
  struct pp_object **values = pp_dict_values(interpreter, dict);
  PP_REQUIRE(witness, DICT_12, keys != NULL);
  set_keys(interpreter, dict, NULL);
  set_used(interpreter, dict, 0);
  pp_dict_drop_values(interpreter, keys, values);
  pp_keys_drop(interpreter, keys);
  PP_ENSURE(witness, REF_06, pp_word_read(dict->bytes) == 0);
  PP_ENSURE(witness, DICT_01, pp_dict_length(interpreter, dict) == 0);
  if (!pp_free_list_put(interpreter, PP_FREE_DICT, 0, dict))
    pp_object_free(interpreter, dict);
  pp_trash_end(interpreter);
}
