/* A dict as it is seen: by the collector, by who shows memory, and by its
 * predicate (SPEC.md, DICT). */
#include "reference/objects/dict.h"
#include "reference/objects/hash.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/probe.h"

/* Whether others may have its keys, too. */
static bool has_no_keys(const struct pp_interpreter *interpreter,
                        const struct pp_object *dict) {
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  if (pp_keys_are_shared(interpreter, keys)) return true;
  return pp_field_read(interpreter, keys, PP_FIELD_KEYS_REFCNT) > 1;
}

static size_t size_with_keys(const struct pp_interpreter *interpreter,
                             const struct pp_object *dict) {
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  size_t bytes = PP_DICT_SIZE;
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, DICT_12, keys != NULL);
  if (!has_no_keys(interpreter, dict))
    bytes += pp_keys_bytes(interpreter, keys);
  if (pp_dict_values(interpreter, dict) != NULL)
    bytes += pp_dict_values_bytes(interpreter, keys);
  if (bytes == PP_DICT_SIZE)
    PP_ENSURE(witness, DICT_01, pp_dict_length(interpreter, dict) == 0);
  return bytes;
}

static void traverse_values(const struct pp_interpreter *interpreter,
                            const struct pp_object *dict, pp_visit *visit,
                            void *ctx) {
  struct pp_object *const *values = pp_dict_values(interpreter, dict);
  size_t used = pp_dict_length(interpreter, dict);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_12, values != NULL);
  for (size_t i = 0; i < used; i++) {
    PP_REQUIRE(witness, OBJ_12, values[i] != NULL);
    PP_REQUIRE(witness, REF_01, pp_word_read(values[i]->bytes) > 0);
    if (!visit(ctx, values[i])) return;
  }
}

/* Keys that are str cannot be part of a cycle, and are left out. */
static void traverse(const struct pp_interpreter *interpreter,
                     const struct pp_object *dict, pp_visit *visit, void *ctx) {
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  if (keys == NULL) return;
  if (pp_dict_values(interpreter, dict) != NULL) {
    traverse_values(interpreter, dict, visit, ctx);
    return;
  }
  bool any = pp_keys_lookup(interpreter, keys) == PP_LOOKUP_ANY;
  size_t count = pp_keys_count(interpreter, keys);
  for (size_t i = 0; i < count; i++) {
    struct pp_entry entry = pp_keys_entry(interpreter, keys, i);
    struct pp_witness *witness = interpreter->witness;
    if (entry.value == NULL) continue;
    PP_REQUIRE(witness, DICT_11, entry.key != NULL);
    PP_REQUIRE(witness, REF_01, pp_word_read(entry.value->bytes) > 0);
    if (!visit(ctx, entry.value)) return;
    if (!any) continue;
    if (!visit(ctx, entry.key)) return;
  }
}

/* ---- pieces and fields ---- */

static bool piece(const struct pp_interpreter *interpreter,
                  const struct pp_object *dict, unsigned index,
                  struct pp_piece_info *shown) {
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  if (keys == NULL) return false;
  if (index == 2) {
    const void *values = pp_dict_values(interpreter, dict);
    *shown = (struct pp_piece_info){
        pp_field_texts[PP_FIELD_DICT_VALUES].name, values,
        pp_dict_values_bytes(interpreter, keys), false};
    return values != NULL;
  }
  *shown = (struct pp_piece_info){pp_field_texts[PP_FIELD_DICT_KEYS].name, keys,
                                  pp_keys_bytes(interpreter, keys),
                                  has_no_keys(interpreter, dict)};
  return index == 1;
}

enum { ENTRY_PARTS = 3 /* the first of which some have not */ };

/* Number `index` of the parts of the entries. */
static bool entry_field(const struct pp_interpreter *interpreter,
                        const struct pp_object *keys, unsigned index,
                        struct pp_field_info *shown) {
  static const struct {
    const char *name;
    enum pp_field_shape shape;
  } parts[] = {{"me_hash", PP_SHAPE_HASH},
               {"me_key", PP_SHAPE_OBJECT},
               {"me_value", PP_SHAPE_OBJECT}};
  size_t entry_size = pp_keys_entry_size(interpreter, keys);
  unsigned count = (unsigned)(entry_size / PP_WORD_SIZE);
  unsigned part = index % count + (ENTRY_PARTS - count);
  size_t room = pp_keys_room(pp_keys_size(interpreter, keys));
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, DICT_10, entry_size % PP_WORD_SIZE == 0);
  PP_REQUIRE(witness, DICT_10, count <= ENTRY_PARTS);
  if (index / count >= room) return false;
  size_t offset = interpreter->rules->keys_header +
                  pp_keys_index_bytes(interpreter, keys) +
                  (size_t)index * PP_WORD_SIZE;
  PP_ENSURE(witness, OBJ_03, offset < pp_keys_bytes(interpreter, keys));
  *shown = (struct pp_field_info){parts[part].name, parts[part].shape,
                                  (int)offset, PP_WORD_SIZE};
  return true;
}

static bool keys_field(const struct pp_interpreter *interpreter,
                       const struct pp_object *keys, unsigned index,
                       struct pp_field_info *shown) {
  static const enum pp_field header[] = {
      PP_FIELD_KEYS_REFCNT,           PP_FIELD_KEYS_SIZE,
      PP_FIELD_KEYS_LOOKUP,           PP_FIELD_KEYS_LOG2_SIZE,
      PP_FIELD_KEYS_LOG2_INDEX_BYTES, PP_FIELD_KEYS_KIND,
      PP_FIELD_KEYS_PADDING,          PP_FIELD_KEYS_VERSION,
      PP_FIELD_KEYS_USABLE,           PP_FIELD_KEYS_NENTRIES};
  if (keys == NULL) return false;
  if (pp_fields_show(interpreter, header, sizeof header / sizeof header[0],
                     &index, 0, shown))
    return true;
  if (index > 0) return entry_field(interpreter, keys, index - 1, shown);
  *shown = (struct pp_field_info){"dk_indices", PP_SHAPE_BYTES,
                                  interpreter->rules->keys_header,
                                  pp_keys_index_bytes(interpreter, keys)};
  return true;
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *dict, unsigned piece_index,
                  unsigned index, struct pp_field_info *shown) {
  static const enum pp_field fields[] = {
      PP_FIELD_DICT_USED, PP_FIELD_DICT_VERSION, PP_FIELD_DICT_KEYS,
      PP_FIELD_DICT_VALUES};
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  if (piece_index > 2) return false;
  if (piece_index == 2) {
    *shown = (struct pp_field_info){"", PP_SHAPE_OBJECTS, 0,
                                    pp_dict_values_bytes(interpreter, keys)};
    return index == 0 && pp_dict_values(interpreter, dict) != NULL;
  }
  if (piece_index == 1) return keys_field(interpreter, keys, index, shown);
  return pp_fields_show(interpreter, fields, sizeof fields / sizeof fields[0],
                        &index, 0, shown);
}

/* ---- the predicate ---- */

static enum pp_clause check_header(const struct pp_interpreter *interpreter,
                                   const struct pp_object *keys) {
  struct pp_witness *witness = interpreter->witness;
  size_t size = pp_keys_size(interpreter, keys);
  size_t usable = pp_keys_usable(interpreter, keys);
  size_t count = pp_keys_count(interpreter, keys);
  size_t room = pp_keys_room(size);
  PP_FACT(witness, DICT_10, pp_keys_lookup(interpreter, keys) < PP_LOOKUPS);
  PP_FACT(witness, DICT_03, (size & (size - 1)) == 0);
  if (pp_keys_are_shared(interpreter, keys)) {
    PP_FACT(witness, DICT_12, size == 1);
    PP_FACT(witness, DICT_12, count == 0);
    PP_FACT(witness, DICT_12, usable == 0);
    if (!interpreter->rules->keys_by_kind)
      PP_FACT(witness, DICT_12,
              pp_keys_lookup(interpreter, keys) == PP_LOOKUP_NONE);
    PP_FACT(witness, DICT_12, pp_keys_index(interpreter, keys, 0) < 0);
    return PP_HOLDS;
  }
  PP_FACT(witness, DICT_03, size >= PP_KEYS_SMALLEST);
  PP_FACT(witness, DICT_04, usable <= room);
  PP_FACT(witness, DICT_04, usable + count == room);
  PP_FACT(witness, REF_01,
          pp_field_read(interpreter, keys, PP_FIELD_KEYS_REFCNT) > 0);
  return PP_HOLDS;
}

/* Each slot leads to an entry that lives, or to none; so many do. */
static enum pp_clause check_slots(const struct pp_interpreter *interpreter,
                                  const struct pp_object *keys, size_t used) {
  int64_t count = (int64_t)pp_keys_count(interpreter, keys);
  size_t slots = pp_keys_size(interpreter, keys);
  size_t live = 0, empty = 0;
  for (size_t slot = 0; slot < slots; slot++) {
    int64_t index = pp_keys_index(interpreter, keys, slot);
    PP_FACT(interpreter->witness, DICT_06, index >= PP_SLOT_DUMMY);
    PP_FACT(interpreter->witness, DICT_06, index < count);
    empty += index == PP_SLOT_EMPTY;
    if (index < 0) continue;
    struct pp_entry entry = pp_keys_entry(interpreter, keys, (size_t)index);
    PP_FACT(interpreter->witness, DICT_06, entry.key != NULL);
    live++;
  }
  PP_FACT(interpreter->witness, DICT_06, live == used);
  PP_FACT(interpreter->witness, DICT_06, slots - empty <= (size_t)count);
  /* Or a search for what is not there would have no end. */
  PP_FACT(interpreter->witness, DICT_04, empty > 0);
  return PP_HOLDS;
}

/* The slot of an entry is on the way of its hash. */
static bool is_reached(const struct pp_interpreter *interpreter,
                       const struct pp_object *keys, int64_t hash,
                       size_t index) {
  struct pp_probe probe = pp_probe_begin(interpreter->witness,
                                         pp_keys_size(interpreter, keys), hash);
  size_t steps = pp_keys_size(interpreter, keys) + PP_PROBE_MIXED;
  for (; steps > 0; steps--) {
    int64_t seen = pp_keys_index(interpreter, keys, probe.slot);
    PP_REQUIRE(interpreter->witness, DICT_06, seen >= PP_SLOT_DUMMY);
    if (seen == (int64_t)index) return true;
    if (seen == PP_SLOT_EMPTY) return false;
    pp_probe_next(&probe);
  }
  return false;
}

static enum pp_clause check_entries(const struct pp_interpreter *interpreter,
                                    const struct pp_object *keys, size_t used) {
  struct pp_witness *witness = interpreter->witness;
  size_t count = pp_keys_count(interpreter, keys);
  bool any = pp_keys_lookup(interpreter, keys) == PP_LOOKUP_ANY;
  size_t live = 0;
  for (size_t i = 0; i < count; i++) {
    struct pp_entry entry = pp_keys_entry(interpreter, keys, i);
    PP_FACT(witness, DICT_11, (entry.key == NULL) == (entry.value == NULL));
    if (entry.key == NULL) continue;
    live++;
    PP_FACT(witness, OBJ_01, pp_type_known(entry.key) != NULL);
    PP_FACT(witness, REF_01, pp_word_read(entry.key->bytes) > 0);
    PP_FACT(witness, OBJ_01, pp_type_known(entry.value) != NULL);
    PP_FACT(witness, REF_01, pp_word_read(entry.value->bytes) > 0);
    if (!any)
      PP_FACT(witness, DICT_10, pp_is(interpreter, entry.key, PP_TYPE_STR));
    int64_t hash;
    bool hashed = pp_object_hash_anew(interpreter, entry.key, &hash);
    PP_FACT(witness, DICT_16, hashed);
    PP_FACT(witness, DICT_16, entry.hash == hash);
  }
  PP_FACT(witness, DICT_01, live == used);
  return PP_HOLDS;
}

static enum pp_clause check_ways(const struct pp_interpreter *interpreter,
                                 const struct pp_object *keys) {
  size_t count = pp_keys_count(interpreter, keys);
  for (size_t i = 0; i < count; i++) {
    struct pp_entry entry = pp_keys_entry(interpreter, keys, i);
    if (entry.key == NULL) continue;
    PP_FACT(interpreter->witness, HASH_01, entry.hash != -1);
    PP_FACT(interpreter->witness, DICT_05,
            is_reached(interpreter, keys, entry.hash, i));
  }
  return PP_HOLDS;
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *dict) {
  const struct pp_object *keys = pp_dict_keys(interpreter, dict);
  size_t used = pp_dict_length(interpreter, dict);
  PP_FACT(interpreter->witness, DICT_12, keys != NULL);
  PP_PART(check_header(interpreter, keys));
  PP_FACT(interpreter->witness, DICT_01,
          used <= pp_keys_count(interpreter, keys));
  if (pp_keys_are_shared(interpreter, keys)) return PP_HOLDS;
  if (pp_dict_values(interpreter, dict) != NULL)
    return pp_dict_check_values(interpreter, dict);
  PP_PART(check_entries(interpreter, keys, used));
  PP_PART(check_slots(interpreter, keys, used));
  return check_ways(interpreter, keys);
}

const struct pp_type pp_dict_type = {
    .id = PP_TYPE_DICT,
    .name = "dict",
    .fixed_size = PP_DICT_SIZE,
    .dealloc = pp_dict_dealloc,
    .traverse = traverse,
    .clear = pp_dict_clear,
    .getsizeof = size_with_keys,
    .length = pp_dict_length,
    .piece = piece,
    .field = field,
    .check = check,
};
